#pragma once
// Walks the folders below a path, breadth first: first all names, then the headers. Belongs to one background thread; `promote` may come from any.

#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "ingest/looker.h"
#include "ingest/removals.h"

namespace armarium::ingest {

class Scanner {
 public:
  struct Hooks {
    std::function<bool()> stop;
    std::function<void()> give_way;                  // between folders
    std::function<void(const std::string&)> watch;   // before a folder is looked at
    std::function<bool(const std::string&)> missed;  // whether a folder is not watched that should be
    std::function<void(const base::Error&)> failed;  // a look failed
  };
  Scanner(Looker& looker, Hooks hooks) : looker_(looker), hooks_(std::move(hooks)) {}

  // Names of `start` and of the folders below it: of all, or of those that are new or depend on what changed. False when FOLDER itself cannot be read.
  enum class Below { all, changed };
  bool walk(const std::string& start, Below below);
  // Headers of one folder that the walks left open; false when there is none.
  bool read_one_pending();
  // What is opened goes first.
  void promote(const std::string& path);
  std::size_t pending() const;

  // What the walks missed. It stays here, and is looked for again, until it was taken back.
  const Vanished& vanished() const { return vanished_; }
  void forget_vanished() { vanished_ = {}; }
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
  Vanished vanished_;
  std::set<std::string> unsettled_;
};

}  // namespace armarium::ingest
