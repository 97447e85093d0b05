// How both sides of one item are brought together: what is written through the API, and the file beside the item.

#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/log.h"
#include "catalogue/change_set.h"
#include "catalogue/written.h"
#include "ingest/folder_document.h"
#include "ingest/identifiers.h"
#include "ingest/new_file.h"
#include "ingest/write_back.h"
#include "ingest/written_file.h"

namespace armarium::ingest {

using base::ErrorCode;
using base::Result;
using catalogue::ChangeSet;
using catalogue::Edit;
using store::ItemKey;
using store::Kind;

namespace {

constexpr int kMostTries = 3;  // at once, where somebody else saves meanwhile
const base::Principal kSystem = base::Principal::system();

std::string setting_of(const ItemKey& item) {
  return fmt::format("write-back {} {}", static_cast<int>(item.kind), item.identifier);
}

std::string owner_of(const std::string& path) { return "written:" + path; }
std::string hash_of(const std::string& text) { return text.empty() ? std::string() : base::hash_hex(text); }

Result<bool> failed(base::Error error) { return base::fail(std::move(error)); }

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

// Both sides as they are now.
struct WriteBack::Sides {
  bool there = false;    // the item
  bool told = false;     // /status names its file
  std::string wanted{};  // what the catalogue's side would have in the file
  std::optional<store::Revision> seen{};
  std::string path{};  // where the file belongs
  std::string lies{};  // where it lies: there, or where it was before the item moved
  std::string file{};  // its text
  tl::expected<WrittenContent, TextProblem> content{};

