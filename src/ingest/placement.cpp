#include "ingest/placement.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "ingest/identifiers.h"
#include "ingest/tree.h"

namespace armarium::ingest {
namespace {

using base::ErrorCode;
using base::Result;
using Descriptor = source::FileDescriptor;

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

tl::unexpected<base::Error> failed(std::string_view what) {
  const int number = errno;
  const std::string detail = fmt::format("{}: {}", what, std::strerror(number));
  switch (number) {
    case ENOSPC:
    case EDQUOT: return base::fail(ErrorCode::storage_full, "There is no space left on the disk.", detail);
    case EACCES:
    case EPERM:
    case EROFS: return base::fail(ErrorCode::forbidden, "The server may not write there.", detail);
    case ENAMETOOLONG: return base::fail(ErrorCode::invalid_argument, "The disk takes no names that long.", detail);
    default: return base::fail(ErrorCode::io, "The file cannot be written.", detail);
  }
}

tl::unexpected<base::Error> in_the_way(std::string_view name) {
  return base::fail(ErrorCode::conflict,
                    fmt::format("\"{}\" is there already and is no folder, or a link, which is not followed.", name));
}

const base::Error kThere{ErrorCode::precondition_failed,
                         "There is a file of that name already; If-Match says that it shall be replaced.",
                         {}};
const base::Error kChanged{ErrorCode::precondition_failed, "The file is not the one that If-Match names.", {}};

// The folder of `path`, one name after the other and never through a link. Without `make` nothing where one is missing.
Result<std::optional<Descriptor>> folder_of(int root, std::string_view path, bool make) {
  Descriptor at(::openat(root, ".", kFolder));
  if (!at) return failed("open");
  std::string_view rest = parent_of(path);
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string name(rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    Descriptor next(::openat(at.get(), name.c_str(), kFolder));
    if (!next && errno == ENOENT) {
      if (!make) return std::optional<Descriptor>();
      if (::mkdirat(at.get(), name.c_str(), 0777) != 0 && errno != EEXIST) return failed("mkdir");
      if (::fsync(at.get()) != 0) return failed("fsync");
      next = Descriptor(::openat(at.get(), name.c_str(), kFolder));
    }
    if (!next && (errno == ENOTDIR || errno == ELOOP)) return in_the_way(name);
    if (!next) return failed("open");
    at = std::move(next);
  }
  return std::optional(std::move(at));
}

std::string tag_of(const struct stat& found) {
  Entry entry;
  entry.size = static_cast<std::uint64_t>(found.st_size);
  entry.modified = std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
  entry.inode = found.st_ino;
  return entry.token();
}

Result<std::optional<std::string>> tag_in(int folder, const std::string& name) {
  struct stat found {};
  if (::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<std::string>();
    return failed("stat");
  }
  if (!S_ISREG(found.st_mode))
    return base::fail(ErrorCode::conflict, fmt::format("\"{}\" is there already and is no file.", name));
  return std::optional(tag_of(found));
}

Result<> agrees(const std::optional<std::string>& there, const Replaces& replaces) {
  if (replaces.empty()) return there ? base::fail(kThere) : Result<>();
  if (!there || (replaces != "*" && replaces != *there)) return base::fail(kChanged);
  return {};
}

// Moves without lying over anything, as the file system is able to.
Result<> move_new(int from, const std::string& name, int folder, const std::string& to) {
  if (::syscall(SYS_renameat2, from, name.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno == EEXIST) return base::fail(kThere);
  if (errno != EINVAL && errno != ENOSYS) return failed("rename");
  if (::linkat(from, name.c_str(), folder, to.c_str(), 0) == 0) {
    ::unlinkat(from, name.c_str(), 0);
    return {};
  }
  if (errno == EEXIST) return base::fail(kThere);
  if (errno != EPERM && errno != EOPNOTSUPP) return failed("link");
  auto there = tag_in(folder, to);
  if (!there) return base::fail(there.error());
  if (*there) return base::fail(kThere);
  if (::renameat(from, name.c_str(), folder, to.c_str()) != 0) return failed("rename");
  return {};
}

Result<> move_over(int from, const std::string& name, int folder, const std::string& to, const Replaces& replaces) {
  if (replaces.empty()) return move_new(from, name, folder, to);
  auto there = tag_in(folder, to);
  if (!there) return base::fail(there.error());
  if (auto same = agrees(*there, replaces); !same) return same;
  if (::renameat(from, name.c_str(), folder, to.c_str()) != 0) return failed("rename");
  return {};
}

Result<> copy(int from, const std::string& name, int folder, const std::string& to) {
  const Descriptor in(::openat(from, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  const Descriptor out(::openat(folder, to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!in || !out) return failed("copy");
  std::array<char, 1 << 16> part{};
  for (;;) {
    const ssize_t got = ::read(in.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("copy");
    if (got == 0) break;
    for (ssize_t done = 0; done < got;) {
      const ssize_t wrote = ::write(out.get(), part.data() + done, static_cast<std::size_t>(got - done));
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return failed("copy");
      done += wrote;
    }
  }
  if (::fsync(out.get()) != 0) return failed("fsync");
  return {};
}

// Another disk is mounted below FOLDER: a copy under a hidden name there, then as ever.
Result<> carry_over(int from, const std::string& name, int folder, const std::string& to, const Replaces& replaces) {
  const std::string hidden = "." + name;
  auto done = copy(from, name, folder, hidden);
  if (done) done = move_over(folder, hidden, folder, to, replaces);
  if (done) {
    ::unlinkat(from, name.c_str(), 0);
  } else {
    ::unlinkat(folder, hidden.c_str(), 0);
  }
  return done;
}

bool same_disk(int one, int other) {
  struct stat first {};
  struct stat second {};
  return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && first.st_dev == second.st_dev;
}

}  // namespace

Result<std::optional<std::string>> Placement::tag(std::string_view path) const {
  auto folder = folder_of(root_, path, false);
  if (!folder) return base::fail(folder.error());
  if (!*folder) return std::optional<std::string>();
  return tag_in((*folder)->get(), std::string(name_of(path)));
}

Result<> Placement::check(std::string_view path, const Replaces& replaces) const {
  if (::faccessat(root_, ".", W_OK | X_OK, 0) != 0)
    return base::fail(ErrorCode::forbidden, "The folder that is served here cannot be written to.");
  auto there = tag(path);
  if (!there) return base::fail(there.error());
  return agrees(*there, replaces);
}

Result<std::string> Placement::place(int from, const std::string& name, std::string_view path,
                                     const Replaces& replaces) const {
  auto folder = folder_of(root_, path, true);
  if (!folder) return base::fail(folder.error());
  const int into = (*folder)->get();
  const std::string to(name_of(path));
  const auto moved =
      same_disk(from, into) ? move_over(from, name, into, to, replaces) : carry_over(from, name, into, to, replaces);
  if (!moved) return base::fail(moved.error());
  if (::fsync(into) != 0 || ::fsync(from) != 0) return failed("fsync");
  auto now = tag_in(into, to);
  if (!now) return base::fail(now.error());
  return now->value_or(std::string());
}

}  // namespace armarium::ingest
