#include "catalogue/differences.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "catalogue/documents.h"
#include "catalogue/overlay.h"

namespace armarium::catalogue {
namespace {

using store::ActivityType;
using store::ItemKey;
using store::ItemRow;
using store::Kind;

const base::Principal kSystem = base::Principal::system();

class Builder {
 public:
  Builder(const ChangeSet& changes, const store::Reader& before, const Takedowns& withheld)
      : changes_(changes), before_(before), withheld_(withheld) {}
  base::Result<Differences> build() &&;

 private:
  base::Result<> know_manifests();
  base::Result<> manifest(const ManifestChange& change);
  base::Result<> collection(const CollectionChange& change);
  base::Result<> edit(const Edit& edit);
  base::Result<> add_written(const std::string& collection, const MoveChange* move,
                             std::vector<ItemKey>& members) const;
  base::Result<> written_follow(const MoveChange& move);
  base::Result<> own_thumbnail(const CollectionChange& change, ItemRow& row);
  base::Result<> remove(const ItemKey& key, bool gone);
  base::Result<> aliases_of_move(const MoveChange& move);
  base::Result<bool> assets(const ManifestChange& change, bool has_parts, ItemRow& row);
  base::Result<> finish(ItemRow row, const std::optional<ItemRow>& was, bool content_changed,
                        const iiif::Description& description);
  base::Result<> tell(const ItemRow& row, const std::optional<ItemRow>& was, std::string document);
  base::Result<> tell_who_moved_away(const ItemKey& key);
  const MoveChange* move_to(const ItemKey& key) const;
  bool is_move_source(const ItemKey& key) const;
  bool has_followed(const ItemKey& key) const;
  void take(store::Batch&& made);

