#include "exports/site_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace armarium::exports {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

constexpr std::string_view kMark = ".armarium-export";
constexpr std::size_t kPiece = std::size_t{1} << 20;

base::Error failed(std::string_view what, const fs::path& path) {
  const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::storage_full : ErrorCode::io;
  return {code, fmt::format("{} {}: {}.", path.string(), what, std::strerror(errno)), {}};
}

// A new file; closed, and taken away unless it was kept.
class NewFile {
 public:
  explicit NewFile(fs::path path)
      : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  bool open() const noexcept { return descriptor_ >= 0; }
  const fs::path& path() const noexcept { return path_; }

  Result<> write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return base::fail(failed("cannot be written", path_));
      bytes.remove_prefix(static_cast<std::size_t>(written));
      size_ += static_cast<std::uint64_t>(written);
    }
    return {};
  }
  Result<std::uint64_t> keep() {
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) return base::fail(failed("cannot be written", path_));
    return size_;
  }

 private:
  fs::path path_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

Result<> write_slice(const http::FileSlice& slice, NewFile& file) {
  base::Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(slice.range.length, kPiece)));
  for (std::uint64_t at = 0; at < slice.range.length;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(slice.range.length - at, kPiece));
    if (auto read = slice.source->read(slice.range.offset + at, {piece.data(), count}); !read) return read;
    if (auto written = file.write(base::as_text({piece.data(), count})); !written) return written;
    at += count;
  }
  return {};
}

Result<> write_body(http::Body& body, NewFile& file) {
  if (const auto* text = std::get_if<std::string>(&body)) return file.write(*text);
  if (const auto* bytes = std::get_if<base::SharedBytes>(&body))
    return *bytes ? file.write(base::as_text(**bytes)) : Result<>();
  if (const auto* slice = std::get_if<http::FileSlice>(&body)) return write_slice(*slice, file);
  const auto* producer = std::get_if<std::unique_ptr<http::BodyProducer>>(&body);
  if (producer == nullptr || *producer == nullptr) return {};
  for (bool more = true; more;) {
    std::string piece;
    const auto pulled = (*producer)->pull(piece);
    if (!pulled) return base::fail(pulled.error());
    if (auto written = file.write(piece); !written) return written;
    more = *pulled;
  }
  return {};
}

template <class Write>
Result<std::uint64_t> write_new(const fs::path& path, Write write) {
  std::error_code ignored;
  fs::create_directories(path.parent_path(), ignored);
  NewFile file(path);
  if (!file.open() && errno == EEXIST)
    return base::fail(ErrorCode::conflict, "Another address of the site has the same file.");
  if (!file.open()) return base::fail(failed("cannot be made", path));
  if (auto written = write(file); !written) return base::fail(std::move(written.error()));
  return file.keep();
}

}  // namespace

Result<SiteFolder> SiteFolder::open(const fs::path& place, bool replace) {
  std::error_code error;
  fs::path whole = fs::absolute(place, error).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  if (fs::exists(whole, error) && !(fs::is_directory(whole, error) && fs::is_empty(whole, error))) {
    const bool ours = fs::is_regular_file(whole / kMark, error);
    if (!replace || !ours) {
      return base::fail(ErrorCode::conflict,
                        fmt::format("{} is there already{}.", whole.string(),
                                    ours ? "; --replace puts the new site in its place" : ", and no export made it"));
    }
  }
  fs::path growing = whole;
  growing += fmt::format(".new-{}", ::getpid());
  fs::remove_all(growing, error);
  if (!fs::create_directories(growing, error)) {
    errno = error.value();
    return base::fail(failed("cannot be made", growing));
  }
  SiteFolder folder(std::move(whole), std::move(growing));
  if (auto marked = folder.write(std::string(kMark), ""); !marked) return base::fail(std::move(marked.error()));
  return folder;
}

SiteFolder::SiteFolder(SiteFolder&& other) noexcept
    : place_(std::move(other.place_)),
      growing_(std::exchange(other.growing_, {})),
      files_(other.files_.load()),
      bytes_(other.bytes_.load()) {}

SiteFolder::~SiteFolder() {
  std::error_code ignored;
  if (!growing_.empty()) fs::remove_all(growing_, ignored);
}

Result<> SiteFolder::write(const std::string& file, std::string_view bytes) {
  auto written = write_new(growing_ / file, [&](NewFile& out) { return out.write(bytes); });
  if (!written) return base::fail(std::move(written.error()));
  ++files_;
  bytes_ += *written;
  return {};
}

Result<> SiteFolder::write(const std::string& file, http::Body& body) {
  auto written = write_new(growing_ / file, [&](NewFile& out) { return write_body(body, out); });
  if (!written) return base::fail(std::move(written.error()));
  ++files_;
  bytes_ += *written;
  return {};
}

Result<> SiteFolder::finish() {
  std::error_code ignored;
  if (!fs::exists(place_, ignored)) {
    if (::rename(growing_.c_str(), place_.c_str()) != 0) return base::fail(failed("cannot be made", place_));
  } else {
    if (::renameat2(AT_FDCWD, growing_.c_str(), AT_FDCWD, place_.c_str(), RENAME_EXCHANGE) != 0)
      return base::fail(failed("cannot be replaced", place_));
    fs::remove_all(growing_, ignored);  // what was there before
  }
  growing_.clear();
  return {};
}

}  // namespace armarium::exports
