#include "ingest/write_back.h"

#include <charconv>
#include <chrono>
#include <exception>
#include <utility>

#include "base/log.h"
#include "ingest/identifiers.h"
#include "ingest/written_file.h"

namespace armarium::ingest {

using catalogue::ChangeSet;
using store::ItemKey;
using store::Kind;

namespace {

using namespace std::chrono_literals;
constexpr auto kPause = 300ms;
constexpr auto kTryAgain = 5s;
constexpr std::size_t kActivities = 500;  // of the log at a time
constexpr const char* kPlace = "write-back";
constexpr const char* kAgain = "write-back again";
constexpr const char* kFolders = "write-back folders";

}  // namespace

WriteBack::WriteBack(const Tree& tree, store::Store& store, catalogue::Catalogue& catalogue, ContextCache& contexts)
    : tree_(tree), store_(store), catalogue_(catalogue), contexts_(contexts) {}
WriteBack::~WriteBack() { stop(); }

void WriteBack::start() {
  thread_ = std::jthread([this] {
    try {
      run();
    } catch (const std::exception& error) {
      base::log::error("writing back to files ended: {}", error.what());
    }
  });
}

void WriteBack::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void WriteBack::looked(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  folders_.insert(folder);
  wake_.notify_all();
}

bool WriteBack::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

// What was left over at the last end.
void WriteBack::load() {
  auto reader = store_.read();
  if (!reader) return;
  if (const auto value = json::parse((*reader)->setting(kAgain).value_or("")); value && value->is_array()) {
    for (const json::Value& one : value->get_array()) {
      const json::Array* entry = one.if_array();
      if (entry == nullptr || entry->size() != 3) continue;
      again_.emplace(ItemKey{static_cast<Kind>((*entry)[0].to_number<int>()), std::string((*entry)[1].get_string())},
                     (*entry)[2].get_string());
    }
  }
  const auto value = json::parse((*reader)->setting(kFolders).value_or(""));
  if (!value || !value->is_array()) return;
  const std::lock_guard lock(mutex_);
  for (const json::Value& folder : value->get_array()) folders_.emplace(folder.get_string());
  folders_kept_ = !folders_.empty();
}

void WriteBack::keep_folders(std::set<std::string> folders) {
  {
    const std::lock_guard lock(mutex_);
    folders.merge(folders_);
  }
  if (folders.empty() && !folders_kept_) return;
  json::Array list;
  for (const std::string& folder : folders) list.emplace_back(folder);
  ChangeSet changes{.durability = store::Durability::soon};
  changes.settings.emplace_back(kFolders, list.empty() ? std::string() : json::to_text(list));
  if (auto kept = catalogue_.apply(changes); !kept) base::log::warning("{}", kept.error().message);
  folders_kept_ = !folders.empty();
}

void WriteBack::run() {
  load();
  auto try_again = std::chrono::steady_clock::now();
  for (;;) {
    while (follow_log()) {
    }
    std::set<std::string> folders;
    {
      std::unique_lock lock(mutex_);
      if (folders_.empty() && !stopping_) wake_.wait_for(lock, kPause);
      folders = std::exchange(folders_, {});
    }
    check_folders(folders);
    if (is_stopping()) return;
    if (!again_.empty() && std::chrono::steady_clock::now() >= try_again) {
      for (const auto& [item, path] : std::map<ItemKey, std::string>(again_)) {
        if (is_stopping()) break;
        settle(item, path);
      }
      try_again = std::chrono::steady_clock::now() + kTryAgain;
    }
  }
}

// Those that there is no time for any more are remembered.
void WriteBack::check_folders(const std::set<std::string>& folders) {
  for (auto at = folders.begin(); at != folders.end(); ++at) {
    if (!check_folder(*at)) return keep_folders({at, folders.end()});
  }
  if (folders_kept_ || is_stopping()) keep_folders({});
}

// The next entries of the change log; false when there are none. The place moves on when all that they name is settled, or known as something to be tried again.
bool WriteBack::follow_log() {
  std::vector<store::ActivityRow> activities;
  {
    auto reader = store_.read();
    if (!reader) return false;
    const std::string text = (*reader)->setting(kPlace).value_or("");
    std::uint64_t place = 0;
    std::from_chars(text.data(), text.data() + text.size(), place);
    auto found = (*reader)->activities(place, kActivities);
    if (!found) return false;
    activities = std::move(*found);
  }
  if (activities.empty() && !again_changed_) return false;
  std::set<ItemKey> items;
  for (const store::ActivityRow& activity : activities) {
    if (activity.type == store::ActivityType::refresh || activity.item.kind == Kind::asset) continue;
    items.insert(activity.item);
    if (!activity.target.empty()) items.insert({activity.item.kind, activity.target});
  }
  for (const ItemKey& item : items) {
    if (is_stopping()) return false;  // from the same place at the next start
    settle(item, {});
  }
  ChangeSet changes{.durability = store::Durability::soon};
  if (!activities.empty()) changes.settings.emplace_back(kPlace, std::to_string(activities.back().number));
  json::Array list;
  for (const auto& [item, path] : again_)
    list.emplace_back(json::Array{static_cast<int>(item.kind), item.identifier, path});
  changes.settings.emplace_back(kAgain, json::to_text(list));
  again_changed_ = false;
  return catalogue_.apply(changes).has_value() && !activities.empty();
}

void WriteBack::settle(const ItemKey& item, const std::string& named_path) {
  const auto done = reconcile(item, named_path);
  if (!done) base::log::warning("writing back {}: {} {}", item.identifier, done.error().message, done.error().detail);
  const bool settled = done && *done;
  again_changed_ = (settled ? again_.erase(item) > 0 : again_.emplace(item, named_path).second) || again_changed_;
}

// False when there is no time for it any more.
bool WriteBack::check_folder(const std::string& folder) {
  std::set<ItemKey> items;
  std::map<ItemKey, std::string> named;
  {
    auto reader = store_.read();
    if (!reader) return true;
    auto rows = (*reader)->items_of_folder(folder);
    if (!rows) return true;
    for (const store::ItemRow& row : *rows) {
      items.insert(row.key);
      if (row.key.kind != Kind::collection) continue;
      if (auto written = (*reader)->written_in(row.key.identifier)) items.insert(written->begin(), written->end());
    }
  }
  if (const auto listing = tree_.list(folder)) {
    for (const Entry& entry : listing->entries) {
      const auto item = entry.is_folder ? std::nullopt : item_of_written_name(entry.name);
      if (item && !items.contains(*item)) named.emplace(*item, join(folder, entry.name));
    }
  }
  for (const ItemKey& item : items) {
    if (is_stopping()) return false;
    settle(item, {});
  }
  for (const auto& [item, path] : named) {
    if (is_stopping()) return false;
    settle(item, path);
  }
  return true;
}

}  // namespace armarium::ingest
