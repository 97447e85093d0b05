#include "catalogue/catalogue.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <span>

#include <fmt/format.h>

#include "base/log.h"
#include "catalogue/change_set.h"
#include "catalogue/differences.h"
#include "catalogue/documents.h"
#include "catalogue/take_down.h"

namespace armarium::catalogue {
namespace {

using store::ItemKey;
using store::ItemRow;
using store::Kind;

constexpr int kLongestAliasChain = 8;
constexpr int kDeepestCollection = 64;

// Ready pictures by identifier, of those that are there.
using Thumbnails = std::map<std::string, Asset, std::less<>>;

base::Result<Thumbnails> thumbnails_named(const store::Reader& reader, std::span<const std::string> identifiers) {
  auto rows = reader.assets(identifiers);
  if (!rows) return base::fail(std::move(rows.error()));
  Thumbnails found;
  for (const store::AssetRow& row : *rows) {
    auto asset = asset_of(row);
    if (!asset) return base::fail(std::move(asset.error()));
    if (asset->state == AssetState::ready) found.emplace(row.identifier, std::move(*asset));
  }
  return found;
}

base::Result<std::optional<Asset>> thumbnail_of(const store::Reader& reader, const std::string& identifier) {
  if (identifier.empty()) return std::optional<Asset>();
  auto found = thumbnails_named(reader, std::span(&identifier, 1));
  if (!found) return base::fail(std::move(found.error()));
  if (found->empty()) return std::optional<Asset>();
  return std::optional<Asset>(std::move(found->begin()->second));
}

// How items appear in a list; their pictures are asked for together.
base::Result<std::vector<Member>> members_of(const store::Reader& reader, std::span<const ItemRow> rows) {
  std::vector<std::string> names;
  for (const ItemRow& row : rows) {
    if (!row.thumbnail.empty()) names.push_back(row.thumbnail);
  }
  auto thumbnails = thumbnails_named(reader, names);
  if (!thumbnails) return base::fail(std::move(thumbnails.error()));
  std::vector<Member> members;
  members.reserve(rows.size());
  for (const ItemRow& row : rows) {
    Member member;
    member.identifier = row.key.identifier;
    member.kind = row.key.kind == Kind::collection ? ItemKind::collection : ItemKind::manifest;
    auto label = label_of(row.label);
    if (!label) return base::fail(std::move(label.error()));
    member.label = std::move(*label);
    member.nav_date = row.nav_date;
    member.count = row.count;
    if (const auto found = thumbnails->find(row.thumbnail); found != thumbnails->end())
      member.thumbnail = found->second;
    members.push_back(std::move(member));
  }
  return members;
}

tl::unexpected<base::Error> missing(const store::Reader& reader, const ItemKey& key) {
  const auto gone = reader.is_gone(key);
  if (!gone) return base::fail(gone.error());
  const char* what = key.kind == Kind::asset ? "picture" : key.kind == Kind::manifest ? "manifest" : "collection";
  if (*gone) return base::fail(base::ErrorCode::gone, fmt::format("This {} was deleted.", what));
  return base::fail(base::ErrorCode::not_found, fmt::format("There is no such {}.", what));
}

base::Result<ItemRow> find(const store::Reader& reader, const ItemKey& key, const base::Principal& who) {
  auto row = reader.item(key, who);
  if (!row) return base::fail(std::move(row.error()));
  if (!*row) return missing(reader, key);
  return std::move(**row);
}

// The collections that hold an item, and the newest of their faces.
base::Result<Revision> add_parents(const store::Reader& reader, const ItemKey& key, const base::Principal& who,
                                   std::vector<Member>& parents) {
  auto holders = reader.holders(key, who);
  if (!holders) return base::fail(std::move(holders.error()));
  auto found = members_of(reader, *holders);
  if (!found) return base::fail(std::move(found.error()));
  parents = std::move(*found);
  Revision newest = 0;
  for (const ItemRow& holder : *holders) newest = std::max(newest, holder.face_revision);
  return newest;
}

// What is said of a Manifest, without its Canvases.
base::Result<Manifest> manifest_alone(const store::Reader& reader, const ItemRow& row, const base::Principal& who) {
  auto document = item_document_of(row.document);
  if (!document) return base::fail(std::move(document.error()));
  Manifest manifest;
  manifest.identifier = row.key.identifier;
  manifest.description = std::move(document->description);
  manifest.ranges = std::move(document->ranges);
  manifest.tree = std::move(document->tree);
  manifest.over = std::move(document->over);
  manifest.complete = row.complete;
  auto parents = add_parents(reader, row.key, who, manifest.parents);
  if (!parents) return base::fail(std::move(parents.error()));
  manifest.revision = std::max(row.revision, *parents);
  return manifest;
}

// "=i0c31…" of "book=i0c31…", "=a3" of "book~p1=a3": what is said of a part goes where its item or Canvas went. Pages of files ("=p2") have names of their own.
std::string_view part_of(std::string_view identifier) noexcept {
  const std::size_t mark = identifier.rfind('=');
  if (mark == std::string_view::npos || mark == 0) return {};
  const std::string_view part = identifier.substr(mark);
  const bool page = part.starts_with("=p") && part.find_first_not_of("0123456789", 2) == std::string_view::npos;
  return page ? std::string_view() : part;
}

// Whether an item or a picture has this identifier.
base::Result<bool> is_known(const store::Reader& reader, const std::string& identifier) {
  auto assets = reader.assets(std::span(&identifier, 1));
  if (!assets) return base::fail(std::move(assets.error()));
  if (!assets->empty()) return true;
  for (const Kind kind : {Kind::manifest, Kind::collection}) {
    auto row = reader.item({kind, identifier}, base::Principal::system());
    if (!row) return base::fail(std::move(row.error()));
    if (*row) return true;
  }
  return false;
}

}  // namespace

struct Catalogue::State {
  explicit State(store::Store& used) : store(used) {}
  store::Store& store;
  TakedownWatch watch;

