#include "ingest/new_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>

#include "source/file_descriptor.h"

namespace armarium::ingest {
namespace {

using base::ErrorCode;
using base::Result;
using source::FileDescriptor;
namespace fs = std::filesystem;

constexpr int kMostTries = 8;

tl::unexpected<base::Error> failed(const fs::path& path) {
  const int number = errno;
  const auto code = number == ENOSPC || number == EDQUOT ? ErrorCode::storage_full : ErrorCode::io;
  return base::fail(code, fmt::format("The file cannot be written: {}.", std::strerror(number)), path.string());
}

tl::unexpected<base::Error> changed(const fs::path& path) {
  return base::fail(ErrorCode::conflict, "The file was changed meanwhile.", path.string());
}

Result<> sync_folder(const fs::path& folder) {
  const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) return failed(folder);
  return {};
}

// Hidden, so that no scan takes it for anything.
fs::path hidden_beside(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}.new", path.filename().string());
}

Result<> write_new(const fs::path& path, std::string_view content) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file) return failed(path);
  while (!content.empty()) {
    const ::ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) return failed(path);
  return {};
}

// glibc has its wrapper since 2.28, musl has none.
bool rename_with(const fs::path& from, const fs::path& to, unsigned flags) {
  return ::syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0;
}

// NFS and some others know no flags.
bool is_unknown(int error) { return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP; }

// Whether a file says just this, and nobody has it open for writing (where the system can say that).
bool holds(const fs::path& path, std::string_view expected) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat found {};
  if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return false;
  if (is_being_written(file.get()).value_or(false)) return false;
  std::array<char, 65536> part{};
  for (;;) {
    const ::ssize_t got = ::read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return expected.empty();
    const std::string_view piece(part.data(), static_cast<std::size_t>(got));
    if (!expected.starts_with(piece)) return false;
    expected.remove_prefix(piece.size());
  }
}

bool is_there(const fs::path& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

// What was there lies at `fresh` now, and is not what it should be: it goes back. Who saves once more meanwhile is the last one.
void give_back(const fs::path& fresh, const fs::path& path, std::string_view content) {
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (!rename_with(fresh, path, RENAME_EXCHANGE)) {
      if (errno == ENOENT) (void)rename_with(fresh, path, RENAME_NOREPLACE);  // deleted meanwhile
      break;
    }
    if (holds(fresh, content)) break;
  }
  ::unlink(fresh.c_str());
}

// Where names cannot be exchanged: a save between the look and the renaming is not seen.
Result<> replace_blindly(const fs::path& fresh, const fs::path& path, std::string_view expected) {
  if (is_there(path) && !holds(path, expected)) {
    ::unlink(fresh.c_str());
    return changed(path);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed(path);
  return sync_folder(path.parent_path());
}

}  // namespace

std::optional<bool> is_being_written(int descriptor) {
  // Who opens the file just now makes the system send a signal, by default one that ends the program.
  ::fcntl(descriptor, F_SETSIG, SIGURG);
  // A read lease is only given while nobody has the file open for writing.
  if (::fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
    ::fcntl(descriptor, F_SETLEASE, F_UNLCK);
    return false;
  }
  return errno == EAGAIN ? std::optional<bool>(true) : std::nullopt;
}

Result<> replace_file(const fs::path& path, std::string_view content) {
  const fs::path fresh = hidden_beside(path);
  if (auto written = write_new(fresh, content); !written) return written;
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed(path);
  return sync_folder(path.parent_path());
}

Result<> exchange_file(const fs::path& path, std::string_view expected, std::string_view content) {
  const fs::path fresh = hidden_beside(path);
  if (auto written = write_new(fresh, content); !written) return written;
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (rename_with(fresh, path, RENAME_NOREPLACE)) return sync_folder(path.parent_path());
    if (is_unknown(errno)) return replace_blindly(fresh, path, expected);
    if (errno != EEXIST) return failed(path);
    if (rename_with(fresh, path, RENAME_EXCHANGE)) {
      if (holds(fresh, expected)) {
        ::unlink(fresh.c_str());
        return sync_folder(path.parent_path());
      }
      give_back(fresh, path, content);
      return changed(path);
    }
    if (is_unknown(errno)) return replace_blindly(fresh, path, expected);
    if (errno != ENOENT) return failed(path);
  }
  ::unlink(fresh.c_str());
  return changed(path);
}

Result<> remove_file(const fs::path& path, std::string_view expected) {
  const fs::path aside = hidden_beside(path);
  if (::rename(path.c_str(), aside.c_str()) != 0) {
    if (errno != ENOENT) return failed(path);
    return {};
  }
  if (!holds(aside, expected)) {
    const bool back = rename_with(aside, path, RENAME_NOREPLACE) ||
                      (is_unknown(errno) && !is_there(path) && ::rename(aside.c_str(), path.c_str()) == 0);
    if (!back) ::unlink(aside.c_str());  // who saved once more is the last one
    return changed(path);
  }
  if (::unlink(aside.c_str()) != 0 && errno != ENOENT) return failed(path);
  return sync_folder(path.parent_path());
}

}  // namespace armarium::ingest
