#pragma once
// Makes a document of others a document of ours: what it holds gets identifiers of this server, which are a function of the item's identifier and the id under which it came, so that the same
// document gives the same ids each time. Everything that it only refers to keeps its id. Pure; any thread.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "json/json.h"
#include "store/rows.h"

namespace armarium::catalogue {

struct AdoptAs {
  store::ItemKey item{};
  // The server's own address: ids below it are local already.
  std::string base_url{};
  // Whether a Canvas of this identifier is the item's own, so that it keeps it.
  std::function<bool(std::string_view canvas)> has_canvas{};
  // The local id of an item that is known by an id of others; empty when there is none.
  std::function<std::string(const std::string& outside)> known_item{};
  // What the Canvas at each place of its items is called; empty, or none: what the rule gives.
  std::vector<std::string> canvas_names{};
};

struct Adopted {
  json::Object tree{};  // with local ids; iiif/presentation/tree.h
  // The ids of the document that are not ours, and what stands for them.
  std::vector<std::pair<std::string, std::string>> ids{};
};

// Parts of one document that may have an identifier.
inline constexpr std::size_t kMostParts = 1'000'000;

// `tree` comes from read_document. invalid_argument: it is not what `item` asks for (a Manifest, a Collection), an id is no http or https address, a Canvas has one with a fragment, or a must of the
// specification is not met; too_large past kMostParts. The sentence says where.
base::Result<Adopted> adopt(json::Object tree, const AdoptAs& as);
// The same of single properties of such a document, in the shapes of the model; null where one is taken away.
base::Result<Adopted> adopt_patch(json::Object patch, const AdoptAs& as);

}  // namespace armarium::catalogue