  base::Result<> allowed(const store::Reader& reader, std::string_view identifier) const {
    auto takedowns = watch.get(reader);
    if (!takedowns) return base::fail(std::move(takedowns.error()));
    const store::TakedownRow* row = (*takedowns)->find(identifier);
    return row == nullptr ? base::Result<>() : base::fail(withheld(*row));
  }
  base::Result<ItemRow> find(const store::Reader& reader, const ItemKey& key, const base::Principal& who) const {
    if (auto may = allowed(reader, key.identifier); !may) return base::fail(std::move(may.error()));
    return catalogue::find(reader, key, who);
  }
  base::Result<TakenDown> write(
      const std::function<base::Result<TakedownRows>(const store::Reader&, const Takedowns&)>& make);

  // A collection shows the thumbnail of its first member that has one; goes up as long as something changes.
  base::Result<Revision> refresh_thumbnails(std::vector<ItemKey> changed);
};

base::Result<Revision> Catalogue::State::refresh_thumbnails(std::vector<ItemKey> changed) {
  const base::Principal system = base::Principal::system();
  Revision revision = store.revision();
  for (int level = 0; level < kDeepestCollection && !changed.empty(); ++level) {
    std::vector<ItemKey> next;
    const auto look = [&](const store::Reader& reader) -> base::Result<store::Batch> {
      store::Batch batch;
      next.clear();
      std::map<ItemKey, ItemRow> holders;  // each once, however many of its members changed
      const auto add = [&](base::Result<std::vector<ItemRow>> rows) -> base::Result<> {
        if (!rows) return base::fail(std::move(rows.error()));
        for (ItemRow& row : *rows) {
          ItemKey holder = row.key;
          holders.emplace(std::move(holder), std::move(row));
        }
        return {};
      };
      if (auto added = add(reader.holders_of(changed)); !added) return base::fail(std::move(added.error()));
      std::vector<ItemKey> own_lists;
      std::copy_if(changed.begin(), changed.end(), std::back_inserter(own_lists),
                   [&](const ItemKey& key) { return level == 0 && key.kind == Kind::collection; });
      if (auto added = add(reader.items(own_lists, system)); !added) return base::fail(std::move(added.error()));
      for (auto& [key, row] : holders) {
        auto thumbnail = reader.first_thumbnail(key.identifier);
        if (!thumbnail) return base::fail(std::move(thumbnail.error()));
        auto own = reader.assets_of(holder_name(key));
        if (!own) return base::fail(std::move(own.error()));
        if (!own->empty()) *thumbnail = own->front().identifier;
        if (*thumbnail == row.thumbnail) continue;
        row.thumbnail = std::move(*thumbnail);
        row.face_revision = 0;
        next.push_back(key);
        batch.items.push_back(std::move(row));
      }
      return batch;
    };
    auto written = store.write(look, store::Durability::soon);  // can be made again
    if (!written) return written;
    revision = *written;
    changed = std::move(next);
  }
  return revision;
}

Catalogue::Catalogue(store::Store& store) : state_(std::make_unique<State>(store)) {}
Catalogue::~Catalogue() = default;

base::Result<Manifest> Catalogue::canvas(std::string_view manifest, std::string_view identifier,
                                         const base::Principal& who) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto row = state_->find(**reader, {Kind::manifest, std::string(manifest)}, who);
  if (!row) return base::fail(std::move(row.error()));
  auto found = manifest_alone(**reader, *row, who);
  auto canvas_rows = (*reader)->canvases(manifest);
  if (!canvas_rows) return base::fail(std::move(canvas_rows.error()));
  const auto canvas_row = std::find_if(canvas_rows->begin(), canvas_rows->end(),
                                       [&](const store::CanvasRow& one) { return one.identifier == identifier; });
  if (!found || canvas_row == canvas_rows->end()) return found;
  const std::vector<std::string> names = assets_in(*canvas_row);
  auto asset_rows = (*reader)->assets(names);
  if (!asset_rows) return base::fail(std::move(asset_rows.error()));
  AssetMap assets;
  for (const store::AssetRow& asset_row : *asset_rows) {
    auto asset = asset_of(asset_row);
    if (!asset) return base::fail(std::move(asset.error()));
    assets.emplace(asset_row.identifier, std::move(*asset));
  }
  auto canvas = canvas_of(*canvas_row, assets);
  if (!canvas) return base::fail(std::move(canvas.error()));
  found->canvases.push_back(std::move(*canvas));
  return found;
}

