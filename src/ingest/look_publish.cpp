#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "base/hash.h"
#include "ingest/identifiers.h"
#include "ingest/look.h"
#include "ingest/member_note.h"
#include "ingest/order.h"
#include "ingest/redirects.h"

// From what a look knows to what it publishes.

namespace armarium::ingest {

using store::ItemKey;
using store::Kind;

namespace {

const base::Principal kSystem = base::Principal::system();

}  // namespace

void Look::build_collection() {
  catalogue::CollectionChange collection;
  collection.identifier = collection_identifier(reading_);
  collection.folder = path_;
  collection.description = folder_description(reading_, texts_.record, owner_.options_.root_name);
  collection.complete = children_known_;
  struct Place {
    std::size_t order;
    ItemKey key;
  };
  const NamedOrder named(reading_.orders);
  std::vector<Place> places;
  const bool each = reading_.context->info.each_file;
  for (std::size_t i = 0; i < changes_.manifests.size(); ++i) {
    const std::string& file = i < reading_.plan.canvases.size() ? reading_.plan.canvases[i].pictures.front() : path_;
    const std::size_t order = each ? named.place(name_of(file), stem_of(name_of(file))) : 0;
    places.push_back({order, {Kind::manifest, changes_.manifests[i].identifier}});
  }
  for (const std::string& name : reading_.plan.members) {
    const auto child = children_.find(join(path_, name));
    const auto member = child == children_.end() ? std::nullopt : member_of(child->second);
    if (member) places.push_back({named.place(name, name), *member});
  }
  for (const ItemKey& vanished : out_.vanished_items) places.push_back({reading_.orders.size(), vanished});
  for (const std::string& vanished : out_.vanished_folders) {  // listed until it is sure that they are gone
    if (const auto member = member_of(children_.at(vanished))) places.push_back({reading_.orders.size(), *member});
  }
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.order < b.order; });
  for (Place& place : places) collection.members.push_back(std::move(place.key));
  // Beside a manifest of the folder's own the picture stands for that one, and by it for the collection.
  if (each || changes_.manifests.empty()) collection.thumbnail = folder_thumbnail(reading_, facts_);
  changes_.collections.push_back(std::move(collection));
}

void Look::find_vanished() {
  const std::unordered_set<std::string> there(out_.folders.begin(), out_.folders.end());
  for (const auto& [child, row] : children_) {
    if (!there.contains(child)) out_.vanished_folders.push_back(child);
  }
  std::sort(out_.vanished_folders.begin(), out_.vanished_folders.end());
}

// Files that are items and were elsewhere before.
void Look::find_file_moves(const store::Reader& reader) {
  if (!reading_.context->info.each_file) return;
  MoveFinder finder = move_finder(reader);
  const std::unordered_set<std::string> unknown(unknown_.begin(), unknown_.end());
  std::unordered_set<std::string> announced;
  std::map<ItemKey, std::vector<std::string>> moves;
  for (const store::ItemRow& item : old_items_) {
    if (item.announced) announced.insert(item.key.identifier);
  }
  for (const catalogue::ManifestChange& manifest : changes_.manifests) {
    if (manifest.outline || manifest.canvases.empty() || manifest.canvases.front().assets.empty()) continue;
    const std::string& path = manifest.canvases.front().assets.front().path;
    const std::string below = path.substr(path_.empty() ? 0 : path_.size() + 1);
    if (announced.contains(manifest.identifier) || !(moved_from_ || unknown.contains(below))) continue;
    const auto from = finder.file(path, reading_.files.at(below), facts_.at(below));
    moves_unknown_ = moves_unknown_ || finder.stopped();
    if (moves_unknown_) return;
    if (!from) continue;
    const ItemKey key{Kind::manifest, file_identifier(*from)};
    const auto item = reader.item(key, kSystem);
    if (!item || !*item || (*item)->folder != parent_of(*from) || key.identifier == manifest.identifier) continue;
    moves[key].push_back(manifest.identifier);
  }
  for (const auto& [key, to] : moves) {
    if (to.size() > 1) continue;  // two copies of one that vanished: neither is it
    changes_.moves.push_back({key, to.front()});
    changes_.removed.push_back(key);
  }
}

