#include "ingest/write_back.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/log.h"
#include "catalogue/written.h"
#include "ingest/folder_document.h"
#include "ingest/identifiers.h"
#include "ingest/new_file.h"
#include "ingest/written_file.h"

namespace armarium::ingest {

using base::ErrorCode;
using base::Result;
using catalogue::ChangeSet;
using catalogue::Edit;
using store::ItemKey;
using store::Kind;

namespace {

using namespace std::chrono_literals;
constexpr auto kPause = 300ms;
constexpr auto kTryAgain = 5s;
constexpr std::size_t kActivities = 500;  // of the log at a time
constexpr const char* kPlace = "write-back";
constexpr const char* kAgain = "write-back again";
const base::Principal kSystem = base::Principal::system();

std::string setting_of(const ItemKey& item) {
  return fmt::format("write-back {} {}", static_cast<int>(item.kind), item.identifier);
}

std::string owner_of(const std::string& path) { return "written:" + path; }
std::string hash_of(const std::string& text) { return text.empty() ? std::string() : base::hash_hex(text); }

}  // namespace

// What is known of the file of an item: how both sides were when they were last the same, or when it was last told that they are not.
struct WriteBack::Record {
  std::string path{};
  std::string file{};   // hash of its text; empty: there is none
  std::string store{};  // of the text that the catalogue's side would have
  bool conflict = false;