base::Result<Catalogue::Standing> Catalogue::standing(const ItemKey& item, const base::Principal& who) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto row = state_->find(**reader, item, who);
  if (!row) return base::fail(std::move(row.error()));
  auto revision = document_revision(**reader, *row, who);
  if (!revision) return base::fail(std::move(revision.error()));
  return Standing{*revision, row->complete};
}

base::Result<Manifest> Catalogue::manifest(std::string_view identifier, const base::Principal& who) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  const ItemKey key{Kind::manifest, std::string(identifier)};
  auto row = state_->find(**reader, key, who);
  if (!row) return base::fail(std::move(row.error()));
  auto alone = manifest_alone(**reader, *row, who);
  if (!alone) return base::fail(std::move(alone.error()));
  Manifest manifest = std::move(*alone);

  auto asset_rows = (*reader)->assets_of(identifier);
  if (!asset_rows) return base::fail(std::move(asset_rows.error()));
  AssetMap assets;
  for (const store::AssetRow& asset_row : *asset_rows) {
    auto asset = asset_of(asset_row);
    if (!asset) return base::fail(std::move(asset.error()));
    assets.emplace(asset_row.identifier, std::move(*asset));
  }
  auto canvas_rows = (*reader)->canvases(identifier);
  if (!canvas_rows) return base::fail(std::move(canvas_rows.error()));
  manifest.canvases.reserve(canvas_rows->size());
  for (const store::CanvasRow& canvas_row : *canvas_rows) {
    auto canvas = canvas_of(canvas_row, assets);
    if (!canvas) return base::fail(std::move(canvas.error()));
    manifest.canvases.push_back(std::move(*canvas));
  }
  if (const auto found = assets.find(row->thumbnail);
      found != assets.end() && found->second.state == AssetState::ready) {
    manifest.thumbnail = found->second;
  }
  return manifest;
}

base::Result<Collection> Catalogue::collection(std::string_view identifier, std::string_view cursor, std::size_t limit,
                                               const base::Principal& who) const {
  std::optional<std::uint64_t> after;
  if (!cursor.empty()) {
    std::uint64_t position = 0;
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), position);
    if (error != std::errc() || end != cursor.data() + cursor.size()) {
      return base::fail(base::ErrorCode::invalid_argument, "The cursor of this page is not one that the server gave.");
    }
    after = position;
  }
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  const ItemKey key{Kind::collection, std::string(identifier)};
  auto row = state_->find(**reader, key, who);
  if (!row) return base::fail(std::move(row.error()));
  auto document = item_document_of(row->document);
  if (!document) return base::fail(std::move(document.error()));

  Collection collection;
  collection.identifier = key.identifier;
  collection.description = std::move(document->description);
  collection.tree = std::move(document->tree);
  collection.over = std::move(document->over);
  collection.complete = row->complete;
  auto thumbnail = thumbnail_of(**reader, row->thumbnail);
  if (!thumbnail) return base::fail(std::move(thumbnail.error()));
  collection.thumbnail = std::move(*thumbnail);
  auto parents = add_parents(**reader, key, who, collection.parents);
  if (!parents) return base::fail(std::move(parents.error()));
  auto summary = (*reader)->member_summary(identifier, who);
  if (!summary) return base::fail(std::move(summary.error()));
  collection.total = summary->total;
  collection.revision = std::max({row->revision, summary->face_revision, *parents});

  auto members = (*reader)->members(identifier, after, limit + 1, who);
  if (!members) return base::fail(std::move(members.error()));
  if (members->size() > limit) {
    members->resize(limit);
    if (!members->empty()) collection.next_cursor = std::to_string(members->back().position);
  }
  std::vector<ItemRow> rows;
  rows.reserve(members->size());
  for (store::MemberRow& member_row : *members) rows.push_back(std::move(member_row.item));
  auto listed = members_of(**reader, rows);
  if (!listed) return base::fail(std::move(listed.error()));
  collection.members = std::move(*listed);
  return collection;
}

