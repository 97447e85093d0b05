#include "store/sqlite/power_cut_test.h"

#include <stdlib.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_accounts.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::store::sqlite {
namespace {

constexpr std::int64_t kSector = 512;

PowerCut* current = nullptr;
sqlite3_vfs* below = nullptr;

struct CutFile {
  sqlite3_file base;
  std::string* name;  // null: a file that needs no remembering
};

CutFile* of(sqlite3_file* file) { return reinterpret_cast<CutFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(of(file) + 1); }

int file_close(sqlite3_file* file) {
  const std::unique_ptr<std::string> gone(std::exchange(of(file)->name, nullptr));
  return real(file)->pMethods == nullptr ? SQLITE_OK : real(file)->pMethods->xClose(real(file));
}
int file_read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), to, size, offset);
}
int file_write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  if (!current->write(*of(file)->name, offset, from, size)) return SQLITE_IOERR_WRITE;
  return real(file)->pMethods->xWrite(real(file), from, size, offset);
}
int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (!current->truncate(*of(file)->name, size)) return SQLITE_IOERR_TRUNCATE;
  return real(file)->pMethods->xTruncate(real(file), size);
}
// The real file need not be synced: it is not what is looked at afterwards.
int file_sync(sqlite3_file* file, int) { return current->sync(*of(file)->name) ? SQLITE_OK : SQLITE_IOERR_FSYNC; }
int file_size(sqlite3_file* file, sqlite3_int64* size) { return real(file)->pMethods->xFileSize(real(file), size); }
int file_lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int file_unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int file_reserved(sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); }
int file_control(sqlite3_file* file, int what, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), what, argument);
}
int file_sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int file_traits(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int file_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int file_shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void file_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int file_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

const sqlite3_io_methods kMethods = {2,           file_close, file_read,     file_write,    file_truncate, file_sync,
                                     file_size,   file_lock,  file_unlock,   file_reserved, file_control,  file_sector,
                                     file_traits, file_map,   file_shm_lock, file_barrier,  file_unmap,    nullptr,
                                     nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  of(file)->base.pMethods = nullptr;
  of(file)->name = nullptr;
  const int code = below->xOpen(below, name, real(file), flags, out_flags);
  if (real(file)->pMethods == nullptr) return code;
  of(file)->name = std::make_unique<std::string>(name == nullptr ? "" : name).release();
  of(file)->base.pMethods = &kMethods;
  return code;
}

int remove_file(sqlite3_vfs*, const char* name, int sync_folder) {
  if (!current->remove(name, sync_folder != 0)) return SQLITE_IOERR_DELETE;
  return below->xDelete(below, name, 0);
}

sqlite3_vfs* layer() {
  static sqlite3_vfs made = [] {
    below = sqlite3_vfs_find(nullptr);
    sqlite3_vfs copy = *below;
    copy.zName = "armarium-power-cut";
    copy.szOsFile = static_cast<int>(sizeof(CutFile)) + below->szOsFile;
    copy.pNext = nullptr;
    copy.xOpen = open_file;
    copy.xDelete = remove_file;
    return copy;
  }();
  return &made;
}

}  // namespace

PowerCut::PowerCut(std::uint64_t operation, std::uint32_t seed) : left_(operation), random_(seed) {
  current = this;
  sqlite3_vfs_register(layer(), 1);
}

PowerCut::~PowerCut() {
  sqlite3_vfs_unregister(layer());
  sqlite3_vfs_register(below, 1);
  current = nullptr;
}

bool PowerCut::goes_on() {
  if (left_ == 0) off_ = true;
  if (!off_) --left_;
  return !off_;
}

void PowerCut::apply(std::string& image, const Change& change) {
  const auto end = static_cast<std::size_t>(change.offset) + change.bytes.size();
  if (change.is_truncation) {
    image.resize(static_cast<std::size_t>(change.offset));
    return;
  }
  if (image.size() < end) image.resize(end);
  image.replace(static_cast<std::size_t>(change.offset), change.bytes.size(), change.bytes);
}

bool PowerCut::write(const std::string& name, std::int64_t offset, const void* data, int size) {
  // The write during which the power goes may reach the disk, too.
  if (!off_)
    disks_[name].pending.push_back({offset, {static_cast<const char*>(data), static_cast<std::size_t>(size)}, false});
  return goes_on();
}

bool PowerCut::truncate(const std::string& name, std::int64_t size) {
  if (!off_) disks_[name].pending.push_back({size, {}, true});
  return goes_on();
}

bool PowerCut::sync(const std::string& name) {
  if (!goes_on()) return false;
  Disk& disk = disks_[name];
  for (const Change& change : disk.pending) apply(disk.synced, change);
  disk.pending.clear();
  return true;
}

// Where the folder is not synced, too, the file may still be there afterwards.
bool PowerCut::remove(const std::string& name, bool synced) {
  if (!goes_on()) return false;
  if (synced || random_() % 2 == 0) disks_.erase(name);
  return true;
}

void PowerCut::leave(const std::filesystem::path& folder) {
  off_ = true;
  for (auto& [name, disk] : disks_) {
    const std::uint32_t kind = random_() % 4;  // nothing of it, all of it, or some
    std::string image = disk.synced;
    for (Change change : disk.pending) {
      if (kind == 0 || (kind > 1 && random_() % 2 == 0)) continue;
      if (kind == 3 && !change.is_truncation && random_() % 4 == 0) {
        const auto sectors = static_cast<std::int64_t>(change.bytes.size()) / kSector;
        change.bytes.resize(static_cast<std::size_t>(sectors == 0 ? 0 : kSector * (random_() % sectors)));
      }
      apply(image, change);
    }
    std::ofstream(folder / std::filesystem::path(name).filename(), std::ios::binary) << image;
  }
}

