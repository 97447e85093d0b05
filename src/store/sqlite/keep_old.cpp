#include "store/sqlite/keep_old.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/log.h"
#include "store/sqlite/connection.h"

namespace armarium::store::sqlite {
namespace {

namespace fs = std::filesystem;

base::Result<> copy_database(const fs::path& from, const fs::path& to) {
  auto source = Connection::open(from.string(), true);
  if (!source) return base::fail(std::move(source.error()));
  auto target = Connection::open(to.string(), false);
  if (!target) return base::fail(std::move(target.error()));
  sqlite3_backup* backup = sqlite3_backup_init((*target)->handle(), "main", (*source)->handle(), "main");
  if (backup == nullptr) return base::fail(error_of((*target)->handle(), "backup"));
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return base::fail(error_of((*target)->handle(), "backup"));
  // The copy says that it is in WAL mode, as its source; one plain file is easier to keep.
  return (*target)->execute("PRAGMA journal_mode = DELETE");
}

}  // namespace

base::Result<> keep_old(const fs::path& file, int version) {
  const fs::path target = file.parent_path() / fmt::format("{}-schema-{}.sqlite", file.stem().string(), version);
  const fs::path beside = target.string() + ".new";
  std::error_code ignored;
  fs::remove(beside, ignored);
  auto copied = copy_database(file, beside);
  if (copied && ::rename(beside.c_str(), target.c_str()) != 0) {
    copied = base::fail(base::ErrorCode::io, "The server's database cannot be kept before its upgrade.",
                        std::strerror(errno));
  }
  if (!copied) {
    fs::remove(beside, ignored);
    return copied;
  }
  const int folder = ::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);  // the name survives a loss of power too
    ::close(folder);
  }
  base::log::info("The database is brought up to a new schema; the old one is kept as {}.", target.filename().string());
  return {};
}

}  // namespace armarium::store::sqlite
