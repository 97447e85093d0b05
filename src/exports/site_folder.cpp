#include "exports/site_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <set>
#include <utility>
#include <vector>

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

// The mark of an export: its kind, then the names at its top that it wrote, a line each.
std::vector<std::string> mark_of(const fs::path& place) {
  std::ifstream file(place / kMark);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool is_export(const fs::path& place, std::string_view what) {
  const std::vector<std::string> mark = mark_of(place);
  return !mark.empty() && mark.front() == what;
}

// What an export left that was stopped: its process is gone.
void remove_stale(const fs::path& growing_start) {
  std::error_code error;
  const std::string start = growing_start.filename().string();
  for (const fs::directory_entry& entry : fs::directory_iterator(growing_start.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    pid_t process = 0;
    if (!name.starts_with(start)) continue;
    const auto [end, failed] = std::from_chars(name.data() + start.size(), name.data() + name.size(), process);
    if (failed != std::errc() || end != name.data() + name.size() || process <= 0) continue;
    if (process == ::getpid() || (::kill(process, 0) != 0 && errno == ESRCH)) fs::remove_all(entry.path(), error);
  }
}

}  // namespace

Result<SiteFolder> SiteFolder::open(const fs::path& place, std::string_view what, bool replace) {
  std::error_code error;
  fs::path whole = fs::weakly_canonical(fs::absolute(place, error), error);
  if (!whole.has_filename()) whole = whole.parent_path();
  const bool free = !fs::exists(whole, error) || (fs::is_directory(whole, error) && fs::is_empty(whole, error));
  if (!free && (!replace || !is_export(whole, what))) {
    const char* why =
        is_export(whole, what) ? "; --replace puts the new one in its place" : ", and no such export made it";
    return base::fail(ErrorCode::conflict, fmt::format("{} is there already{}.", whole.string(), why));
  }
  fs::path growing = whole;
  growing += ".new-";
  fs::create_directories(whole.parent_path(), error);
  remove_stale(growing);
  growing += std::to_string(::getpid());
  if (!fs::create_directory(growing, error)) {
    errno = error.value();
    return base::fail(failed("cannot be made", growing));
  }
  SiteFolder folder(std::move(whole), std::string(what), !free);
  folder.growing_ = std::move(growing);
  return folder;
}

SiteFolder::SiteFolder(SiteFolder&& other) noexcept
    : place_(std::move(other.place_)),
      what_(std::move(other.what_)),
      replaces_(other.replaces_),
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

// Everything at the top of the old export that it had not written goes over to the new one.
Result<> SiteFolder::keep_what_others_put_there(const fs::path& old) const {
  const std::vector<std::string> mark = mark_of(old);
  const std::set<std::string> written(mark.begin() + (mark.empty() ? 0 : 1), mark.end());
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(old, error)) {
    const std::string name = entry.path().filename().string();
    if (name == kMark || written.contains(name) || fs::exists(place_ / name, error)) continue;
    if (::rename(entry.path().c_str(), (place_ / name).c_str()) != 0)
      return base::fail(failed("cannot be kept", entry.path()));
  }
  return {};
}

Result<> SiteFolder::finish() {
  std::error_code error;
  std::set<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(growing_, error))
    names.insert(entry.path().filename().string());
  std::string mark = what_ + '\n';
  for (const std::string& name : names) mark += name + '\n';
  if (auto marked = write(std::string(kMark), mark); !marked) return marked;
  if (const int descriptor = ::open(growing_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); descriptor >= 0) {
    (void)::syncfs(descriptor);
    (void)::close(descriptor);
  }
  if (!replaces_) {
    // Takes the place of nothing, or of an empty folder.
    if (::rename(growing_.c_str(), place_.c_str()) != 0) return base::fail(failed("cannot be made", place_));
    growing_.clear();
    return {};
  }
  if (!is_export(place_, what_)) {
    return base::fail(ErrorCode::conflict,
                      fmt::format("{} is not what it was when the export began; it stays.", place_.string()));
  }
  if (::renameat2(AT_FDCWD, growing_.c_str(), AT_FDCWD, place_.c_str(), RENAME_EXCHANGE) != 0)
    return base::fail(failed("cannot be replaced", place_));
  const fs::path old = std::exchange(growing_, {});
  if (auto kept = keep_what_others_put_there(old); !kept) return kept;
  fs::remove_all(old, error);
  return {};
}

}  // namespace armarium::exports
