#include "ingest/folder_document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "base/uri.h"
#include "catalogue/adopt.h"
#include "iiif/presentation/behavior.h"
#include "iiif/presentation/read_3.h"
#include "iiif/presentation/read_document.h"
#include "iiif/presentation/write_3.h"
#include "ingest/clean_description.h"
#include "ingest/described_files.h"
#include "ingest/document_pictures.h"
#include "ingest/identifiers.h"
#include "ingest/made_regions.h"
#include "ingest/readers/reader.h"

namespace armarium::ingest {
namespace {

namespace doc = iiif::presentation;
using catalogue::Canvas;
using catalogue::CollectionChange;
using catalogue::ManifestChange;

constexpr std::array<const char*, 13> kProperties = {
    "label",    "summary",  "metadata",         "requiredStatement", "rights",  "provider", "navDate",
    "navPlace", "behavior", "viewingDirection", "homepage",          "seeAlso", "rendering"};

// "Line 12, column 3 is no JSON: …" → 12.
int line_in(std::string_view message) {
  int line = 0;
  constexpr std::string_view kLine = "Line ";
  if (message.starts_with(kLine)) {
    const std::string_view number = message.substr(kLine.size());
    std::from_chars(number.data(), number.data() + number.size(), line);
  }
  return line;
}

// The properties of a description in the shapes of the model.
json::Object shaped(iiif::Description description, store::Kind kind) {
  for (iiif::Agent& agent : description.provider) {  // Presentation 3.0, 3.1 provider: it must have an id
    if (agent.id.empty()) agent.id = agent.homepage.empty() ? std::string("/") : agent.homepage.front().id;
  }
  const bool manifest = kind == store::Kind::manifest;
  description.behavior =
      doc::valid_behaviors(manifest ? doc::Type::manifest : doc::Type::collection, description.behavior);
  const json::Value said = description.to_json();
  json::Object words{{"type", manifest ? "Manifest" : "Collection"}};
  for (const char* key : kProperties) {
    if (const json::Value* value = said.get_object().if_contains(key)) words[key] = *value;
  }
  json::Object out = doc::read_3(words);
  out.stable_erase("type");
  return out;
}

// What the document says after what lies over it.
iiif::Description description_of(const json::Object& tree, const FolderDocument& document, const DocumentPlace& place) {
  json::Object said;
  const json::Object in_3 = doc::write_3(tree);
  for (const char* key : kProperties) {
    if (const json::Value* value = in_3.if_contains(key)) said[key] = *value;
  }
  std::vector<std::string> ignored;  // the document itself is published as it is
  auto description = iiif::Description::from_json(said, ignored);
  for (const auto& member : said) {
    const auto over = place.above.origins.find(std::string(member.key()));
    const auto under = place.below.origins.find(std::string(member.key()));
    const bool own = document.tree.contains(member.key()) || under == place.below.origins.end();
    description.origins[std::string(member.key())] = over != place.above.origins.end() ? over->second
                                                     : own                             ? document.name
                                                                                       : under->second;
  }
  description.more = place.above.more;
  description.language = place.above.language;
  return description;
}

// A document with what lies over it, and with a label in any case.
json::Object covered(const FolderDocument& document, const DocumentPlace& place) {
  json::Object tree = document.tree;
  for (const auto& member : shaped(place.above, place.item.kind)) tree[member.key()] = member.value();
  for (const auto& member : shaped(place.below, place.item.kind)) {
    if (!tree.contains(member.key())) tree[member.key()] = member.value();
  }
  const json::Object* label = doc::object_in(tree, "label");
  if (label == nullptr || label->empty()) tree["label"] = place.name.to_json();
  return tree;
}

// Items of subfolders under their own names; the others that only the reader knows are left out.
std::size_t name_members(json::Object& tree, const DocumentPlace& place) {
  json::Value* items = tree.if_contains("items");
  if (items == nullptr || !items->is_array()) return 0;
  json::Array kept;
  std::size_t lost = 0;
  for (json::Value& item : items->get_array()) {
    const std::string id(item.is_object() ? json::text_of(item.get_object(), "id") : std::string_view());
    if (id.starts_with(readers::kOwnBase)) {
      const std::string local = place.known_item ? place.known_item(id) : std::string();
      if (local.empty()) {
        ++lost;
        continue;
      }
      item.get_object()["id"] = std::string(readers::kOwnBase) + local;
      item.get_object()["type"] = local.ends_with("/collection") ? "Collection" : "Manifest";
    }
    kept.push_back(std::move(item));
  }
  *items = std::move(kept);
  return lost;
}

std::uint32_t side_of(const json::Object& tree, std::string_view key) {
  boost::system::error_code failed;
  const json::Value* value = tree.if_contains(key);
  const double number = value == nullptr ? 0.0 : value->to_number<double>(failed);
  return failed || number < 1 || number > 4e9 ? 0 : static_cast<std::uint32_t>(number);
}

void add_marked(const json::Value& value, int depth, std::vector<std::string>& names) {
  if (depth > doc::kDeepestTree) return;
  if (const json::Array* array = value.if_array()) {
    for (const json::Value& item : *array) add_marked(item, depth + 1, names);
  } else if (const json::Object* object = value.if_object()) {
    const std::string_view name = json::text_of(*object, catalogue::kPictureMark);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
    for (const auto& member : *object) {
      if (!doc::is_opaque(member.key())) add_marked(member.value(), depth + 1, names);
    }
  }
}

// A Canvas of the document; `own`: the Canvas of the folder that it is, or null.
Canvas canvas_of(json::Object tree, const Canvas* own, const DocumentPlace& place, const ManifestChange& folder) {
  Canvas canvas;
  const std::string_view id = json::text_of(tree, "id");
  canvas.identifier = base::percent_decode(id.substr(id.rfind('/') + 1)).value_or("");
  if (own != nullptr && place.labelled.contains(own->identifier)) tree["label"] = own->label.to_json();
  if (const json::Value* label = tree.if_contains("label")) {
    if (auto read = iiif::LanguageMap::from_json(*label, "label")) canvas.label = std::move(*read);
  } else if (own != nullptr) {
    canvas.label = own->label;
    tree["label"] = own->label.to_json();
  }
  canvas.extent = {side_of(tree, "width"), side_of(tree, "height")};
  if (own != nullptr) {
    canvas.assets = own->assets;
    canvas.behavior = own->behavior;
    canvas.nav_date = own->nav_date;
  }
  std::vector<std::string> marked;
  add_marked(json::Value(tree), 0, marked);
  std::erase_if(marked, [&](const std::string& name) {  // its own are there; the others are few
    return std::any_of(canvas.assets.begin(), canvas.assets.end(),
                       [&](const auto& asset) { return asset.identifier == name; });
  });
  for (const Canvas& other : folder.canvases) {
    if (marked.empty()) break;
    if (own != nullptr && other.identifier == own->identifier) continue;
    for (const catalogue::Asset& asset : other.assets) {
      if (std::find(marked.begin(), marked.end(), asset.identifier) != marked.end()) canvas.assets.push_back(asset);
    }
  }
  canvas.tree = std::move(tree);
  return canvas;
}

std::string name_of_picture(const Canvas& canvas) {
  return canvas.assets.empty() ? canvas.identifier : std::string(name_of(canvas.assets.front().path));
}

}  // namespace

bool is_document_name(std::string_view name) noexcept {
  return std::any_of(std::begin(kDocumentNames), std::end(kDocumentNames),
                     [&](std::string_view known) { return name == known; });
}

bool FolderDocument::is(std::string_view type) const { return doc::type_of(tree) == type; }

FolderDocument read_folder_document(std::string_view text, std::string name) {
  FolderDocument out{.name = std::move(name)};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto value = json::parse(text, {.max_bytes = kLargestDocument});
  if (!value) {
    out.problems.push_back({line_in(value.error().message), std::move(value.error().message)});
    return out;
  }
  auto read = doc::read_document(*value);
  if (!read) {
    out.problems.push_back({0, std::move(read.error().message)});
    return out;
  }
  out.tree = std::move(read->tree);
  if (!out.is("Manifest") && !out.is("Collection")) {
    out.problems.push_back({0, fmt::format("The document is a {}: in a folder a Manifest or a Collection is read.",
                                           doc::type_of(out.tree))});
    out.tree.clear();
    return out;
  }
  clean(out.tree);
  return out;
}

FolderDocument made_document(json::Object tree, std::string name) {
  FolderDocument out{.name = std::move(name), .made = true};
  out.tree = doc::read_3(tree);
  clean(out.tree);
  return out;
}

base::Result<LaidDocument> lay_document(const FolderDocument& document, const DocumentPlace& place,
                                        ManifestChange& manifest) {
  json::Object tree = covered(document, place);
  const PictureMatch match = match_pictures(tree, manifest);
  if (document.made) settle_canvases(tree);
  name_files(tree, place.item.identifier, readers::kOwnBase);
  catalogue::AdoptAs as{.item = place.item, .base_url = std::string(readers::kOwnBase)};
  for (const std::optional<std::size_t>& own : match.own)
    as.canvas_names.push_back(own ? manifest.canvases[*own].identifier : std::string());
  as.known_item = place.known_item;
  auto adopted = catalogue::adopt(std::move(tree), as);
  if (!adopted) return base::fail(std::move(adopted.error()));
  LaidDocument out{.ids = std::move(adopted->ids)};

  std::vector<Canvas> canvases;
  if (json::Value* items = adopted->tree.if_contains("items"); items != nullptr && items->is_array()) {
    canvases.reserve(items->get_array().size() + match.left.size());
    for (std::size_t i = 0; i < items->get_array().size(); ++i) {
      const Canvas* own = i < match.own.size() && match.own[i] ? &manifest.canvases[*match.own[i]] : nullptr;
      canvases.push_back(canvas_of(std::move(items->get_array()[i].get_object()), own, place, manifest));
    }
  }
  adopted->tree.stable_erase("items");
  for (const std::size_t left : match.left) canvases.push_back(manifest.canvases[left]);
  if (!match.left.empty()) {
    out.problems.push_back(
        {0, fmt::format(
                "{} of the {} pictures of the folder are not named by the document, the first is {}: they stand "
                "after its Canvases.",
                match.left.size(), manifest.canvases.size(), name_of_picture(manifest.canvases[match.left.front()]))});
  }
  manifest.canvases = std::move(canvases);
  manifest.description = description_of(adopted->tree, document, place);
  manifest.tree = std::move(adopted->tree);
  return out;
}

base::Result<LaidDocument> lay_document(const FolderDocument& document, const DocumentPlace& place,
                                        CollectionChange& collection) {
  catalogue::AdoptAs as{.item = place.item, .base_url = std::string(readers::kOwnBase)};
  as.known_item = place.known_item;
  json::Object tree = covered(document, place);
  name_files(tree, place.item.identifier, readers::kOwnBase);
  const std::size_t lost = name_members(tree, place);
  auto adopted = catalogue::adopt(std::move(tree), as);
  if (!adopted) return base::fail(std::move(adopted.error()));
  collection.description = description_of(adopted->tree, document, place);
  collection.tree = std::move(adopted->tree);
  LaidDocument out{.ids = std::move(adopted->ids)};
  if (lost > 0) {
    out.problems.push_back(
        {0, fmt::format("{} of the parts that the document names are not in the folder and are not listed.", lost)});
  }
  return out;
}

}  // namespace armarium::ingest
