#include "source/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

#include <fmt/format.h>

namespace armarium::source {
namespace {

using base::ErrorCode;
using base::fail;

tl::unexpected<base::Error> refused(int error, const std::string& path) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG: return fail(ErrorCode::not_found, "There is no such file.", path);
    case EXDEV:
    case EACCES:
    case EPERM: return fail(ErrorCode::forbidden, "The file may not be read.", path);
    default:
      return fail(ErrorCode::io, "The file could not be opened.", fmt::format("{}: {}", path, std::strerror(error)));
  }
}

std::string place_of(int descriptor) {
  std::array<char, PATH_MAX> target{};
  const std::string link = fmt::format("/proc/self/fd/{}", descriptor);
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : std::string();
}

}  // namespace

base::Result<FileDescriptor> open_and_check(int root, const std::string& path, int flags) {
  if (path.empty() || path.front() == '/') return refused(EXDEV, path);
  FileDescriptor file(::openat(root, path.c_str(), flags | O_CLOEXEC));
  if (!file) return refused(errno, path);
  std::string folder = place_of(root);
  if (folder.empty()) return fail(ErrorCode::io, "The file could not be opened.", "/proc is not there");
  if (folder.back() != '/') folder += '/';
  if (!place_of(file.get()).starts_with(folder)) return refused(EXDEV, path);
  return file;
}

base::Result<FileDescriptor> open_beneath(int root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  FileDescriptor file(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
  if (file) return file;
  // EXDEV is also what an absolute link gives that leads back into the folder, EAGAIN a rename that happens meanwhile.
  const bool try_otherwise = errno == ENOSYS || errno == EPERM || errno == EXDEV || errno == EAGAIN;
  if (try_otherwise) return open_and_check(root, path, flags);
  return refused(errno, path);
}

}  // namespace armarium::source
