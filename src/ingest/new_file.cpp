#include "ingest/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace armarium::ingest {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return number_; }

 private:
  int number_;
};

tl::unexpected<base::Error> failed(const std::filesystem::path& path) {
  const int number = errno;
  const auto code = number == ENOSPC || number == EDQUOT ? base::ErrorCode::storage_full : base::ErrorCode::io;
  return base::fail(code, fmt::format("The file cannot be written: {}.", std::strerror(number)), path.string());
}

base::Result<> sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) return failed(folder);
  return {};
}

}  // namespace

base::Result<> replace_file(const std::filesystem::path& path, std::string_view content) {
  // Hidden, so that no scan takes it for anything.
  const std::filesystem::path unfinished = path.parent_path() / ("." + path.filename().string() + ".new");
  {
    const Descriptor file(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (file.get() < 0) return failed(path);
    while (!content.empty()) {
      const ::ssize_t written = ::write(file.get(), content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed(path);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.get()) != 0) return failed(path);
  }
  if (::rename(unfinished.c_str(), path.c_str()) != 0) return failed(path);
  return sync_folder(path.parent_path());
}

base::Result<> remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed(path);
  return sync_folder(path.parent_path());
}

}  // namespace armarium::ingest
