#include "store/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "base/hash.h"

namespace armarium::store {
namespace {

namespace fs = std::filesystem;

tl::unexpected<base::Error> cannot(std::string_view what, const fs::path& path) {
  const int number = errno;
  const auto code = number == ENOSPC || number == EDQUOT ? base::ErrorCode::storage_full : base::ErrorCode::io;
  return base::fail(code, fmt::format("{} {}: {}.", what, path.string(), std::strerror(number)));
}

constexpr const char* kReserveName = "reserve";

bool is_writable(const fs::path& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = ::write(file, content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

bool is_on_local_disk(const fs::path& path) {
  struct statfs found {};
  if (::statfs(path.c_str(), &found) != 0) return false;
  switch (static_cast<std::uint32_t>(found.f_type)) {
    case 0x6969U:      // NFS
    case 0xFF534D42U:  // CIFS
    case 0xFE534D42U:  // SMB 2
    case 0x517BU:      // SMB
    case 0x65735546U:  // FUSE
    case 0x01021997U:  // 9P
    case 0x00C36400U:  // Ceph
    case 0x0BD00BD0U:  // Lustre
    case 0x5346414FU:  // AFS
    case 0x9FA0U:      // proc
    case 0x62656572U:  // sys
      return false;
    default: return true;
  }
}

fs::path choose_state_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::path real = fs::weakly_canonical(folder, ignored);
  if (real.empty()) real = fs::absolute(folder, ignored);
  fs::path inside = real / ".armarium";
  const bool usable = fs::exists(inside, ignored) ? is_writable(inside) : is_writable(real);
  if (usable && is_on_local_disk(real)) return inside;
  const char* home = std::getenv("XDG_STATE_HOME");
  fs::path base;
  if (home != nullptr && home[0] == '/') {
    base = home;
  } else if (const char* user = std::getenv("HOME"); user != nullptr && user[0] == '/') {
    base = fs::path(user) / ".local" / "state";
  } else {
    base = "/var/lib";
  }
  // Readable for people, and different for each folder.
  return base / "armarium" /
         fmt::format("{}-{}", real.filename().string(), base::hash_hex(real.string()).substr(0, 16));
}

base::Result<std::unique_ptr<StateFolder>> StateFolder::open(const fs::path& folder, const fs::path& wanted) {
  std::error_code error;
  const fs::path path = wanted.empty() ? choose_state_folder(folder) : fs::absolute(wanted, error);
  for (const fs::path& part : {path, path / "data", path / "cache"}) {
    fs::create_directories(part, error);
    if (error)
      return base::fail(base::ErrorCode::io,
                        fmt::format("The state folder {} cannot be made: {}.", part.string(), error.message()));
  }
  File lock(::open((path / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.get() < 0) return cannot("The state folder cannot be written:", path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return cannot("The state folder cannot be locked:", path);
    return base::fail(
        base::ErrorCode::conflict,
        fmt::format("Another Armarium is using {}. Stop it first, or give this one its own --state.", path.string()));
  }
  const std::string owner = fmt::format("{}\n", ::getpid());
  // Written over what is there, which needs no space.
  if (!write_all(lock.get(), owner) || ::ftruncate(lock.get(), static_cast<off_t>(owner.size())) != 0)
    return cannot("The state folder cannot be written:", path);
  return std::unique_ptr<StateFolder>(new StateFolder(path, lock.release()));
}

StateFolder::~StateFolder() {
  if (holds_reserve_) hold_reserve();
  ::close(lock_);
}

void StateFolder::hold_reserve() {
  constexpr off_t kReserve = 1 << 20;  // SQLite's shared memory, and a log that some writes fit into
  holds_reserve_ = true;
  const fs::path file = path_ / kReserveName;
  const File reserve(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (reserve.get() >= 0 && ::posix_fallocate(reserve.get(), 0, kReserve) != 0) ::unlink(file.c_str());
}

bool StateFolder::use_reserve() { return ::unlink((path_ / kReserveName).c_str()) == 0; }

base::Result<> write_file(const fs::path& file, std::string_view content) {
  std::string beside = file.string() + ".XXXXXX";
  File out(::mkostemp(beside.data(), O_CLOEXEC));
  if (out.get() < 0) return cannot("Cannot write", file);
  if (!write_all(out.get(), content) || ::fsync(out.get()) != 0 || ::rename(beside.c_str(), file.c_str()) != 0) {
    auto failed = cannot("Cannot write", file);
    ::unlink(beside.c_str());
    return failed;
  }
  const File folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());  // the name survives a loss of power too
  return {};
}

}  // namespace armarium::store
