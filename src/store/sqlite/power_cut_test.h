#pragma once
// A file layer that forgets: while one lives, SQLite's files go through it (as the default VFS), and it remembers which writes were not synced yet. When the power
// goes, it leaves in another folder what a disk could hold then: all that was synced, and of the rest some, in part, torn at sectors.

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace armarium::store::sqlite {

class PowerCut {
 public:
  // The power goes with the operation (write, truncate or sync) number `operation`; from then on each fails.
  PowerCut(std::uint64_t operation, std::uint32_t seed);
  ~PowerCut();
  PowerCut(const PowerCut&) = delete;
  PowerCut& operator=(const PowerCut&) = delete;

  bool is_off() const noexcept { return off_; }
  // What the disk holds, into `folder`, under the names that the files had.
  void leave(const std::filesystem::path& folder);

  // For the file layer below.
  bool write(const std::string& name, std::int64_t offset, const void* data, int size);
  bool truncate(const std::string& name, std::int64_t size);
  bool sync(const std::string& name);
  bool remove(const std::string& name, bool synced);

 private:
  struct Change {
    std::int64_t offset = 0;
    std::string bytes{};
    bool is_truncation = false;
  };
  struct Disk {
    std::string synced{};
    std::vector<Change> pending{};
  };
  bool goes_on();
  static void apply(std::string& image, const Change& change);

  std::uint64_t left_;
  std::mt19937 random_;
  bool off_ = false;
  std::map<std::string, Disk> disks_;
};

}  // namespace armarium::store::sqlite