base::Result<Asset> Catalogue::asset(std::string_view identifier, const base::Principal& who) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  const ItemKey key{Kind::asset, std::string(identifier)};
  if (auto may = state_->allowed(**reader, identifier); !may) return base::fail(std::move(may.error()));
  auto rows = (*reader)->assets(std::span(&key.identifier, 1));
  if (!rows) return base::fail(std::move(rows.error()));
  if (rows->empty()) return missing(**reader, key);
  // Who may not see the item may not see its pictures.
  auto manifest = (*reader)->item(holder_of(rows->front().manifest), who);
  if (!manifest) return base::fail(std::move(manifest.error()));
  if (!*manifest) return base::fail(base::ErrorCode::not_found, "There is no such picture.");
  return asset_of(rows->front());
}

base::Result<std::string> Catalogue::resolve_alias(std::string_view alias) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  std::string identifier(alias);
  bool found = false;
  for (int step = 0; step < kLongestAliasChain; ++step) {
    auto row = (*reader)->alias(identifier);
    if (!row) return base::fail(std::move(row.error()));
    const std::string_view part = *row ? std::string_view() : part_of(identifier);
    if (!part.empty()) {
      row = (*reader)->alias(std::string_view(identifier).substr(0, identifier.size() - part.size()));
      if (!row) return base::fail(std::move(row.error()));
    }
    if (!*row) break;
    identifier = (*row)->identifier + std::string(part);
    found = true;
  }
  if (auto may = state_->allowed(**reader, identifier); !may) return base::fail(std::move(may.error()));
  if (found) return identifier;
  // Other spellings: slashes for tildes, and page 1 of a file that has one page.
  if (alias.ends_with("=p1")) identifier = alias.substr(0, alias.size() - 3);
  std::replace(identifier.begin(), identifier.end(), '/', '~');
  if (identifier != alias) {
    if (auto may = state_->allowed(**reader, identifier); !may) return base::fail(std::move(may.error()));
    auto there = is_known(**reader, identifier);
    if (!there) return base::fail(std::move(there.error()));
    if (*there) return identifier;
    auto row = (*reader)->alias(identifier);
    if (!row) return base::fail(std::move(row.error()));
    if (*row) return std::move((*row)->identifier);
  }
  return base::fail(base::ErrorCode::not_found, "There is no such item.");
}

std::string Catalogue::cursor_of(const Member& member) {
  return (member.kind == ItemKind::collection ? "c:" : "m:") + member.identifier;
}

base::Result<std::vector<Member>> Catalogue::everything(std::string_view cursor, std::size_t limit,
                                                        const base::Principal& who) const {
  std::optional<ItemKey> after;
  if (!cursor.empty()) {
    if (!cursor.starts_with("c:") && !cursor.starts_with("m:")) {
      return base::fail(base::ErrorCode::invalid_argument, "The cursor of this page is not one that the server gave.");
    }
    after = ItemKey{cursor.front() == 'c' ? Kind::collection : Kind::manifest, std::string(cursor.substr(2))};
  }
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto rows = (*reader)->items_after(after, limit, who);
  if (!rows) return base::fail(std::move(rows.error()));
  return members_of(**reader, *rows);
}

std::vector<Problem> Catalogue::problems(std::size_t limit) const {
  auto reader = state_->store.read();
  if (!reader) return {};
  auto rows = (*reader)->problems(limit);
  std::vector<Problem> problems;
  if (!rows) return problems;
  problems.reserve(rows->size());
  for (store::ProblemRow& row : *rows)
    problems.push_back({std::move(row.path), std::move(row.where), std::move(row.reason)});
  return problems;
}

std::uint64_t Catalogue::problem_count() const {
  auto reader = state_->store.read();
  return reader ? (*reader)->count_problems().value_or(0) : 0;
}

Revision Catalogue::revision() const { return state_->store.revision(); }

