#include "catalogue/sweep.h"

#include <algorithm>
#include <optional>

#include "catalogue/documents.h"
#include "catalogue/written.h"
#include "iiif/content_state.h"
#include "iiif/presentation/tree.h"

namespace armarium::catalogue {
namespace {

namespace doc = iiif::presentation;
using store::ActivityType;
using store::ItemKey;
using store::ItemRow;
using store::Kind;

const base::Principal kSystem = base::Principal::system();
constexpr int kLongestChain = 8;
constexpr std::size_t kStatesAtOnce = 500;

bool is_public(const ItemRow& row) { return row.announced && row.audience.empty(); }

// A Canvas row without what is withheld. Nothing when it is as it was.
std::optional<store::CanvasRow> without(const store::CanvasRow& row, const Takedowns& all) {
  auto value = json::parse(row.document);
  if (!value || !value->is_object()) return std::nullopt;
  json::Object& object = value->get_object();
  bool changed = false;
  if (json::Value* assets = object.if_contains("assets"); assets != nullptr && assets->is_array()) {
    json::Array kept;
    for (const json::Value& name : assets->get_array()) {
      if (!name.is_string() || !all.holds(name.get_string())) kept.push_back(name);
    }
    changed = kept.size() != assets->get_array().size();
    *assets = std::move(kept);
  }
  if (json::Value* notes = object.if_contains("annotations"); notes != nullptr && notes->is_array()) {
    json::Array kept;
    for (const json::Value& note : notes->get_array()) {
      const std::string_view asset = note.is_object() ? json::text_of(note.get_object(), "asset") : std::string_view();
      if (asset.empty() || !all.holds(asset)) kept.push_back(note);
    }
    changed = changed || kept.size() != notes->get_array().size();
    *notes = std::move(kept);
  }
  if (json::Value* tree = object.if_contains("tree"); tree != nullptr && tree->is_object())
    changed = all.prune(tree->get_object()) || changed;
  if (!changed) return std::nullopt;
  return store::CanvasRow{row.identifier, json::to_text(*value)};
}

// What was read from a file, but for what tells the file from others: so a move of it is recognised.
store::FileRow without_content(store::FileRow row) {
  auto value = json::parse(row.document);
  if (!value || !value->is_object()) return row;
  json::Object& facts = value->get_object();
  for (const char* key : {"embedded", "others", "problem"}) facts.erase(key);
  facts["pages"] = json::Array();
  row.document = json::to_text(*value);
  return row;
}

}  // namespace

store::FolderRow looked_at_again(store::FolderRow row) {
  row.token.clear();
  return row;
}

base::Result<> Sweep::find() {
  for (const store::TakedownRow& row : fresh_) {
    auto items = before_.items_named(row.identifier);
    if (!items) return base::fail(std::move(items.error()));
    for (ItemKey& key : *items) {
      if (all_.holds(key.identifier)) removed_.insert(std::move(key));
    }
    auto assets = before_.assets_named(row.identifier);
    if (!assets) return base::fail(std::move(assets.error()));
    for (store::AssetRow& asset : *assets) {
      if (!all_.holds(asset.identifier)) continue;
      files_.insert(asset.path);
      parts_.insert(holder_of(asset.manifest));
      out_.batch.removed_assets.push_back(asset.identifier);
      out_.done.pictures.push_back(std::move(asset));
    }
    auto manifests = before_.holders_of_canvases_named(row.identifier);
    if (!manifests) return base::fail(std::move(manifests.error()));
    for (std::string& manifest : *manifests) parts_.insert({Kind::manifest, std::move(manifest)});
  }
  auto written = before_.written_items();
  if (!written) return base::fail(std::move(written.error()));
  // What waits for its files, or was deleted, has statements and a history still.
  for (const ItemKey& key : *written) (all_.holds(key.identifier) ? removed_ : showing_).insert(key);
  for (const store::TakedownRow& row : fresh_) {
    removed_.insert({Kind::manifest, row.identifier});
    removed_.insert({Kind::collection, row.identifier});
  }
  return {};
}

// One Delete of the item, and of each name that it had before, for those who have heard of it under that name only.
base::Result<> Sweep::tell_gone(const ItemRow& row) {
  std::vector<std::string> names{row.key.identifier};
  for (std::size_t at = 0; at < names.size() && at < kLongestChain; ++at) {
    auto aliases = before_.aliases_to(names[at]);
    if (!aliases) return base::fail(std::move(aliases.error()));
    for (const store::AliasRow& alias : *aliases) {
      if (alias.origin == "move" && std::find(names.begin(), names.end(), alias.alias) == names.end())
        names.push_back(alias.alias);
    }
  }
  for (std::string& name : names) {
    const ItemKey key{row.key.kind, std::move(name)};
    auto other = before_.item(key, kSystem);
    if (!other) return base::fail(std::move(other.error()));
    if (*other && key != row.key) continue;  // another item has the name now
    out_.batch.erased.push_back(key);
    if (row.announced) {
      out_.batch.activities.push_back({.place = is_public(row) ? 1U : 0U, .type = ActivityType::remove, .item = key});
    }
  }
  return {};
}

// Of an item that was deleted before: what was said of it names it no more, but for the Delete.
base::Result<> Sweep::tell_gone_before(const ItemKey& key) {
  auto gone = before_.is_gone(key);
  if (!gone) return base::fail(std::move(gone.error()));
  if (!*gone) return {};
  out_.batch.erased.push_back(key);
  out_.batch.activities.push_back({.place = 1, .type = ActivityType::remove, .item = key});
  return {};
}

base::Result<> Sweep::remove(const ItemKey& key) {
  out_.batch.forgotten_versions.push_back(key);
  for (const std::string_view origin : {kWritten, kFolder}) out_.batch.removed_statements.emplace_back(key, origin);
  auto row = before_.item(key, kSystem);
  if (!row) return base::fail(std::move(row.error()));
  if (!*row) return tell_gone_before(key);
  out_.batch.removed_items.push_back(key);
  out_.batch.not_gone.push_back(key);
  auto assets = before_.assets_of(holder_name(key));
  if (!assets) return base::fail(std::move(assets.error()));
  for (store::AssetRow& asset : *assets) {
    files_.insert(asset.path);
    out_.batch.not_gone.push_back({Kind::asset, asset.identifier});
    if (all_.holds(asset.identifier)) continue;  // found already
    out_.batch.removed_assets.push_back(asset.identifier);
    out_.done.pictures.push_back(std::move(asset));
  }
  auto holders = before_.holders(key, kSystem);
  if (!holders) return base::fail(std::move(holders.error()));
  for (const ItemRow& holder : *holders) showing_.insert(holder.key);
  if ((*row)->folder != store::kNoFolder) folders_.insert((*row)->folder);
  out_.done.items.push_back(key);
  return tell_gone(**row);
}

base::Result<bool> Sweep::rewrite_canvases(ItemRow& row) {
  auto canvases = before_.canvases(row.key.identifier);
  if (!canvases) return base::fail(std::move(canvases.error()));
  std::vector<store::CanvasRow> kept;
  bool changed = false;
  for (store::CanvasRow& canvas : *canvases) {
    if (all_.holds(canvas.identifier)) {
      changed = true;
      continue;
    }
    auto now = without(canvas, all_);
    changed = changed || now.has_value();
    kept.push_back(now ? std::move(*now) : std::move(canvas));
  }
  if (!changed) return false;
  if (kept.size() != canvases->size()) row.first_page = 0;
  row.count = kept.size();
  if (row.thumbnail.empty() || all_.holds(row.thumbnail)) {
    row.thumbnail.clear();
    for (std::size_t i = 0; i < kept.size() && row.thumbnail.empty(); ++i) {
      const std::vector<std::string> names = assets_in(kept[i]);
      if (!names.empty()) row.thumbnail = names.front();
    }
  }
  out_.batch.canvases.emplace_back(row.key.identifier, std::move(kept));
  return true;
}

base::Result<bool> Sweep::rewrite_members(ItemRow& row) {
  auto members = before_.member_keys(row.key.identifier);
  if (!members) return base::fail(std::move(members.error()));
  const auto before = members->size();
  std::erase_if(*members, [this](const ItemKey& key) { return removed_.contains(key); });
  if (members->size() == before) return false;
  row.count = members->size();
  out_.batch.members.emplace_back(row.key.identifier, std::move(*members));
  return true;
}

bool Sweep::prune(ItemDocument& document) const {
  json::Object over{{"over", std::move(document.over)}};
  const bool changed = all_.prune(over);
  document.over = std::move(over["over"].get_array());
  return all_.prune(document.tree) || changed;
}

// What the files say, kept below what was written.
void Sweep::rewrite_below(json::Object& kept) const {
  json::Array canvases;
  for (const json::Value& pair : doc::array_in(kept, "canvases")) {
    const std::string id(pair.get_array()[0].get_string());
    if (all_.holds(id)) continue;
    auto now = without({id, std::string(pair.get_array()[1].get_string())}, all_);
    canvases.push_back(now ? json::Value(json::Array{now->identifier, now->document}) : pair);
  }
  json::Array members;
  for (const json::Value& pair : doc::array_in(kept, "members")) {
    if (!all_.holds(pair.get_array()[1].get_string())) members.push_back(pair);
  }
  if (all_.holds(json::text_of(kept, "thumbnail"))) kept["thumbnail"] = "";
  if (auto document = item_document_of(std::string(json::text_of(kept, "document"))); document && prune(*document))
    kept["document"] = document_text(*document);
  kept["canvases"] = std::move(canvases);
  kept["members"] = std::move(members);
}

// What people wrote, where it waits for files or lies over them, and what is kept below it.
base::Result<> Sweep::rewrite_statements(const ItemKey& key) {
  auto statements = before_.statements(key);
  if (!statements) return base::fail(std::move(statements.error()));
  for (store::StatementRow& statement : *statements) {
    auto value = json::parse(statement.document);
    if (!value || !value->is_object()) continue;
    if (statement.origin == kFolder) rewrite_below(value->get_object());
    if (statement.origin == kWritten) all_.prune(value->get_object());
    std::string text = json::to_text(*value);
    if (text == statement.document) continue;
    statement.document = std::move(text);
    out_.batch.statements.push_back(std::move(statement));
  }
  return {};
}

base::Result<> Sweep::rewrite(const ItemKey& key) {
  if (auto done = rewrite_statements(key); !done) return done;
  auto found = before_.item(key, kSystem);
  if (!found) return base::fail(std::move(found.error()));
  if (!*found) return {};
  ItemRow row = **found;
  const bool manifest = key.kind == Kind::manifest;
  auto parts = manifest ? rewrite_canvases(row) : rewrite_members(row);
  if (!parts) return base::fail(std::move(parts.error()));
  auto document = item_document_of(row.document);
  if (!document) return base::fail(std::move(document.error()));
  const bool pruned = prune(*document);
  const bool pictured = all_.holds(row.thumbnail);
  if (!*parts && !pruned && !pictured) return {};
  if (pruned) row.document = document_text(*document);
  if (pictured) row.thumbnail.clear();
  row.revision = row.face_revision = 0;
  if (is_public(row)) {
    out_.batch.activities.push_back({.place = 1, .type = ActivityType::update, .item = key});
  }
  // What was sent holds the part as well.
  if (parts_.contains(key)) out_.batch.forgotten_versions.push_back(key);
  if (row.folder != store::kNoFolder && parts_.contains(key)) folders_.insert(row.folder);
  out_.done.changed.push_back(key);
  out_.batch.items.push_back(std::move(row));
  return {};
}

// Whether an identifier, an older or an outside one leads to something that is withheld.
base::Result<bool> Sweep::leads_to_withheld(std::string name) const {
  for (int step = 0; step < kLongestChain; ++step) {
    std::string spelled = name;
    std::replace(spelled.begin(), spelled.end(), '/', '~');
    if (all_.holds(name) || all_.holds(spelled)) return true;
    auto alias = before_.alias(name);
    if (!alias) return base::fail(std::move(alias.error()));
    if (!*alias) return false;
    name = std::move((*alias)->identifier);
  }
  return false;
}

base::Result<bool> Sweep::names_withheld(const json::Value& value) const {
  if (const json::Array* list = value.if_array()) {
    for (const json::Value& one : *list) {
      auto names = names_withheld(one);
      if (!names || *names) return names;
    }
  } else if (const json::Object* object = value.if_object()) {
    for (const auto& member : *object) {
      auto names = names_withheld(member.value());
      if (!names || *names) return names;
    }
  } else if (value.is_string()) {
    const std::string_view text = value.get_string();
    if (text.starts_with(iiif::content_state::kHere)) {
      const std::string identifier = identifier_in(text.substr(iiif::content_state::kHere.size() - 1));
      return identifier.empty() ? base::Result<bool>(false) : leads_to_withheld(identifier);
    }
    return leads_to_withheld(std::string(text.substr(0, text.find('#'))));
  }
  return false;
}

base::Result<> Sweep::states() {
  std::string cursor;
  for (;;) {
    auto rows = before_.content_states_after(cursor, kStatesAtOnce);
    if (!rows) return base::fail(std::move(rows.error()));
    for (const store::ContentStateRow& row : *rows) {
      const auto value = json::parse(row.document);
      auto names = value ? names_withheld(*value) : base::Result<bool>(false);
      if (!names) return base::fail(std::move(names.error()));
      if (*names) out_.batch.removed_content_states.push_back(row.id);
    }
    if (rows->size() < kStatesAtOnce) return {};
    cursor = rows->back().id;
  }
}

// What ingest remembers of the folders, so that they are looked at again, and of their files.
base::Result<> Sweep::folders() {
  for (const std::string& path : folders_) {
    auto row = before_.folder(path);
    if (!row) return base::fail(std::move(row.error()));
    if (!*row) continue;
    auto items = before_.items_of_folder(path);
    if (!items) return base::fail(std::move(items.error()));
    const bool whole =
        std::all_of(items->begin(), items->end(), [this](const ItemRow& item) { return removed_.contains(item.key); });
    auto files = before_.files_in(path);
    if (!files) return base::fail(std::move(files.error()));
    for (store::FileRow& file : *files) {
      if (whole || files_.contains(file.path)) out_.batch.files.push_back(without_content(std::move(file)));
    }
    if (whole) out_.batch.problems.emplace_back(path, std::vector<store::ProblemRow>());
    out_.batch.folders.push_back(looked_at_again(std::move(**row)));
    out_.done.folders.push_back(path);
  }
  return {};
}

base::Result<TakedownRows> Sweep::run() && {
  if (auto found = find(); !found) return base::fail(std::move(found.error()));
  // A Manifest of which nothing is left goes, too.
  for (const ItemKey& key : parts_) {
    if (key.kind != Kind::manifest || removed_.contains(key)) continue;
    auto canvases = before_.canvases(key.identifier);
    if (!canvases) return base::fail(std::move(canvases.error()));
    if (std::all_of(canvases->begin(), canvases->end(), [this](const auto& one) { return all_.holds(one.identifier); }))
      removed_.insert(key);
  }
  for (const ItemKey& key : removed_) {
    if (auto done = remove(key); !done) return base::fail(std::move(done.error()));
  }
  showing_.insert(parts_.begin(), parts_.end());
  for (const ItemKey& key : showing_) {
    if (removed_.contains(key)) continue;
    if (auto done = rewrite(key); !done) return base::fail(std::move(done.error()));
  }
  if (auto done = states(); !done) return base::fail(std::move(done.error()));
  if (auto done = folders(); !done) return base::fail(std::move(done.error()));
  return std::move(out_);
}

}  // namespace armarium::catalogue
