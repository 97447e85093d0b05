#include "source/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/timing.h"
#include "source/beneath.h"

namespace armarium::source {
namespace {

using base::ErrorCode;
using base::fail;

base::Version version_of(const struct stat& status) {
  return {fmt::format("{}-{}.{:09}-{}", status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ino)};
}

class File final : public base::ByteSource {
 public:
  File(FileDescriptor descriptor, const struct stat& status)
      : descriptor_(std::move(descriptor)),
        size_(static_cast<std::uint64_t>(status.st_size)),
        version_(version_of(status)) {}

  std::uint64_t size() const override { return size_; }
  const base::Version& version() const override { return version_; }
  std::optional<int> descriptor() const override { return descriptor_.get(); }

  // What the page cache holds, by RWF_NOWAIT. A short read means that the rest is not there.
  bool read_now(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (offset > size_ || out.size() > size_ - offset) return false;
    const base::ReadTimer timer(out.size());
    iovec part{out.data(), out.size()};
    const ssize_t count = ::preadv2(descriptor_.get(), &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
    return count >= 0 && static_cast<std::size_t>(count) == out.size();
  }

  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (offset > size_ || out.size() > size_ - offset) return ended();
    const base::ReadTimer timer(out.size());
    while (!out.empty()) {
      const ssize_t count = ::pread(descriptor_.get(), out.data(), out.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fail(ErrorCode::io, "The file could not be read.", std::strerror(errno));
      if (count == 0) return ended();
      out = out.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
    return {};
  }

 private:
  static tl::unexpected<base::Error> ended() {
    return fail(ErrorCode::corrupt, "The file ends before its content does.");
  }

  FileDescriptor descriptor_;
  std::uint64_t size_;
  base::Version version_;
};

struct Opened {
  FileDescriptor descriptor;
  struct stat status;
};

base::Result<Opened> open_regular(int root, std::string_view path, int flags) {
  if (path.empty() || path.find('\0') != std::string_view::npos)
    return fail(ErrorCode::not_found, "There is no such file.");
  const std::string name(path);
  auto descriptor = open_beneath(root, name, flags);
  if (!descriptor) return fail(std::move(descriptor.error()));
  Opened opened{std::move(*descriptor), {}};
  if (::fstat(opened.descriptor.get(), &opened.status) != 0) {
    return fail(ErrorCode::io, "The file could not be read.", fmt::format("{}: {}", name, std::strerror(errno)));
  }
  if (!S_ISREG(opened.status.st_mode)) return fail(ErrorCode::not_found, "There is no such file.", name);
  return opened;
}

}  // namespace

base::Result<std::unique_ptr<FileSystem>> FileSystem::open_root(const std::filesystem::path& root) {
  FileDescriptor descriptor(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor) {
    return fail(ErrorCode::not_found, "The folder cannot be opened.",
                fmt::format("{}: {}", root.string(), std::strerror(errno)));
  }
  return std::unique_ptr<FileSystem>(new FileSystem(std::move(descriptor)));
}

base::Result<std::shared_ptr<const base::ByteSource>> FileSystem::open(std::string_view path) const {
  // O_NONBLOCK: a named pipe must not hold a thread.
  auto opened = open_regular(root_.get(), path, O_RDONLY | O_NONBLOCK);
  if (!opened) return fail(std::move(opened.error()));
  return std::make_shared<File>(std::move(opened->descriptor), opened->status);
}

base::Result<base::Version> FileSystem::version(std::string_view path) const {
  auto opened = open_regular(root_.get(), path, O_PATH);
  if (!opened) return fail(std::move(opened.error()));
  return version_of(opened->status);
}

}  // namespace armarium::source
