#pragma once
// What a look at a folder found, as it shall be published: whole manifests and collections, and what ingest wants to remember of folders and files in the
// same transaction. The catalogue works out what really changed: the same change set twice gives no new revision. Values.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/edit.h"
#include "catalogue/records.h"
#include "store/rows.h"

namespace armarium::catalogue {

struct ManifestChange {
  std::string identifier{};
  std::string folder{};    // path of the folder that it comes from
  std::string audience{};  // empty: everybody
  iiif::Description description{};
  std::vector<Canvas> canvases{};    // with their assets; Asset::manifest is filled in
  std::vector<Asset> more_assets{};  // served, but on no canvas: a thumbnail
  std::string thumbnail{};           // identifier of an asset; empty: the first that is ready
  json::Value ranges{};
  json::Object tree{};  // of a document among its files: all but its Containers, with what lies over it
  bool complete = true;
  // Only a listing was read: the item appears with this count, not complete; one that is published already stays as it is.
  bool outline = false;
  std::uint64_t outline_count = 0;
};

struct CollectionChange {
  std::string identifier{};
  std::string folder{};
  std::string audience{};
  iiif::Description description{};
  std::vector<store::ItemKey> members{};
  std::optional<Asset> thumbnail = {};  // of its own, not of a member's
  json::Object tree = {};               // of a document among its files
  bool complete = true;
};

// An item whose files moved: addresses and internal page numbers follow; `to` is in the same change set, or published already.
struct MoveChange {
  store::ItemKey from{};
  std::string to{};
};

struct ChangeSet {
  std::vector<ManifestChange> manifests{};
  std::vector<CollectionChange> collections{};
  std::vector<Edit> edits{};              // what people wrote
  std::vector<store::ItemKey> removed{};  // answer gone from now on
  std::vector<store::ItemKey> hidden{};   // answer not_found from now on (publish: false)
  std::vector<MoveChange> moves{};
  std::vector<store::AliasRow> aliases{};
  std::vector<std::pair<std::string, std::vector<store::AliasRow>>> aliases_from{};  // origin → all its aliases
  std::vector<std::pair<std::string, std::vector<Problem>>> problems{};              // owner path → all its problems
  std::vector<store::FolderRow> folders{};
  std::vector<std::string> removed_folders{};
  std::vector<store::FileRow> files{};
  std::vector<std::string> removed_files{};
  std::vector<std::pair<std::string, std::string>> settings{};
  std::string takedowns_seen{};                 // Takedowns::mark() when the look began
  std::vector<store::TakedownRow> takedowns{};  // that follow a file which moved
  // Soon: for what looking at the folder again finds again.
  store::Durability durability = store::Durability::synced;
};

}  // namespace armarium::catalogue