  const ChangeSet& changes_;
  const store::Reader& before_;
  const Takedowns& withheld_;
  std::unordered_map<std::string, ItemRow> manifests_;  // as they were, of those that may change
  Differences out_;
  bool thumbnail_changed_ = false;
};

const MoveChange* Builder::move_to(const ItemKey& key) const {
  for (const MoveChange& move : changes_.moves) {
    if (move.from.kind == key.kind && move.to == key.identifier) return &move;
  }
  return nullptr;
}

bool Builder::is_move_source(const ItemKey& key) const {
  return std::any_of(changes_.moves.begin(), changes_.moves.end(),
                     [&](const MoveChange& move) { return move.from == key; });
}

// Whether what was written over an item went along with its move.
bool Builder::has_followed(const ItemKey& key) const {
  return std::any_of(out_.batch.moved_versions.begin(), out_.batch.moved_versions.end(),
                     [&](const auto& pair) { return pair.first == key; });
}

// Whether the change stream has named an item, and nobody was told since that it went.
bool is_listed(const std::optional<ItemRow>& row) { return row && row->announced && row->audience.empty(); }

// What the change stream says of an item beside its address: the descriptions it was made from. Change Discovery 1.0, 3.3 object.
std::string stream_document(const iiif::Description& description) {
  json::Array datasets;
  for (const iiif::Link& link : description.see_also) {
    if (link.type != "Dataset" || !link.id.starts_with("http")) continue;
    json::Object dataset;
    dataset["id"] = link.id;
    dataset["type"] = link.type;
    if (!link.label.empty()) dataset["label"] = link.label.to_json();
    if (!link.format.empty()) dataset["format"] = link.format;
    if (!link.profile.empty()) dataset["profile"] = link.profile;
    datasets.push_back(std::move(dataset));
  }
  if (datasets.empty()) return {};
  json::Object document;
  document["seeAlso"] = std::move(datasets);
  return json::to_text(document);
}

// The activity of an item that is `row` now. Everybody may know it when everybody may see the item, or could until now: who shows an item to fewer deletes it for
// the others (Change Discovery 1.0, 4.2).
base::Result<> Builder::tell(const ItemRow& row, const std::optional<ItemRow>& was, std::string document) {
  store::ActivityRow activity{.item = row.key, .document = std::move(document)};
  const bool before = is_listed(was);
  const bool now = row.announced && row.audience.empty();
  const MoveChange* move = was && was->announced ? nullptr : move_to(row.key);
  if (before && !now) {
    activity.place = 1;
    activity.type = ActivityType::remove;
    activity.document.clear();
  } else if (move != nullptr) {
    auto from = before_.item(move->from, kSystem);
    if (!from) return base::fail(std::move(from.error()));
    const bool known = is_listed(*from);
    activity.place = known || now ? 1 : 0;
    activity.type = known && !now ? ActivityType::remove : !known && now ? ActivityType::create : ActivityType::move;
    if (activity.type != ActivityType::create) activity.item = move->from;
    if (activity.type == ActivityType::move) activity.target = move->to;
  } else {
    if (!row.complete) return {};
    activity.place = now ? 1 : 0;
    activity.type = now == before && was && was->announced ? ActivityType::update : ActivityType::create;
  }
  const bool is_new = now && !before;
  out_.batch.activities.push_back(std::move(activity));
  return is_new ? tell_who_moved_away(row.key) : base::Result<>();
}

// Who reads the stream backwards looks at each address once: an item that moved away from an address that is used again is named once more, or its move is
// never met (Change Discovery 1.0, 3.5.2, step 4.3).
base::Result<> Builder::tell_who_moved_away(const ItemKey& key) {
  auto alias = before_.alias(key.identifier);
  if (!alias) return base::fail(std::move(alias.error()));
  for (int step = 0; step < 8 && *alias && (*alias)->origin == "move"; ++step) {
    const ItemKey target{key.kind, (*alias)->identifier};
    if (target == key) return {};
    auto item = before_.item(target, kSystem);
    if (!item) return base::fail(std::move(item.error()));
    if (is_listed(*item)) {
      out_.batch.activities.push_back({.place = 1, .type = ActivityType::update, .item = target});
      return {};
    }
    alias = before_.alias(target.identifier);
    if (!alias) return base::fail(std::move(alias.error()));
  }
  return {};
}

// Sets revisions and activities of an item that shall look like `row`; writes nothing when nothing differs.
base::Result<> Builder::finish(ItemRow row, const std::optional<ItemRow>& was, bool content_changed,
                               const iiif::Description& description) {
  const bool face_changed = !was || thumbnail_changed_ || was->label != row.label || was->nav_date != row.nav_date ||
                            was->thumbnail != row.thumbnail || was->count != row.count || was->audience != row.audience;
  const bool changed = !was || content_changed || face_changed || was->document != row.document ||
                       was->complete != row.complete || was->folder != row.folder;
  if (!changed) return {};
  row.revision = 0;
  row.face_revision = face_changed ? 0 : was->face_revision;
  // An item that was only an outline so far is new, too.
  row.announced = (was && was->announced) || row.complete || move_to(row.key) != nullptr;
  if (row.announced) {
    if (auto told = tell(row, was, stream_document(description)); !told) return told;
  }
  const bool list_changed = row.key.kind == Kind::collection && content_changed;
  const bool thumbnail_differs = was ? was->thumbnail != row.thumbnail : !row.thumbnail.empty();
  if (list_changed || thumbnail_differs) out_.new_thumbnails.push_back(row.key);
  out_.batch.items.push_back(std::move(row));
  return {};
}

// Asset and canvas rows; true when any of them changed.
base::Result<bool> Builder::assets(const ManifestChange& change, bool has_parts, ItemRow& row) {
  auto old_assets = has_parts ? before_.assets_of(change.identifier) : std::vector<store::AssetRow>();
  if (!old_assets) return base::fail(std::move(old_assets.error()));
  std::unordered_map<std::string_view, const store::AssetRow*> by_identifier;
  for (const store::AssetRow& old : *old_assets) by_identifier.emplace(old.identifier, &old);

  bool changed = false;
  std::unordered_set<std::string> kept;
  const auto keep = [&](Asset asset) {
    asset.manifest = change.identifier;
    if (row.thumbnail.empty() && asset.state == AssetState::ready) row.thumbnail = asset.identifier;
    store::AssetRow now = row_of(asset);
    if (!kept.insert(now.identifier).second) return;
    const auto old = by_identifier.find(now.identifier);
    if (old != by_identifier.end() && *old->second == now) return;
    changed = true;
    if (now.identifier == row.thumbnail) thumbnail_changed_ = true;
    out_.batch.assets.push_back(std::move(now));
  };
  row.thumbnail = change.thumbnail;
  for (const Canvas& canvas : change.canvases) {
    for (const Asset& asset : canvas.assets) keep(asset);
  }
  for (const Asset& asset : change.more_assets) keep(asset);
  for (const store::AssetRow& old : *old_assets) {
    if (kept.contains(old.identifier)) continue;
    changed = true;
    out_.batch.removed_assets.push_back(old.identifier);
    out_.batch.gone.push_back({Kind::asset, old.identifier});
  }
  return changed;
}

// Asked for together: a folder may hold many.
base::Result<> Builder::know_manifests() {
  std::vector<ItemKey> keys;
  for (const ManifestChange& change : changes_.manifests) keys.push_back({Kind::manifest, change.identifier});
  auto rows = before_.items(keys, kSystem);
  if (!rows) return base::fail(std::move(rows.error()));
  for (ItemRow& row : *rows) {
    std::string identifier = row.key.identifier;
    manifests_.emplace(std::move(identifier), std::move(row));
  }
  return {};
}

base::Result<> Builder::manifest(const ManifestChange& change) {
  const ItemKey key{Kind::manifest, change.identifier};
  const auto found = manifests_.find(change.identifier);
  const std::optional<ItemRow> was = found == manifests_.end() ? std::nullopt : std::optional(found->second);
  if (change.outline && was) return {};

  thumbnail_changed_ = false;
  ItemRow row;
  row.key = key;
  row.folder = change.folder;
  row.audience = change.audience;
  row.label = label_text(change.description.label);
  row.nav_date = change.description.nav_date;
  row.complete = change.complete && !change.outline;
  row.document = document_text({change.description, change.ranges, change.tree, {}});
  if (change.outline) {
    row.count = change.outline_count;
    return finish(std::move(row), was, true, change.description);
  }
  row.count = change.canvases.size();
  // What was never more than an outline has no pictures and Canvases yet.
  const bool has_parts = was && (was->complete || was->announced);
  auto changed = assets(change, has_parts, row);
  if (!changed) return base::fail(std::move(changed.error()));

  auto old_canvases = has_parts ? before_.canvases(change.identifier) : std::vector<store::CanvasRow>();
  if (!old_canvases) return base::fail(std::move(old_canvases.error()));
  std::vector<store::CanvasRow> canvases;
  canvases.reserve(change.canvases.size());
  for (const Canvas& canvas : change.canvases) canvases.push_back(row_of(canvas));
  const MoveChange* move = move_to(key);
  std::vector<ItemKey> none;
  auto overlay = lay_over(before_, row, canvases, none, move == nullptr ? nullptr : &move->from);
  if (!overlay) return base::fail(std::move(overlay.error()));
  take(std::move(overlay->batch));
  const bool same_order = std::equal(canvases.begin(), canvases.end(), old_canvases->begin(), old_canvases->end(),
                                     [](const auto& a, const auto& b) { return a.identifier == b.identifier; });
  if (canvases != *old_canvases) {
    *changed = true;
    out_.batch.canvases.emplace_back(change.identifier, std::move(canvases));
  }
  if (was && same_order && was->count == row.count) row.first_page = was->first_page;
  if (move != nullptr && !(was && was->announced)) {
    auto from = before_.item(move->from, kSystem);
    if (from && *from && (*from)->count == row.count) row.first_page = (*from)->first_page;
  }
  return finish(std::move(row), was, *changed, overlay->description ? *overlay->description : change.description);
}

// The picture that a collection has of its own, when it has one.
base::Result<> Builder::own_thumbnail(const CollectionChange& change, ItemRow& row) {
  const std::string holder = holder_name(row.key);
  auto old = before_.assets_of(holder);
  if (!old) return base::fail(std::move(old.error()));
  if (change.thumbnail) {
    Asset asset = *change.thumbnail;
    asset.manifest = holder;
    row.thumbnail = asset.identifier;
    store::AssetRow now = row_of(asset);
    if (std::find(old->begin(), old->end(), now) == old->end()) {
      thumbnail_changed_ = true;
      out_.batch.assets.push_back(std::move(now));
    }
  }
  for (const store::AssetRow& gone : *old) {
    if (change.thumbnail && gone.identifier == change.thumbnail->identifier) continue;
    if (row.thumbnail == gone.identifier) row.thumbnail.clear();
    out_.batch.removed_assets.push_back(gone.identifier);
    out_.batch.gone.push_back({Kind::asset, gone.identifier});
  }
  return {};
}

base::Result<> Builder::collection(const CollectionChange& change) {
  const ItemKey key{Kind::collection, change.identifier};
  auto was = before_.item(key, kSystem);
  if (!was) return base::fail(std::move(was.error()));
  auto members = before_.member_keys(change.identifier);
  if (!members) return base::fail(std::move(members.error()));

  thumbnail_changed_ = false;
  ItemRow row;
  row.key = key;
  row.folder = change.folder;
  row.audience = change.audience;
  row.label = label_text(change.description.label);
  row.nav_date = change.description.nav_date;
  if (*was) row.thumbnail = (*was)->thumbnail;
  if (auto done = own_thumbnail(change, row); !done) return base::fail(std::move(done.error()));
  row.count = change.members.size();
  row.complete = change.complete;
  row.document = document_text({change.description, {}, change.tree, {}});
  std::vector<store::CanvasRow> none;
  std::vector<ItemKey> listed = change.members;
  const MoveChange* move = move_to(key);
  auto overlay = lay_over(before_, row, none, listed, move == nullptr ? nullptr : &move->from);
  if (!overlay) return base::fail(std::move(overlay.error()));
  take(std::move(overlay->batch));
  if (!overlay->whole) {
    if (auto added = add_written(change.identifier, move, listed); !added) return added;
    row.count = listed.size();
  }
  const bool changed = *members != listed;
  if (changed) out_.batch.members.emplace_back(change.identifier, std::move(listed));
  return finish(std::move(row), *was, changed, overlay->description ? *overlay->description : change.description);
}

// What was put here through the API, or where the Collection was before, comes after what lies in the folder.
base::Result<> Builder::add_written(const std::string& collection, const MoveChange* move,
                                    std::vector<ItemKey>& members) const {
  std::set<ItemKey> listed(members.begin(), members.end());
  for (const std::string& name : {move == nullptr ? collection : move->from.identifier, collection}) {
    auto written = before_.written_in(name);
    if (!written) return base::fail(std::move(written.error()));
    for (ItemKey& key : *written) {
      if (!withheld_.holds(key.identifier) && listed.insert(key).second) members.push_back(std::move(key));
    }
  }
  return {};
}

// What was put into a Collection that moved hangs in it still.
base::Result<> Builder::written_follow(const MoveChange& move) {
  if (move.from.kind != Kind::collection) return {};
  auto written = before_.written_in(move.from.identifier);
  if (!written) return base::fail(std::move(written.error()));
  for (const ItemKey& key : *written) {
    auto statements = before_.statements(key);
    if (!statements) return base::fail(std::move(statements.error()));
    for (store::StatementRow& statement : *statements) {
      if (statement.collection != move.from.identifier) continue;
      statement.collection = move.to;
      out_.batch.statements.push_back(std::move(statement));
    }
  }
  return {};
}

// What was written over an item makes rows of its own.
void Builder::take(store::Batch&& made) {
  const auto move_all = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move_all(out_.batch.canvases, made.canvases);
  move_all(out_.batch.members, made.members);
  move_all(out_.batch.aliases, made.aliases);
  move_all(out_.batch.removed_aliases, made.removed_aliases);
  move_all(out_.batch.not_gone, made.not_gone);
  move_all(out_.batch.statements, made.statements);
  move_all(out_.batch.removed_statements, made.removed_statements);
  move_all(out_.batch.versions, made.versions);
  move_all(out_.batch.moved_versions, made.moved_versions);
}

base::Result<> Builder::edit(const Edit& edit) {
  auto edited = edit_rows(edit, before_);
  if (!edited) return base::fail(std::move(edited.error()));
  take(std::move(edited->batch));
  for (EditedRows::Row& row : edited->rows) {
    thumbnail_changed_ = false;
    auto done = finish(std::move(row.row), row.was, row.content_changed, row.description);
    if (!done) return done;
  }
  for (const ItemKey& key : edited->removed) {
    if (auto done = remove(key, true); !done) return done;
  }
  return {};
}

base::Result<> Builder::remove(const ItemKey& key, bool gone) {
  auto was = before_.item(key, kSystem);
  if (!was) return base::fail(std::move(was.error()));
  if (!*was) return {};
  out_.batch.removed_items.push_back(key);
  const bool moved = is_move_source(key);
  if (!has_followed(key)) {
    if (auto done = shelve(before_, **was, out_.batch); !done) return done;
  }
  // Where it moved to may be hidden, or have been there before: then nothing has been said of this one yet.
  const bool told =
      std::any_of(out_.batch.activities.begin(), out_.batch.activities.end(), [&](const store::ActivityRow& activity) {
        return activity.item == key && (activity.type == ActivityType::move || activity.type == ActivityType::remove);
      });
  if ((*was)->announced && !told) {
    out_.batch.activities.push_back({.place = is_listed(*was) ? 1U : 0U, .type = ActivityType::remove, .item = key});
  }
  auto assets = before_.assets_of(holder_name(key));
  if (!assets) return base::fail(std::move(assets.error()));
  for (const store::AssetRow& asset : *assets) {
    if (key.kind == Kind::collection) out_.batch.removed_assets.push_back(asset.identifier);
    if (gone && !moved) out_.batch.gone.push_back({Kind::asset, asset.identifier});
    if (!gone) out_.batch.not_gone.push_back({Kind::asset, asset.identifier});
  }
  if (gone && !moved) out_.batch.gone.push_back(key);
  if (!gone) out_.batch.not_gone.push_back(key);
  return {};
}

// The old addresses of the item and of its pictures lead to the new ones.
base::Result<> Builder::aliases_of_move(const MoveChange& move) {
  out_.batch.aliases.push_back({move.from.identifier, move.to, "move"});
  if (move.from.kind != Kind::manifest) return {};
  auto assets = before_.assets_of(move.from.identifier);
  if (!assets) return base::fail(std::move(assets.error()));
  for (const store::AssetRow& asset : *assets) {
    const std::string_view old = asset.identifier;
    if (old != move.from.identifier && old.starts_with(move.from.identifier)) {
      out_.batch.aliases.push_back(
          {asset.identifier, move.to + std::string(old.substr(move.from.identifier.size())), "move"});
    }
  }
  return {};
}

base::Result<Differences> Builder::build() && {
  if (auto known = know_manifests(); !known) return base::fail(std::move(known.error()));
  for (const ManifestChange& change : changes_.manifests) {
    if (auto done = manifest(change); !done) return base::fail(std::move(done.error()));
  }
  for (const CollectionChange& change : changes_.collections) {
    if (auto done = collection(change); !done) return base::fail(std::move(done.error()));
  }
  for (const Edit& one : changes_.edits) {
    if (auto done = edit(one); !done) return base::fail(std::move(done.error()));
  }
  for (const ItemKey& key : changes_.removed) {
    if (auto done = remove(key, true); !done) return base::fail(std::move(done.error()));
  }
  for (const ItemKey& key : changes_.hidden) {
    if (auto done = remove(key, false); !done) return base::fail(std::move(done.error()));
  }
  for (const MoveChange& move : changes_.moves) {
    if (auto done = aliases_of_move(move); !done) return base::fail(std::move(done.error()));
    if (auto done = written_follow(move); !done) return base::fail(std::move(done.error()));
  }
  for (const store::AliasRow& alias : changes_.aliases) {
    auto old = before_.alias(alias.alias);
    if (!old) return base::fail(std::move(old.error()));
    if (!*old || **old != alias) out_.batch.aliases.push_back(alias);
  }
  for (const auto& [origin, rows] : changes_.aliases_from) {
    auto old = before_.aliases_from(origin);
    if (!old) return base::fail(std::move(old.error()));
    std::unordered_map<std::string_view, const store::AliasRow*> known;
    for (const store::AliasRow& row : *old) known.emplace(row.alias, &row);
    std::unordered_set<std::string_view> now;
    for (const store::AliasRow& row : rows) {
      now.insert(row.alias);
      const auto same = known.find(row.alias);
      if (same == known.end() || *same->second != row) out_.batch.aliases.push_back(row);
    }
    for (const store::AliasRow& row : *old) {
      if (!now.contains(row.alias)) out_.batch.removed_aliases.push_back(row.alias);
    }
  }
  for (const auto& [owner, problems] : changes_.problems) {
    std::vector<store::ProblemRow> rows;
    for (const Problem& problem : problems) rows.push_back({problem.path, problem.where, problem.reason});
    auto old = before_.problems_of(owner);
    if (!old) return base::fail(std::move(old.error()));
    if (*old != rows) out_.batch.problems.emplace_back(owner, std::move(rows));
  }
  out_.batch.folders = changes_.folders;
  out_.batch.removed_folders = changes_.removed_folders;
  out_.batch.files = changes_.files;
  out_.batch.removed_files = changes_.removed_files;
  out_.batch.settings = changes_.settings;
  out_.batch.takedowns = changes_.takedowns;
  if (!changes_.takedowns.empty()) out_.batch.settings.emplace_back(kTakedownsChanged, new_mark(before_));
  return std::move(out_);
}

// What was taken down is not published, whoever finds it.
void leave_out(ChangeSet& changes, const Takedowns& withheld) {
  const auto is_withheld = [&](const auto& one) { return withheld.holds(one.identifier); };
  std::erase_if(changes.manifests, is_withheld);
  std::erase_if(changes.collections, is_withheld);
  std::erase_if(changes.manifests, [&](ManifestChange& manifest) {
    const bool fewer = std::erase_if(manifest.canvases, is_withheld) > 0;
    for (Canvas& canvas : manifest.canvases) std::erase_if(canvas.assets, is_withheld);
    std::erase_if(manifest.more_assets, is_withheld);
    withheld.prune(manifest.tree);
    for (Canvas& canvas : manifest.canvases) withheld.prune(canvas.tree);
    if (withheld.holds(manifest.thumbnail)) manifest.thumbnail.clear();
    return fewer && manifest.canvases.empty();
  });
  for (CollectionChange& collection : changes.collections) {
    std::erase_if(collection.members, is_withheld);
    withheld.prune(collection.tree);
    if (collection.thumbnail && is_withheld(*collection.thumbnail)) collection.thumbnail.reset();
  }
  std::erase_if(changes.edits, [&](const Edit& edit) { return withheld.holds(edit.item.identifier); });
  for (Edit& edit : changes.edits) withheld.prune(edit.content);
  // The look began before something was taken down, or back: another one follows.
  if (changes.takedowns_seen == withheld.mark()) return;
  for (store::FolderRow& folder : changes.folders) folder.token.clear();
}

}  // namespace

base::Result<Differences> differences(const ChangeSet& changes, const store::Reader& before,
                                      const Takedowns& withheld) {
  if (withheld.empty() && changes.takedowns_seen == withheld.mark()) return Builder(changes, before, withheld).build();
  ChangeSet allowed = changes;
  std::vector<store::TakedownRow> rows = changes.takedowns;
  for (const auto& [name, row] : withheld.rows()) rows.push_back(row);
  const Takedowns all(std::move(rows), withheld.mark());
  leave_out(allowed, all);
  return Builder(allowed, before, all).build();
}

}  // namespace armarium::catalogue
