#pragma once
// Files below one folder. A version is size, modification time in nanoseconds and inode. Opened by openat2(RESOLVE_BENEATH), so that no name and no
// link leaves the folder; read by pread, never mapped. Thread-safe.

#include <filesystem>

#include "source/file_descriptor.h"
#include "source/source.h"

namespace armarium::source {

class FileSystem final : public Source {
 public:
  // `root` must exist.
  static base::Result<std::unique_ptr<FileSystem>> open_root(const std::filesystem::path& root);
  // Regular files only; anything else is not_found.
  base::Result<std::shared_ptr<const base::ByteSource>> open(std::string_view path) const override;
  base::Result<base::Version> version(std::string_view path) const override;
  int root_descriptor() const noexcept { return root_.get(); }

 private:
  explicit FileSystem(FileDescriptor root) : root_(std::move(root)) {}
  FileDescriptor root_;
};

}  // namespace armarium::source
