#pragma once
// Derived files by key, on disk, bounded in bytes: the least recently used goes first. What is here can be made again, so the folder may be deleted at any time. A blob is there whole or not at all:
// written under another name, synced, renamed. One blob takes at most half of the budget. Thread-safe; `has` touches memory
// only, everything else may block.

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/byte_sink.h"

namespace armarium::cache {

class BlobStore {
 public:
  // A blob on its way; gone without a trace unless it is committed.
  class Writer : public base::ByteSink {
   public:
    virtual base::Result<> commit() = 0;
  };

  // Makes the folder, removes what was left half-written, and finds what is there. io when that cannot be done.
  static base::Result<std::unique_ptr<BlobStore>> open(std::filesystem::path folder, std::uint64_t max_bytes);

  ~BlobStore();
  BlobStore(const BlobStore&) = delete;
  BlobStore& operator=(const BlobStore&) = delete;

  // `key` is letters and digits, at least three.
  base::Result<std::unique_ptr<Writer>> write(const std::string& key);
  // Whether it is there; counts as a use.
  bool has(std::string_view key);
  void remove(std::string_view key);
  std::uint64_t bytes() const;
  std::size_t count() const;

  // The file of a key, below folder().
  static std::string path_of(std::string_view key);
  const std::filesystem::path& folder() const noexcept { return folder_; }

 private:
  class FileWriter;
  struct Blob {
    std::string key;
    std::uint64_t size = 0;
    std::int64_t noted = 0;  // when its use was last written to the disk, in seconds
  };
  using Blobs = std::list<Blob>;  // the last used first

  BlobStore(std::filesystem::path folder, std::uint64_t max_bytes)
      : folder_(std::move(folder)), max_bytes_(max_bytes) {}
  void add(std::string key, std::uint64_t size, std::int64_t used);
  void keep_within();
  void note_uses();

  std::filesystem::path folder_;
  std::uint64_t max_bytes_;
  mutable std::mutex mutex_;
  Blobs blobs_;
  std::unordered_map<std::string_view, Blobs::iterator> index_;  // keys live in blobs_
  std::uint64_t bytes_ = 0;
  std::vector<std::string> used_;  // whose use is to be written to the disk
};

}  // namespace armarium::cache
