#pragma once
// Where the server keeps what it knows: FOLDER/.armarium where FOLDER is writable and local, else $XDG_STATE_HOME/armarium/NAME. Holds data/ (never to be
// deleted) and cache/ (at any time), and a lock that one process has. The lock goes with the object, also after a crash.

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/error.h"

namespace armarium::store {

class StateFolder {
 public:
  // `wanted` is the setting; empty: chosen by where `folder` is. conflict when another process has the lock; io when nothing can be written.
  static base::Result<std::unique_ptr<StateFolder>> open(const std::filesystem::path& folder,
                                                         const std::filesystem::path& wanted);
  ~StateFolder();
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path data() const { return path_ / "data"; }
  std::filesystem::path cache() const { return path_ / "cache"; }
  std::filesystem::path database() const { return data() / "armarium.sqlite"; }

  // Some space that is held so that a database can be opened, and what is published be served, on a disk that has become full. Made where there is room, also when this object goes.
  void hold_reserve();
  // Gives it back; false where there was none.
  bool use_reserve();

 private:
  StateFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;
  bool holds_reserve_ = false;
};

// The path that open would use, without touching anything.
std::filesystem::path choose_state_folder(const std::filesystem::path& folder);

// NFS, SMB, FUSE and their like: locks and SQLite's shared memory are not safe there.
bool is_on_local_disk(const std::filesystem::path& path);

// The whole file or the old one, never a part: written beside it, synced, renamed over it.
base::Result<> write_file(const std::filesystem::path& file, std::string_view content);

}  // namespace armarium::store
