#include "ingest/scanner.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <unordered_map>

#include "base/log.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kDeepest = 64;

Budget background_budget() {
  Budget budget;
  budget.most_headers = std::numeric_limits<std::size_t>::max();
  budget.background = true;
  return budget;
}

}  // namespace

base::Result<Outcome> Scanner::look(const std::string& path, Depth depth) {
  auto outcome = looker_.look(path, depth, background_budget());
  if (!outcome) {
    if (hooks_.failed) hooks_.failed(outcome.error());
    if (outcome.error().code == base::ErrorCode::not_ready) {
      const std::lock_guard lock(mutex_);
      if (is_pending_.insert(path).second) pending_.push_back(path);
    } else {
      base::log::warning("looking at the folder \"{}\": {} {}", path, outcome.error().message, outcome.error().detail);
    }
    return outcome;
  }
  note(path, *outcome);
  return outcome;
}

void Scanner::note(const std::string& path, const Outcome& outcome) {
  // What this look found replaces what earlier ones found in the same folder.
  std::erase_if(vanished_.folders,
                [&](const std::string& folder) { return folder == path || parent_of(folder) == path; });
  vanished_.folders.insert(outcome.vanished_folders.begin(), outcome.vanished_folders.end());
  if (outcome.items_known) std::erase_if(vanished_.items, [&](const auto& item) { return item.second == path; });
  for (const store::ItemKey& key : outcome.vanished_items) vanished_.items.emplace(key, path);
  vanished_.files.insert(outcome.vanished_files.begin(), outcome.vanished_files.end());
  if (!outcome.exists && !path.empty()) vanished_.folders.insert(path);
  if (outcome.unsettled) unsettled_.insert(path);
  if (outcome.exists && !outcome.complete) {
    const std::lock_guard lock(mutex_);
    if (is_pending_.insert(path).second) pending_.push_back(path);
  }
}

bool Scanner::walk(const std::string& start, Below below) {
  struct Open {
    std::size_t children = 0;
    bool changed = false;    // the list has to be made again
    bool announced = false;  // what it is in its own parent's list has changed already
  };
  std::unordered_map<std::string, Open> open;  // folders whose children are being looked at
  std::deque<std::string> queue{start};
  // When the last child of a folder is known, its list is made again, and so on upwards.
  const auto child_done = [&](std::string child, bool changed) {
    while (child != start) {
      std::string parent(parent_of(child));
      const auto found = open.find(parent);
      if (found == open.end()) return;
      found->second.changed = found->second.changed || changed;
      if (--found->second.children > 0) return;
      const bool again = found->second.changed;
      changed = found->second.announced;
      open.erase(found);
      if (again) {
        const auto outcome = look(parent, Depth::outline);
        changed = changed || (outcome && outcome->member_changed);
      }
      child = std::move(parent);
    }
    if (changed && !start.empty()) settle(std::string(parent_of(start)));
  };
  while (!queue.empty()) {
    if (hooks_.stop && hooks_.stop()) return true;
    if (hooks_.give_way) hooks_.give_way();
    const std::string path = std::move(queue.front());
    queue.pop_front();
    if (hooks_.watch) hooks_.watch(path);
    const auto outcome = look(path, Depth::outline);
    if (path.empty() && (!outcome || !outcome->exists)) return false;
    if (!outcome || !outcome->exists) {
      child_done(path, true);
      continue;
    }
    if (hooks_.watch) std::for_each(outcome->part_folders.begin(), outcome->part_folders.end(), hooks_.watch);
    const bool deeper = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) < kDeepest;
    const bool all = below == Below::all || outcome->inherited_changed;
    std::vector<std::string> next = all ? outcome->folders : outcome->new_folders;
    if (!all && hooks_.missed) {  // a request knew it first
      const std::set<std::string> fresh(next.begin(), next.end());
      std::copy_if(outcome->folders.begin(), outcome->folders.end(), std::back_inserter(next),
                   [&](const std::string& folder) { return !fresh.contains(folder) && hooks_.missed(folder); });
    }
    if (!next.empty() && deeper) {
      open[path] = {next.size(), false, outcome->member_changed};
      queue.insert(queue.end(), next.begin(), next.end());
    } else {
      child_done(path, outcome->member_changed);
    }
  }
  return true;
}

void Scanner::settle(std::string path) {
  for (;;) {
    const auto outcome = look(path, Depth::outline);
    if (!outcome || !outcome->member_changed || path.empty()) return;
    path = parent_of(path);
  }
}

bool Scanner::read_one_pending() {
  if (hooks_.give_way) hooks_.give_way();
  std::string path;
  {
    const std::lock_guard lock(mutex_);
    if (pending_.empty()) return false;
    path = std::move(pending_.front());
    pending_.pop_front();
    is_pending_.erase(path);
  }
  const auto outcome = look(path, Depth::full);
  if (!outcome && outcome.error().code == base::ErrorCode::not_ready)
    promote(path);  // interrupted: goes on where it was
  if (outcome && outcome->member_changed && !path.empty()) settle(std::string(parent_of(path)));
  return true;
}

void Scanner::promote(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!is_pending_.insert(path).second) std::erase(pending_, path);
  pending_.push_front(path);
}

std::size_t Scanner::pending() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

}  // namespace armarium::ingest