  static Record read(const std::string& text) {
    Record record;
    const auto value = json::parse(text);
    if (!value || !value->is_object()) return record;
    const json::Object& object = value->get_object();
    record.path = json::text_of(object, "path");
    record.file = json::text_of(object, "file");
    record.store = json::text_of(object, "store");
    record.conflict = object.contains("conflict");
    return record;
  }
  std::string text() const {
    if (file.empty() && store.empty()) return {};
    json::Object object{{"path", path}, {"file", file}, {"store", store}};
    if (conflict) object["conflict"] = true;
    return json::to_text(object);
  }
};

// The file as it is now.
struct WriteBack::Side {
  std::string text{};
  tl::expected<WrittenContent, TextProblem> content{};
};

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

void WriteBack::run() {
  if (auto reader = store_.read()) {  // what could not be settled before the last end
    const auto value = json::parse((*reader)->setting(kAgain).value_or(""));
    const json::Array* list = value ? value->if_array() : nullptr;
    for (std::size_t i = 0; list != nullptr && i + 1 < list->size(); i += 2)
      again_.insert({static_cast<Kind>((*list)[i].to_number<int>()), std::string((*list)[i + 1].get_string())});
  }
  auto try_again = std::chrono::steady_clock::now();
  for (;;) {
    while (follow_log()) {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    std::set<std::string> folders;
    {
      std::unique_lock lock(mutex_);
      if (folders_.empty()) wake_.wait_for(lock, kPause);
      if (stopping_) return;
      folders = std::exchange(folders_, {});
    }
    for (const std::string& folder : folders) check_folder(folder);
    if (!again_.empty() && std::chrono::steady_clock::now() >= try_again) {
      for (const ItemKey& item : std::set<ItemKey>(again_)) settle(item, {});
      try_again = std::chrono::steady_clock::now() + kTryAgain;
    }
  }
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
  for (const ItemKey& item : items) settle(item, {});
  ChangeSet changes{.durability = store::Durability::soon};
  if (!activities.empty()) changes.settings.emplace_back(kPlace, std::to_string(activities.back().number));
  json::Array list;
  for (const ItemKey& item : again_) {
    list.emplace_back(static_cast<int>(item.kind));
    list.emplace_back(item.identifier);
  }
  changes.settings.emplace_back(kAgain, json::to_text(list));
  again_changed_ = false;
  return catalogue_.apply(changes).has_value() && !activities.empty();
}

void WriteBack::settle(const ItemKey& item, const std::string& named_path) {
  const auto done = reconcile(item, named_path);
  if (!done) base::log::warning("writing back {}: {} {}", item.identifier, done.error().message, done.error().detail);
  const bool settled = done && *done;
  again_changed_ = (settled ? again_.erase(item) > 0 : again_.insert(item).second) || again_changed_;
}

void WriteBack::check_folder(const std::string& folder) {
  std::set<ItemKey> items;
  std::vector<std::pair<ItemKey, std::string>> named;
  {
    auto reader = store_.read();
    if (!reader) return;
    auto rows = (*reader)->items_of_folder(folder);
    if (!rows) return;
    for (const store::ItemRow& row : *rows) {
      items.insert(row.key);
      if (row.key.kind != Kind::collection) continue;
      if (auto written = (*reader)->written_in(row.key.identifier)) items.insert(written->begin(), written->end());
    }
  }
  if (const auto listing = tree_.list(folder)) {
    for (const Entry& entry : listing->entries) {
      const auto item = entry.is_folder ? std::nullopt : item_of_written_name(entry.name);
      if (item && !items.contains(*item)) named.emplace_back(*item, join(folder, entry.name));
    }
  }
  for (const ItemKey& item : items) settle(item, {});
  for (const auto& [item, path] : named) settle(item, path);
}

std::string WriteBack::path_of(const store::Reader& reader, const store::ItemRow& item) const {
  if (item.folder == store::kNoFolder) {
    std::string folder;
    if (const auto said = catalogue::statements_of(reader, item.key); said && said->written) {
      const auto collection = reader.item({Kind::collection, said->written->collection}, kSystem);
      if (collection && *collection && (*collection)->folder != store::kNoFolder) folder = (*collection)->folder;
    }
    return join(folder, written_name(item.key, {}, false));
  }
  std::string stem;
  if (item.key.kind == Kind::manifest && contexts_.context(item.folder)->info.each_file) {
    const auto assets = reader.assets_of(item.key.identifier);
    if (assets && !assets->empty()) stem = stem_of(name_of(assets->front().path));
  }
  return join(item.folder, written_name(item.key, stem, true));
}

// Brings both sides together. False: to be tried again.
Result<bool> WriteBack::reconcile(const ItemKey& item, const std::string& named_path) {
  Record record;
  std::string path = named_path;
  std::string wanted;
  std::optional<store::Revision> seen;
  bool there = false;
  {
    auto reader = store_.read();
    if (!reader) return base::fail(std::move(reader.error()));
    auto kept = (*reader)->setting(setting_of(item));
    if (!kept) return base::fail(std::move(kept.error()));
    record = Record::read(*kept);
    auto row = (*reader)->item(item, kSystem);
    if (!row) return base::fail(std::move(row.error()));
    there = row->has_value();
    if (there) {
      auto content = written_content(**reader, **row);
      if (!content) return base::fail(std::move(content.error()));
      if (*content) wanted = written_text(**content);
      path = path_of(**reader, **row);
      auto revision = catalogue::document_revision(**reader, **row, kSystem);
      if (!revision) return base::fail(std::move(revision.error()));
      seen = *revision;
    } else if (path.empty()) {
      path = record.path;
    }
  }
  if (path.empty()) return true;
  // A folder that is away says nothing: a disk may be missing.
  const auto listing = tree_.list(parent_of(path));
  if (!listing || listing->entries.empty()) return true;
  if (tree_.being_written(path).value_or(false)) return false;
  Side file;
  auto text = tree_.text(path, kLargestDocument);
  if (text) file.text = std::move(*text);
  if (!text && text.error().code != ErrorCode::not_found) return base::fail(std::move(text.error()));

  const Record now{path, hash_of(file.text), hash_of(wanted), false};
  const bool file_changed = now.file != record.file;
  const bool store_changed = now.store != record.store;
  const bool nothing = record.path.empty() && now.file.empty() && now.store.empty();
  if (nothing || (!file_changed && !store_changed && record.path == path)) return true;
  if (!file.text.empty()) file.content = read_written(file.text, item);
  const bool same = file.text == wanted ||
                    (!file.text.empty() && !wanted.empty() && file.content && written_text(*file.content) == wanted);
  const bool gone = file.text.empty();
  const auto pass = [](const Result<>& done) -> Result<bool> {
    if (!done) return base::fail(done.error());
    return true;
  };
  if (same) return pass(note(item, now, path, {}));
  if ((!file_changed && !record.conflict) || (record.conflict && gone)) {
    if (auto done = project(record, path, wanted); !done) {
      auto told = note(item, record, path, {{path, "", done.error().message}});
      return told ? Result<bool>(false) : pass(told);
    }
    return pass(note(item, {path, hash_of(wanted), now.store, false}, path, {}));
  }
  if (file_changed && !store_changed && (there || !gone)) {
    if (!gone && !file.content) {
      const TextProblem& problem = file.content.error();
      return pass(note(item, record, path,
                       {{path, problem.line > 0 ? fmt::format("line {}", problem.line) : "", problem.reason}}));
    }
    auto done = take_in(item, path, file, now, seen);
    if (done) return true;
    if (done.error().code == ErrorCode::precondition_failed) return false;
    return pass(note(item, record, path, {{path, "", done.error().message}}));
  }
  Record told = now;
  told.conflict = true;
  return pass(note(item, told, path,
                   {{path, "",
                     "This file and what is written through the API were both changed since they were the same. The "
                     "server publishes its own, and the file stays as it is: change it into what shall hold, or delete "
                     "it to have the server's."}}));
}

Result<> WriteBack::project(const Record& record, const std::string& path, const std::string& text) const {
  const std::filesystem::path root = tree_.root();
  if (!record.path.empty() && record.path != path) {  // it was called otherwise, and nobody changed it since
    const auto old = tree_.text(record.path, kLargestDocument);
    if (old && hash_of(*old) == record.file) {
      if (auto done = remove_file(root / record.path); !done) return done;
    }
  }
  if (text.empty()) return remove_file(root / path);
  return replace_file(root / path, text);
}

// What a person wrote into the file, or that it was deleted, as a version of its own.
Result<> WriteBack::take_in(const ItemKey& item, const std::string& path, const Side& file, Record record,
                            std::optional<store::Revision> seen) {
  Edit edit{.item = item, .method = "FILE", .media_type = "application/yaml", .source = file.text};
  edit.who = "file " + path;
  if (seen) edit.seen = std::vector<store::Revision>{*seen};
  edit.only_new = !seen;
  {
    auto reader = store_.read();
    if (!reader) return base::fail(std::move(reader.error()));
    auto aliases = (*reader)->aliases_from(catalogue::aliases_origin(item));
    if (!aliases) return base::fail(std::move(aliases.error()));
    for (const store::AliasRow& alias : *aliases) edit.ids.emplace_back(alias.alias, alias.identifier);
    auto rows = (*reader)->items_of_folder(parent_of(path));
    if (!rows) return base::fail(std::move(rows.error()));
    for (const store::ItemRow& row : *rows) {
      if (row.key.kind == Kind::collection) edit.collection = row.key.identifier;
    }
  }
  record.store.clear();
  if (file.text.empty()) {
    edit.kind = Edit::Kind::remove;
  } else if (!file.content->document.empty()) {
    edit.kind = Edit::Kind::put;
    edit.content = file.content->document;
    record.store = hash_of(written_text(*file.content));
  } else if (file.content->patches.empty()) {
    edit.kind = Edit::Kind::remove;
  } else {
    edit.kind = Edit::Kind::patches;
    edit.content = json::Object{{"patches", file.content->patches}};
    record.store = hash_of(written_text(*file.content));
  }
  ChangeSet changes;
  changes.edits.push_back(std::move(edit));
  changes.settings.emplace_back(setting_of(item), record.text());
  changes.problems.emplace_back(owner_of(path), std::vector<catalogue::Problem>());
  auto applied = catalogue_.apply(changes);
  if (!applied) return base::fail(std::move(applied.error()));
  return {};
}

Result<> WriteBack::note(const ItemKey& item, const Record& record, const std::string& path,
                         std::vector<catalogue::Problem> problems) {
  ChangeSet changes{.durability = store::Durability::soon};
  changes.settings.emplace_back(setting_of(item), record.text());
  changes.problems.emplace_back(owner_of(path), std::move(problems));
  auto applied = catalogue_.apply(changes);
  if (!applied) return base::fail(std::move(applied.error()));
  return {};
}

}  // namespace armarium::ingest
