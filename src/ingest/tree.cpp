#include "ingest/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "ingest/identifiers.h"
#include "ingest/new_file.h"
#include "source/beneath.h"
#include "store/state_folder.h"

namespace armarium::ingest {
namespace {

using Descriptor = source::FileDescriptor;

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

// As the source of the pictures opens them: links are followed inside FOLDER only. errno says why there is no descriptor.
Descriptor open_below(int root, std::string_view path, int flags) {
  const std::string name = path.empty() ? "." : std::string(path);
  if (name.find('\0') != std::string::npos) {
    errno = ENOENT;
    return Descriptor(-1);
  }
  if ((flags & O_PATH) == 0) flags |= O_NONBLOCK;  // a pipe must not stop us; O_PATH takes no such flag
  auto opened = source::open_beneath(root, name, flags);
  if (opened) return std::move(*opened);
  errno = opened.error().code == base::ErrorCode::io ? EIO : ENOENT;
  return Descriptor(-1);
}

tl::unexpected<base::Error> system_error(std::string_view what) {
  const int number = errno;
  const bool absent =
      number == ENOENT || number == ENOTDIR || number == ELOOP || number == EXDEV || number == ENAMETOOLONG;
  return base::fail(absent ? base::ErrorCode::not_found : base::ErrorCode::io,
                    absent ? "There is no such file or folder." : "The folder cannot be read at the moment.",
                    fmt::format("{}: {}", what, std::strerror(number)));
}

void fill(Entry& entry, const struct stat& found) {
  entry.is_folder = S_ISDIR(found.st_mode);
  entry.size = static_cast<std::uint64_t>(found.st_size);
  entry.modified = std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
  entry.inode = found.st_ino;
}

}  // namespace

std::string Entry::token() const { return fmt::format("{:x}-{:x}-{:x}", size, modified, inode); }

base::Result<std::unique_ptr<Tree>> Tree::open(const std::filesystem::path& root) {
  const int descriptor = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return base::fail(base::ErrorCode::not_found,
                      fmt::format("The folder {} cannot be opened: {}.", root.string(), std::strerror(errno)));
  }
  return std::unique_ptr<Tree>(new Tree(descriptor, std::filesystem::absolute(root).lexically_normal()));
}

Tree::~Tree() { ::close(root_); }

base::Result<Entry> Tree::look(std::string_view path) const {
  const Descriptor file = open_below(root_, path, O_PATH);
  struct stat found {};
  if (!file || ::fstat(file.get(), &found) != 0) return system_error("look");
  Entry entry;
  entry.name = name_of(path);
  fill(entry, found);
  return entry;
}

bool Tree::holds_anything(std::string_view path) const {
  Descriptor folder = open_below(root_, path, O_RDONLY | O_DIRECTORY);
  if (!folder) return false;
  const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(folder.release()));
  if (!directory) return false;
  while (const dirent* item = ::readdir(directory.get())) {
    const std::string_view name = item->d_name;
    if (name != "." && name != "..") return true;
  }
  return false;
}

bool Tree::has_name(std::string_view path) const {
  const Descriptor folder = open_below(root_, parent_of(path), O_PATH | O_DIRECTORY);
  struct stat found {};
  const std::string name(name_of(path));
  return folder && ::fstatat(folder.get(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0;
}

// A link to a folder that holds it would never end.
bool Tree::leads_to_ancestor(std::string_view folder, std::uint64_t inode) const {
  for (std::string_view up = folder;; up = parent_of(up)) {
    const auto entry = look(up);
    if (entry && entry->inode == inode) return true;
    if (up.empty()) return false;
  }
}

base::Result<Listing> Tree::list(std::string_view path) const {
  Descriptor folder = open_below(root_, path, O_RDONLY | O_DIRECTORY);
  struct stat found {};
  if (!folder || ::fstat(folder.get(), &found) != 0) return system_error("list");
  Listing listing;
  Entry self;
  fill(self, found);
  listing.inode = self.inode;
  listing.modified = self.modified;

  const int number = folder.get();
  const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(folder.release()));
  if (!directory) return system_error("list");
  // Nothing but readdir may leave an error behind for the check after the loop.
  const auto next = [&directory] {
    errno = 0;
    return ::readdir(directory.get());
  };
  while (const dirent* item = next()) {
    const std::string_view name = item->d_name;
    if (name == "." || name == "..") continue;
    Entry entry;
    entry.name = name;
    if (::fstatat(number, item->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) continue;  // gone since
    if (S_ISLNK(found.st_mode)) {
      const std::string target = join(path, name);
      auto real = look(target);
      if (!real || (real->is_folder && leads_to_ancestor(path, real->inode))) continue;
      const Descriptor file = open_below(root_, target, O_PATH);
      if (!file || ::fstat(file.get(), &found) != 0) continue;
    }
    if (!S_ISDIR(found.st_mode) && !S_ISREG(found.st_mode)) continue;
    fill(entry, found);
    listing.entries.push_back(std::move(entry));
  }
  if (errno != 0) return system_error("list");
  std::sort(listing.entries.begin(), listing.entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return listing;
}

base::Result<std::string> Tree::text(std::string_view path, std::size_t limit) const {
  const Descriptor file = open_below(root_, path, O_RDONLY);
  struct stat found {};
  if (!file || ::fstat(file.get(), &found) != 0) return system_error("read");
  if (!S_ISREG(found.st_mode)) return base::fail(base::ErrorCode::not_found, "There is no such file.");
  if (static_cast<std::uint64_t>(found.st_size) > limit) {
    return base::fail(base::ErrorCode::too_large, fmt::format("The file is larger than {} bytes.", limit));
  }
  std::string text;
  std::array<char, 65536> part{};
  while (text.size() <= limit) {
    const ssize_t got = ::read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("read");
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return base::fail(base::ErrorCode::too_large, fmt::format("The file is larger than {} bytes.", limit));
}

base::Result<std::string> Tree::head(std::string_view path, std::size_t length) const {
  const Descriptor file = open_below(root_, path, O_RDONLY);
  if (!file) return system_error("read");
  std::string bytes(length, '\0');
  const ssize_t got = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) return system_error("read");
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

std::optional<bool> Tree::being_written(std::string_view path) const {
  const Descriptor file = open_below(root_, path, O_RDONLY);
  return file ? is_being_written(file.get()) : std::nullopt;
}

bool Tree::is_remote() const { return !store::is_on_local_disk(root_path_); }

}  // namespace armarium::ingest
