#pragma once
// Pictures whose headers were read, with the file they were read from. An entry is trusted for a second, then its file's version is looked up again. Files that
// cannot be read are remembered, too, until they change. Thread-safe; blocks on the source.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "base/byte_lru.h"
#include "cache/single_flight.h"
#include "codec/picture.h"
#include "source/source.h"

namespace armarium::pipeline {

struct OpenedPicture {
  std::shared_ptr<const codec::Picture> picture;
  std::shared_ptr<const base::ByteSource> file;
  std::string version;
};
using OpenedPicturePtr = std::shared_ptr<const OpenedPicture>;

class OpenedPictures {
 public:
  OpenedPictures(const source::Source& source, codec::Limits limits, std::uint64_t max_bytes);

  // `known` is the version that the caller knows of (may be empty): where it is not the one kept, the file is looked at again.
  base::Result<OpenedPicturePtr> get(const std::string& path, const std::string& known,
                                     const base::CancelToken& cancel);
  // As get, from memory only: null when the file has to be looked at. Never blocks. Tells until when it need not be looked at again, where that is asked.
  OpenedPicturePtr find(const std::string& path, const std::string& known,
                        std::chrono::steady_clock::time_point* until = nullptr);
  // The version of the file as it is now; opens nothing.
  base::Result<std::string> version(const std::string& path, const std::string& known);

 private:
  struct Entry {
    std::string version;
    base::Result<OpenedPicturePtr> opened;
    mutable std::atomic<std::int64_t> checked_at;  // milliseconds of the steady clock
  };
  using EntryPtr = std::shared_ptr<const Entry>;

  // The entry of `path` when it is known to be that of the file as it is; null when there is none.
  base::Result<EntryPtr> current(const std::string& path, const std::string& known);
  base::Result<OpenedPicturePtr> open(const std::string& path, const std::string& known);

  const source::Source& source_;
  codec::Limits limits_;
  base::ByteLru<Entry> entries_;
  cache::SingleFlight<OpenedPicturePtr> flights_;
};

}  // namespace armarium::pipeline