base::Result<Revision> Catalogue::apply(const ChangeSet& changes) {
  std::vector<ItemKey> new_thumbnails;
  const auto body = [&](const store::Reader& before) -> base::Result<store::Batch> {
    auto takedowns = state_->watch.get(before);
    if (!takedowns) return base::fail(std::move(takedowns.error()));
    auto found = differences(changes, before, **takedowns);
    if (!found) return base::fail(std::move(found.error()));
    new_thumbnails = std::move(found->new_thumbnails);
    return std::move(found->batch);
  };
  auto revision = state_->store.write(body, changes.durability);
  if (!revision || new_thumbnails.empty()) return revision;
  return state_->refresh_thumbnails(std::move(new_thumbnails));
}

base::Result<Catalogue::Edited> Catalogue::edit(Edit edit, bool dry_run) {
  std::vector<ItemKey> new_thumbnails;
  Edited out;
  const ItemKey item = edit.item;
  ChangeSet changes;
  changes.edits.push_back(std::move(edit));
  auto revision = state_->store.write([&](const store::Reader& before) -> base::Result<store::Batch> {
    auto takedowns = state_->watch.get(before);
    if (!takedowns) return base::fail(std::move(takedowns.error()));
    if (const auto* row = (*takedowns)->find(item.identifier)) return base::fail(withheld(*row));
    auto was = before.item(item, base::Principal::system());
    if (!was) return base::fail(std::move(was.error()));
    out.created = !was->has_value();
    auto found = differences(changes, before, **takedowns);
    if (!found) return base::fail(std::move(found.error()));
    if (dry_run) return store::Batch{};
    new_thumbnails = std::move(found->new_thumbnails);
    return std::move(found->batch);
  });
  if (!revision) return base::fail(std::move(revision.error()));
  out.revision = *revision;
  if (new_thumbnails.empty()) return out;
  auto refreshed = state_->refresh_thumbnails(std::move(new_thumbnails));
  if (!refreshed) return base::fail(std::move(refreshed.error()));
  return out;
}

base::Result<std::vector<store::VersionRow>> Catalogue::versions(const ItemKey& item, std::uint64_t after,
                                                                 std::size_t limit) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  if (auto may = state_->allowed(**reader, item.identifier); !may) return base::fail(std::move(may.error()));
  return (*reader)->versions(item, after, limit);
}

base::Result<store::VersionRow> Catalogue::version(const ItemKey& item, std::uint64_t number) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  if (auto may = state_->allowed(**reader, item.identifier); !may) return base::fail(std::move(may.error()));
  auto found = (*reader)->version(item, number);
  if (!found) return base::fail(std::move(found.error()));
  if (!*found) return base::fail(base::ErrorCode::not_found, "There is no such version.");
  return std::move(**found);
}

base::Result<TakedownsPtr> Catalogue::takedowns() const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  return state_->watch.get(**reader);
}

base::Result<std::vector<store::TakedownRow>> Catalogue::takedown_rows() const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  return (*reader)->takedowns();
}

base::Result<> Catalogue::allowed(std::string_view identifier) const {
  auto reader = state_->store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  return state_->allowed(**reader, identifier);
}

base::Result<TakenDown> Catalogue::State::write(
    const std::function<base::Result<TakedownRows>(const store::Reader&, const Takedowns&)>& make) {
  TakenDown done;
  auto revision = store.write([&](const store::Reader& before) -> base::Result<store::Batch> {
    auto standing = watch.get(before);
    if (!standing) return base::fail(std::move(standing.error()));
    auto rows = make(before, **standing);
    if (!rows) return base::fail(std::move(rows.error()));
    done = std::move(rows->done);
    return std::move(rows->batch);
  });
  if (!revision) return base::fail(std::move(revision.error()));
  if (auto shown = refresh_thumbnails(done.changed); !shown) return base::fail(std::move(shown.error()));
  return done;
}

base::Result<TakenDown> Catalogue::take_down(const TakedownOrder& order) {
  return state_->write(
      [&](const store::Reader& before, const Takedowns& standing) { return take_down_rows(order, standing, before); });
}

base::Result<TakenDown> Catalogue::lift_takedown(const std::string& identifier) {
  return state_->write([&](const store::Reader& before, const Takedowns&) { return lift_rows(identifier, before); });
}

base::Result<> Catalogue::show_again(std::vector<ItemKey> changed) {
  auto shown = state_->refresh_thumbnails(std::move(changed));
  return shown ? base::Result<>() : base::fail(std::move(shown.error()));
}

}  // namespace armarium::catalogue
