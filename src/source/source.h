#pragma once
// Where the bytes of originals are: opens an object by its path below the root and says which version it is. Local files now; HTTP and S3 later behind the
// same interface. Never leaves the root (symbolic links are followed inside it only). Thread-safe.

#include <memory>
#include <string_view>

#include "base/byte_source.h"

namespace armarium::source {

class Source {
 public:
  virtual ~Source() = default;
  // `path` is relative, "/"-separated, UTF-8 or raw bytes as the file system has them. not_found, io, forbidden (leaves the root).
  virtual base::Result<std::shared_ptr<const base::ByteSource>> open(std::string_view path) const = 0;
  // The version without opening: not_found when it has gone.
  virtual base::Result<base::Version> version(std::string_view path) const = 0;
};

}  // namespace armarium::source