// Manifests that this folder published before and does not any more.
void Look::find_vanished_items() {
  out_.items_known = true;
  std::unordered_set<std::string> expected;
  for (const auto& manifest : changes_.manifests) expected.insert(manifest.identifier);
  for (const ItemKey& moved : changes_.removed) expected.insert(moved.identifier);
  for (const store::ItemRow& item : old_items_) {
    if (item.key.kind != Kind::manifest || expected.contains(item.key.identifier)) continue;
    if (!reading_.context->info.each_file && !changes_.manifests.empty()) {  // another `id:` for the same thing
      changes_.moves.push_back({item.key, changes_.manifests.front().identifier});
      changes_.removed.push_back(item.key);
    } else {
      out_.vanished_items.push_back(item.key);
    }
  }
}

void Look::build() {
  Built built = build_manifests(reading_, facts_, texts_, outline_);
  const bool each = reading_.context->info.each_file;
  if (!each && !built.manifests.empty()) {
    built.manifests.front().description = folder_description(reading_, texts_.record, owner_.options_.root_name);
  }
  changes_.manifests = std::move(built.manifests);
  changes_.aliases = std::move(built.aliases);
  const FolderDocument* described = outline_ ? nullptr : document("Manifest");
  if (described != nullptr && !each && changes_.manifests.empty()) {
    changes_.manifests.push_back({.identifier = manifest_identifier(reading_), .folder = path_});
    changes_.manifests.front().ranges = reading_.context->info.ranges;
  }
  auto reader = owner_.store_.read();
  if (reader) {
    know_taken(**reader);
    for (catalogue::ManifestChange& manifest : changes_.manifests)
      keep_apart(**reader, {Kind::manifest, manifest.identifier}, manifest.identifier);
  }
  if (reader && described != nullptr) lay_manifest(**reader, std::move(built.labelled));

  if (reader) find_file_moves(**reader);
  find_vanished_items();
  bool holds_items = !out_.vanished_folders.empty() || !reading_.context->linked.empty();
  for (const std::string& child : out_.folders) {
    const auto found = children_.find(child);
    holds_items = holds_items || found == children_.end() || member_of(found->second).has_value();
  }
  const bool own = !changes_.manifests.empty();
  if (path_.empty() || holds_items || document("Collection") != nullptr ||
      (each && (own || !out_.vanished_items.empty()))) {
    build_collection();
    catalogue::CollectionChange& collection = changes_.collections.front();
    if (reader) keep_apart(**reader, {Kind::collection, collection.identifier}, collection.identifier);
    if (reader) lay_collection(**reader);
    member_ = ItemKey{Kind::collection, changes_.collections.front().identifier};
  } else if (own) {
    member_ = ItemKey{Kind::manifest, changes_.manifests.front().identifier};
  }
  for (const store::ItemRow& item : old_items_) {
    if (item.key.kind != Kind::collection) continue;
    if (changes_.collections.empty()) {
      out_.vanished_items.push_back(item.key);
    } else if (item.key.identifier != changes_.collections.front().identifier) {
      changes_.moves.push_back({item.key, changes_.collections.front().identifier});
      changes_.removed.push_back(item.key);
    }
  }
  // What vanished stays in the lists until it is sure that it is gone.
  const auto before = row_ ? member_of(*row_) : std::nullopt;
  const bool kept =
      before && std::find(out_.vanished_items.begin(), out_.vanished_items.end(), *before) != out_.vanished_items.end();
  if (!member_ && kept) member_ = before;
  if (member_ && !path_.empty() && member_->identifier != folder_identifier(path_)) {
    changes_.aliases.push_back({folder_identifier(path_), member_->identifier, "id"});
  }

  name_own_files();
  problems_.insert(problems_.begin(), built.problems.begin(), built.problems.end());
  problems_.insert(problems_.begin(), reading_.context->problems.begin(), reading_.context->problems.end());
  problems_.insert(problems_.end(), reading_.problems.begin(), reading_.problems.end());
  redirects();
  if (!outline_ && (row_ || moved_from_ || !outside_ids_.empty()))
    changes_.aliases_from.emplace_back(kDocumentOrigin + path_, std::move(outside_ids_));
  changes_.problems.emplace_back(path_, std::move(problems_));
}