  bool moves() const { return lies != path; }
  Record record(bool conflict = false) const { return {lies, hash_of(file), hash_of(wanted), conflict}; }
};

std::string WriteBack::path_of(const store::Reader& reader, const store::ItemRow& item, const Record& record) const {
  if (item.folder == store::kNoFolder) {
    std::string folder;
    if (const auto said = catalogue::statements_of(reader, item.key); said && said->written) {
      const auto collection = reader.item({Kind::collection, said->written->collection}, kSystem);
      // A Collection that is hidden, or away, may come back.
      if (collection && !*collection && !record.path.empty()) return record.path;
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

void WriteBack::follow_moves(const store::Reader& reader, ChangeSet& changes) {
  for (const catalogue::MoveChange& move : changes.moves) {
    const ItemKey to{move.from.kind, move.to};
    auto known = reader.setting(setting_of(move.from));
    if (!known || known->empty() || !reader.setting(setting_of(to)).value_or("?").empty()) continue;
    changes.settings.emplace_back(setting_of(move.from), std::string());
    changes.settings.emplace_back(setting_of(to), std::move(*known));
  }
}

// False: nothing is to be done.
Result<bool> WriteBack::read_store(const ItemKey& item, const std::string& named_path, Record& record, Sides& now) {
  auto reader = store_.read();
  if (!reader) return failed(std::move(reader.error()));
  auto kept = (*reader)->setting(setting_of(item));
  if (!kept) return failed(std::move(kept.error()));
  record = Record::read(*kept);
  auto row = (*reader)->item(item, kSystem);
  if (!row) return failed(std::move(row.error()));
  now.there = row->has_value();
  now.path = record.path.empty() ? named_path : record.path;
  if (now.there) {
    auto content = written_content(**reader, **row);
    if (!content) return failed(std::move(content.error()));
    if (*content) now.wanted = written_text(**content);
    now.path = path_of(**reader, **row, record);
    auto revision = catalogue::document_revision(**reader, **row, kSystem);
    if (!revision) return failed(std::move(revision.error()));
    now.seen = *revision;
  } else {
    if (!named_path.empty()) now.path = named_path;
    // What was written over an item that is hidden or away waits for it, and so does its file.
    auto said = catalogue::statements_of(**reader, item);
    if (!said) return failed(std::move(said.error()));
    if (said->written) return false;
  }
  if (now.path.empty()) return false;
  auto problems = (*reader)->problems_of(owner_of(now.path));
  if (!problems) return failed(std::move(problems.error()));
  now.told = !problems->empty();
  return true;
}

// The file where it belongs, or else where it was. False: to be tried again.
Result<bool> WriteBack::read_file(const ItemKey& item, Record& record, Sides& now) {
  for (const std::string& path : {now.path, record.path}) {
    if (path.empty() || (path != now.path && !tree_.has_name(path))) continue;
    now.lies = path;
    if (tree_.being_written(path).value_or(false)) return false;
    if (auto text = tree_.text(path, kLargestDocument)) {
      now.file = std::move(*text);
      break;
    } else if (tree_.has_name(path)) {
      const bool large = text.error().code == ErrorCode::too_large;
      auto told = note(item, record, now,
                       {{path, "",
                         large ? text.error().message
                               : "The file cannot be read: it may not be opened, is no file, or is a link that leads "
                                 "out of FOLDER. It stays as it is, and is tried again."}});
      return told ? Result<bool>(false) : told;
    }
  }
  // Neither: it got lost on the way.
  if (!record.path.empty() && record.path != now.path && now.file.empty()) record = {};
  if (now.file.empty()) now.lies = now.path;
  if (!now.file.empty()) now.content = read_written(now.file, item);
  return true;
}

// Brings both sides together. False: to be tried again.
Result<bool> WriteBack::reconcile(const ItemKey& item, const std::string& named_path) {
  for (int tries = 0; tries < kMostTries; ++tries) {
    Record record;
    Sides now;
    auto read = read_store(item, named_path, record, now);
    if (!read) return read;
    if (!*read) return true;
    // A folder that is away says nothing: a disk may be missing.
    if (!tree_.holds_anything(parent_of(now.path))) return true;
    read = read_file(item, record, now);
    if (!read || !*read) return read;
    auto done = compare(item, record, now);
    if (done || done.error().code != ErrorCode::conflict) return done;
  }
  return false;
}

// conflict: somebody saved the file meanwhile.
Result<bool> WriteBack::compare(const ItemKey& item, Record& record, Sides& now) {
  const Record found = now.record();
  const bool file_changed = found.file != record.file;
  const bool store_changed = found.store != record.store;
  const bool gone = now.file.empty();
  const bool nothing = record.path.empty() && found.file.empty() && found.store.empty();
  if (nothing || (!file_changed && !store_changed && (record.path == now.path || record.conflict)))
    return now.told && !record.conflict ? note(item, record, now, {}) : Result<bool>(true);
  const auto put = [&](const std::string& text) -> Result<bool> {
    if (auto done = project(now, text); !done) {
      if (done.error().code == ErrorCode::conflict) return failed(std::move(done.error()));
      auto told = note(item, record, now, {{now.path, "", done.error().message}});
      return told ? Result<bool>(false) : told;
    }
    return note(item, {now.path, hash_of(text), found.store, false}, now, {});
  };
  const bool same = now.file == now.wanted ||
                    (!gone && !now.wanted.empty() && now.content && written_text(*now.content) == now.wanted);
  if (same || (!file_changed && !store_changed)) return now.moves() ? put(now.file) : note(item, found, now, {});
  if ((!file_changed && !record.conflict) || (record.conflict && gone)) return put(now.wanted);
  if (file_changed && !store_changed && (now.there || !gone)) {
    // What was taken down is not read, in whatever file it comes.
    if (auto may = catalogue_.allowed(item.identifier); !may && may.error().code == ErrorCode::withheld) return true;
    if (!gone && !now.content) {
      const TextProblem& problem = now.content.error();
      return note(item, record, now,
                  {{now.lies, problem.line > 0 ? fmt::format("line {}", problem.line) : "", problem.reason}});
    }
    auto done = take_in(item, now, found);
    if (done) return true;
    if (done.error().code == ErrorCode::precondition_failed) return false;
    return note(item, record, now, {{now.lies, "", done.error().message}});
  }
  return note(item, now.record(true), now,
              {{now.lies, "",
                "This file and what is written through the API were both changed since they were the same. The "
                "server publishes its own, and the file stays as it is: change it into what shall hold, or delete "
                "it to have the server's."}});
}

// `text` where the file belongs, and nothing where it was.
Result<> WriteBack::project(const Sides& now, const std::string& text) const {
  const std::filesystem::path root = tree_.root();
  if (!text.empty()) {
    if (auto done = exchange_file(root / now.path, now.moves() ? "" : now.file, text); !done) return done;
  }
  return now.moves() || text.empty() ? remove_file(root / now.lies, now.file) : Result<>();
}

// What a person wrote into the file, or that it was deleted, as a version of its own.
Result<> WriteBack::take_in(const ItemKey& item, const Sides& now, Record record) {
  Edit edit{.item = item, .method = "FILE", .media_type = "application/yaml", .source = now.file};
  edit.who = "file " + now.lies;
  if (now.seen) edit.seen = std::vector<store::Revision>{*now.seen};
  edit.only_new = !now.seen;
  {
    auto reader = store_.read();
    if (!reader) return base::fail(std::move(reader.error()));
    auto aliases = (*reader)->aliases_from(catalogue::aliases_origin(item));
    if (!aliases) return base::fail(std::move(aliases.error()));
    for (const store::AliasRow& alias : *aliases) edit.ids.emplace_back(alias.alias, alias.identifier);
    auto rows = now.there ? std::vector<store::ItemRow>() : (*reader)->items_of_folder(parent_of(now.lies));
    if (!rows) return base::fail(std::move(rows.error()));
    for (const store::ItemRow& row : *rows) {
      if (row.key.kind == Kind::collection) edit.collection = row.key.identifier;
    }
  }
  record.store.clear();
  if (now.file.empty()) {
    edit.kind = Edit::Kind::remove;
  } else if (!now.content->document.empty()) {
    edit.kind = Edit::Kind::put;
    edit.content = now.content->document;
    record.store = hash_of(written_text(*now.content));
  } else if (now.content->patches.empty()) {
    edit.kind = Edit::Kind::remove;
  } else {
    edit.kind = Edit::Kind::patches;
    edit.content = json::Object{{"patches", now.content->patches}};
    record.store = hash_of(written_text(*now.content));
  }
  ChangeSet changes;
  changes.edits.push_back(std::move(edit));
  changes.settings.emplace_back(setting_of(item), record.text());
  changes.problems.emplace_back(owner_of(now.path), std::vector<catalogue::Problem>());
  auto applied = catalogue_.apply(changes);
  if (!applied) return base::fail(std::move(applied.error()));
  return {};
}

Result<bool> WriteBack::note(const ItemKey& item, const Record& record, const Sides& now,
                             std::vector<catalogue::Problem> problems) {
  ChangeSet changes{.durability = store::Durability::soon};
  changes.settings.emplace_back(setting_of(item), record.text());
  changes.problems.emplace_back(owner_of(now.path), std::move(problems));
  auto applied = catalogue_.apply(changes);
  return applied ? Result<bool>(true) : failed(std::move(applied.error()));
}

}  // namespace armarium::ingest
