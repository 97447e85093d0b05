#pragma once
// Walks the folders below a path, breadth first: first all names, then the headers. Belongs to one background thread; `promote` may come from any.

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "ingest/looker.h"

namespace armarium::ingest {

class Scanner {
 public:
  struct Hooks {
    std::function<bool()> stop;
    std::function<void()> give_way;                       // between folders
    std::function<void(const std::string&)> saw_folder;   // for the watcher
  };
  Scanner(Looker& looker, Hooks hooks) : looker_(looker), hooks_(std::move(hooks)) {}

  // Names of `start` and of all below; `known_too` goes down into folders that are unchanged. False when FOLDER itself cannot be read.
  bool walk(const std::string& start);
  // Headers of the folders that the walks left open; gives up between folders when asked to stop.
  void read_pending();
  // What is opened goes first.
  void promote(const std::string& path);
  std::size_t pending() const;

  // What the walks missed since they were last taken.
  std::set<std::string> take_vanished_folders() { return std::exchange(vanished_folders_, {}); }
  std::map<store::ItemKey, std::string> take_vanished_items() { return std::exchange(vanished_items_, {}); }
  std::set<std::string> take_unsettled() { return std::exchange(unsettled_, {}); }
  // Looks at a folder again, and at those above it as long as what they list has changed.
  void settle(std::string path);

 private:
  base::Result<Outcome> look(const std::string& path, Depth depth);
  void note(const std::string& path, const Outcome& outcome);

  Looker& looker_;
  Hooks hooks_;
  mutable std::mutex mutex_;
  std::deque<std::string> pending_;
  std::set<std::string> is_pending_;
  std::set<std::string> vanished_folders_;
  std::map<store::ItemKey, std::string> vanished_items_;   // → folder
  std::set<std::string> unsettled_;
};

}  // namespace armarium::ingest