// Items that were elsewhere before: their addresses lead here.
void Look::find_moves() {
  auto reader = owner_.store_.read();
  if (!reader || path_.empty()) return;
  MoveFinder finder = move_finder(**reader);
  const bool announced =
      std::any_of(old_items_.begin(), old_items_.end(), [](const store::ItemRow& item) { return item.announced; });
  if (!moved_from_ && !outline_ && !announced && out_.folders.empty()) {
    if (auto from = finder.folder_by_content(reading_, facts_)) take_over(**reader, std::move(*from));
    moves_unknown_ = moves_unknown_ || finder.stopped();
  }
  const bool each = reading_.context->info.each_file;
  if (moved_from_) {
    for (const store::ItemRow& item : moved_items_) {
      const std::string to =
          item.key.kind == Kind::collection ? collection_identifier(reading_) : manifest_identifier(reading_);
      if ((each && item.key.kind == Kind::manifest) || item.key.identifier == to) continue;
      changes_.moves.push_back({item.key, to});
      changes_.removed.push_back(item.key);
    }
    changes_.removed_folders.push_back(moved_from_->path);
  }
}

// Where the items are now whose identifiers this folder wishes, asked for together.
void Look::know_taken(const store::Reader& reader) {
  std::vector<ItemKey> keys;
  for (const auto& manifest : changes_.manifests) keys.push_back({Kind::manifest, manifest.identifier});
  const auto rows = reader.items(keys, kSystem);
  if (!rows) return;
  for (const store::ItemRow& row : *rows) homes_.emplace(row.key.identifier, row.folder);
}

// Two names that give one identifier, or an `id:` that is taken: the second answers under another one, and /status says so.
void Look::keep_apart(const store::Reader& reader, ItemKey key, std::string& identifier) {
  const auto is_taken = [&](const std::string& wished) {
    if (is_reserved(wished) || (key.kind == Kind::manifest && used_.contains(wished))) return true;
    std::optional<std::string> home;
    if (key.kind == Kind::manifest && wished == key.identifier) {
      if (const auto found = homes_.find(wished); found != homes_.end()) home = found->second;
    } else if (const auto item = reader.item({key.kind, wished}, kSystem); item && *item) {
      home = (*item)->folder;
    }
    if (!home || *home == path_ || (moved_from_ && *home == moved_from_->path)) return false;
    return owner_.tree_.look(*home).has_value();
  };
  if (is_taken(identifier)) {
    problems_.push_back({path_, "", fmt::format("The identifier {} is taken already.", identifier)});
    const std::string of_path = folder_identifier(path_);
    const bool plain =
        !reading_.context->info.each_file && identifier != of_path && !path_.empty() && !is_taken(of_path);
    identifier = plain ? of_path : "=h" + base::hash_hex(fmt::format("{}/{}/{}", path_, identifier, used_.size()));
  }
  if (key.kind == Kind::manifest) used_.insert(identifier);
}

void Look::redirects() {
  constexpr std::size_t kLongest = 64U << 20;
  if (!path_.empty()) return;
  Redirects found;
  const auto text = owner_.tree_.text("redirects.csv", kLongest);
  if (text) found = read_redirects(*text);
  for (const TextProblem& problem : found.problems) {
    problems_.push_back({"redirects.csv", fmt::format("line {}", problem.line), problem.reason});
  }
  changes_.aliases_from.emplace_back("redirects.csv", std::move(found.aliases));
}

}  // namespace armarium::ingest
