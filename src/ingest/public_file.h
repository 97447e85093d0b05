#pragma once
// A file as everybody may have it: of what is embedded, nothing that the documents would not say. JPEG, PNG, WebP and GIF are given without their metadata (the orientation
// stays); others as they are, or not at all where they tell of places, serial numbers or persons. Remembers what it worked out, unless a read failed. Thread-safe; blocks on the disk.

#include <mutex>
#include <string>
#include <unordered_map>

#include "base/spliced_source.h"

namespace armarium::ingest {

class PublicFiles {
 public:
  // `file` is what lies at `path`; what comes back is it, or a view of it of another version and size. forbidden with a sentence that says what would help;
  // io and the like when it could not be read this time.
  base::Result<std::shared_ptr<const base::ByteSource>> open(std::shared_ptr<const base::ByteSource> file,
                                                             const std::string& path);

 private:
  struct Known {
    std::string version;
    bool withheld = false;
    std::vector<base::Splice> pieces;  // none: the file as it is
  };
  static base::Result<Known> judge(const base::ByteSource& source);
  std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;  // by path
};

}  // namespace armarium::ingest