namespace {

struct Round {
  std::filesystem::path before{};
  std::filesystem::path after{};
  explicit Round(std::uint32_t seed) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / fmt::format("armarium-cut-{}-XXXXXX", seed)).string();
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    before = folder / "before";
    after = folder / "after";
    std::filesystem::create_directories(before);
    std::filesystem::create_directories(after);
  }
  ~Round() { std::filesystem::remove_all(before.parent_path()); }
};

const base::Principal kEverybody = base::Principal::public_visitor();

std::unique_ptr<Store> open(const std::filesystem::path& folder) {
  auto store = open_sqlite(folder / "store.sqlite");
  return store ? std::move(*store) : nullptr;
}

// A write of some items that all carry its number, of some kilobytes, so that the log is written back often.
base::Result<Revision> write_number(Store& store, std::uint64_t number, std::mt19937& random,
                                    Durability durability = Durability::synced) {
  Batch batch;
  for (std::uint32_t i = 0; i <= random() % 5; ++i) {
    ItemRow row;
    row.key = {Kind::manifest, fmt::format("m{}", i)};
    row.nav_date = std::to_string(number);
    row.document = std::string(random() % 60'000, 'x');
    batch.activities.push_back({.item = row.key});
    batch.items.push_back(std::move(row));
  }
  batch.settings = {{"last", std::to_string(number)}};
  return store.write([&](const Reader&) -> base::Result<Batch> { return batch; }, durability);
}

bool is_sound(const std::filesystem::path& file) {
  auto connection = Connection::open(file.string(), false);
  if (!connection) return false;
  auto statement = (*connection)->prepare("PRAGMA integrity_check");
  if (!statement) return false;
  auto row = statement->step();
  return row && *row && statement->text_at(0) == "ok";
}

void check(const std::filesystem::path& folder, std::uint64_t acknowledged, std::uint64_t most) {
  ASSERT_TRUE(is_sound(folder / "store.sqlite"));
  const auto store = open(folder);
  ASSERT_TRUE(store);
  const auto read = store->read();
  ASSERT_TRUE(read);
  const std::string last = (*read)->setting("last").value_or("none");
  const std::uint64_t found = last.empty() ? 0 : std::stoull(last);
  EXPECT_GE(found, acknowledged) << "what was acknowledged is there";
  EXPECT_LE(found, most);
  EXPECT_EQ((*read)->revision(), found) << "whole";
  std::uint64_t number = 0;
  const auto activities = (*read)->activities(0, 100'000);
  ASSERT_TRUE(activities);
  for (const ActivityRow& row : *activities) EXPECT_EQ(row.number, ++number);
  if (found > 0) EXPECT_EQ((*(*read)->item({Kind::manifest, "m0"}, kEverybody))->nav_date, last);
}

TEST(PowerCut, LosesNothingThatWasAcknowledgedAndBreaksNothing) {
  constexpr std::uint32_t kRounds = 100;
  std::uint64_t most = 0;
  for (std::uint32_t seed = 0; seed < kRounds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("round {}", seed));
    std::mt19937 random(seed);
    const Round round(seed);
    std::uint64_t acknowledged = 0;
    {
      PowerCut power(20 + random() % 8000, seed);
      if (const auto store = open(round.before)) {
        while (!power.is_off() && write_number(*store, acknowledged + 1, random)) ++acknowledged;
      }
      power.leave(round.after);
    }
    most = std::max(most, acknowledged);
    if (acknowledged > 0 || std::filesystem::exists(round.after / "store.sqlite"))
      check(round.after, acknowledged, acknowledged + 1);
  }
  EXPECT_GT(most, 20U) << "the log was written back at least once";
}

// Of writes that need not be there before the next synced one: what the last synced one said, or more, never less and never in part.
TEST(PowerCut, WhatIsWrittenSoonMayBeUndoneAndBreaksNothing) {
  std::uint64_t undone = 0;
  for (std::uint32_t seed = 0; seed < 40 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("round {}", seed));
    std::mt19937 random(seed);
    const Round round(seed);
    std::uint64_t synced = 0;
    std::uint64_t reported = 0;
    {
      PowerCut power(200 + random() % 4000, seed);
      if (const auto store = open(round.before)) {
        for (;;) {
          const bool now = random() % 5 == 0;
          if (!write_number(*store, reported + 1, random, now ? Durability::synced : Durability::soon)) break;
          ++reported;
          if (now) synced = reported;
        }
      }
      power.leave(round.after);
    }
    check(round.after, synced, reported + 1);
    const auto store = open(round.after);
    if (store && store->revision() < reported) ++undone;
  }
  EXPECT_GT(undone, 0U) << "else there is no need to sync";
}

TEST(PowerCut, KeepsUsersThatWereAdded) {
  for (std::uint32_t seed = 0; seed < 30 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("round {}", seed));
    const Round round(seed);
    std::uint64_t acknowledged = 0;
    {
      PowerCut power(60 + 3 * seed, seed);
      if (auto accounts = open_sqlite_accounts(round.before / "store.sqlite")) {
        while ((*accounts)->add_user({.id = std::to_string(acknowledged), .name = fmt::format("n{}", acknowledged)}))
          ++acknowledged;
      }
      power.leave(round.after);
    }
    if (acknowledged == 0) continue;
    ASSERT_TRUE(is_sound(round.after / "store.sqlite"));
    EXPECT_GE((*open_sqlite_accounts(round.after / "store.sqlite"))->users(), acknowledged);
  }
}

}  // namespace
}  // namespace armarium::store::sqlite
