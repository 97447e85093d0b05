#pragma once
// Tells which folders changed, by inotify. One thread of its own calls `changed` with paths below FOLDER; after an overflow with "" and `everything`. Where
// the system's limit of watches is reached, live() becomes false and the caller scans instead.

#include <functional>
#include <memory>
#include <string>

#include "base/error.h"

namespace armarium::ingest {

class Watcher {
 public:
  struct Hooks {
    std::function<void(const std::string& folder)> changed;
    std::function<void()> everything;  // events were lost
  };
  static base::Result<std::unique_ptr<Watcher>> start(std::string root, Hooks hooks);
  ~Watcher();

  // Watches a folder (not those below it); again is harmless, and follows a folder that moved.
  void add(const std::string& folder);
  bool is_watched(const std::string& folder) const;
  bool live() const;
  std::size_t count() const;

 private:
  struct State;
  explicit Watcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace armarium::ingest
