#pragma once
// One tar file (POSIX ustar) written and read front to back, entries of any size, each with its hash. Belongs to one thread. What is read is not trusted: lengths are
// checked before anything is allocated. Errors: io, storage_full; corrupt for what is no such file.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"

namespace armarium::store::backup {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct Written {
  std::uint64_t bytes = 0;
  std::string hash{};
};

class TarWriter {
 public:
  // Readable by its owner alone.
  static base::Result<std::unique_ptr<TarWriter>> create(const std::filesystem::path& path);
  base::Result<> begin(std::string_view name);
  base::Result<> append(std::string_view bytes);
  base::Result<Written> end();
  // The end of the archive; it is on the disk then.
  base::Result<> finish();

 private:
  explicit TarWriter(File file) : file_(std::move(file)) {}
  File file_;
  std::string name_;
  long header_at_ = 0;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<base::Hasher> hasher_;
};

class TarReader {
 public:
  static base::Result<std::unique_ptr<TarReader>> open(const std::filesystem::path& path);
  // The next entry's name; nothing at the end of the archive. What is left of the entry before is read, so that its hash is whole.
  base::Result<std::optional<std::string>> next();
  // A piece of the entry, empty at its end.
  base::Result<std::string_view> piece();
  // The next line without its end; nothing after the last. corrupt when it is longer than 64 MB.
  base::Result<std::optional<std::string>> line();
  // All of an entry that may not be larger than `most`.
  base::Result<std::string> whole(std::size_t most);
  // Of the entry that was read to its end.
  Written read() const { return {size_, hasher_->hex()}; }

 private:
  explicit TarReader(File file) : file_(std::move(file)) {}
  File file_;
  std::uint64_t size_ = 0;
  std::uint64_t left_ = 0;
  std::string buffer_;
  std::string rest_;  // of the last piece, for line()
  std::unique_ptr<base::Hasher> hasher_ = std::make_unique<base::Hasher>();
};

}  // namespace armarium::store::backup
