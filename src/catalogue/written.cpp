#include "catalogue/written.h"

#include <fmt/format.h>

#include "base/uri.h"
#include "catalogue/documents.h"
#include "catalogue/parts.h"
#include "catalogue/patches.h"
#include "iiif/presentation/tree.h"
#include "iiif/presentation/write_3.h"
#include "json/merge_patch.h"

namespace armarium::catalogue {
namespace {

namespace doc = iiif::presentation;
using base::ErrorCode;
using base::Result;
using store::ItemKey;
using store::ItemRow;
using store::Kind;
using store::StatementRow;

// Members of a statement that is written.
constexpr std::string_view kWhole = "whole";
constexpr std::string_view kDocument = "document";
constexpr std::string_view kPatches = "patches";

// Rows of our own, which may hold others as text.
constexpr json::ParseLimits kOwnRecord{.max_bytes = std::size_t{1} << 30};
// Well below what is read back (json::ParseLimits).
constexpr std::size_t kLargestRecord = std::size_t{56} << 20;

Result<> fits(std::size_t bytes) {
  if (bytes <= kLargestRecord) return {};
  return base::fail(
      ErrorCode::too_large,
      fmt::format("With this change the item would be larger than the {} MB that are kept.", kLargestRecord >> 20));
}

// What a tree says in the words of a description.
Result<iiif::Description> description_of(const json::Object& tree) {
  json::Object said;
  const json::Object in_3 = doc::write_3(tree);
  for (const char* key : {"label", "summary", "metadata", "requiredStatement", "rights", "provider", "navDate",
                          "navPlace", "behavior", "viewingDirection", "homepage", "seeAlso", "rendering"}) {
    if (in_3.contains(key)) said[key] = in_3.at(key);
  }
  std::vector<std::string> ignored;  // the document itself is published as it is
  auto description = iiif::Description::from_json(said, ignored);
  if (description.label.empty())
    return base::fail(ErrorCode::invalid_argument, "label must be a language map with at least one text.");
  return description;
}

// The picture of ours that an image service or an image of the tree stands for; empty for those of others.
std::string asset_of(const json::Object& image) {
  constexpr std::string_view kPrefix = "/iiif/image/3/";
  for (const json::Value& service : doc::array_in(image, "service")) {
    const std::string_view id = service.is_object() ? json::text_of(service.get_object(), "id") : std::string_view();
    if (id.starts_with(kPrefix)) return base::percent_decode(id.substr(kPrefix.size())).value_or("");
  }
  return {};
}

void find_assets(const json::Value& value, int depth, std::vector<std::string>& found) {
  if (depth > doc::kDeepestTree) return;
  if (const json::Array* array = value.if_array()) {
    for (const json::Value& item : *array) find_assets(item, depth + 1, found);
  } else if (const json::Object* object = value.if_object()) {
    if (doc::type_of(*object) == "Image") {
      if (std::string name = asset_of(*object); !name.empty()) found.push_back(std::move(name));
      return;
    }
    for (const char* key : {"items", "body", "source"}) {
      if (object->contains(key)) find_assets(object->at(key), depth + 1, found);
    }
  }
}

std::uint32_t side_of(const json::Object& tree, std::string_view key) {
  boost::system::error_code failed;
  const json::Value* value = tree.if_contains(key);
  const auto number = value == nullptr ? 0.0 : value->to_number<double>(failed);
  return failed || number < 1 || number > 4e9 ? 0 : static_cast<std::uint32_t>(number);
}

store::CanvasRow canvas_row(json::Object tree) {
  Canvas canvas;
  const std::string_view id = json::text_of(tree, "id");
  canvas.identifier = base::percent_decode(id.substr(id.rfind('/') + 1)).value_or("");
  if (const json::Value* label = tree.if_contains("label")) {
    if (auto read = iiif::LanguageMap::from_json(*label, "label")) canvas.label = std::move(*read);
  }
  canvas.extent = {side_of(tree, "width"), side_of(tree, "height")};
  std::vector<std::string> pictures;
  find_assets(tree, 0, pictures);
  for (std::string& name : pictures) {
    Asset asset;
    asset.identifier = std::move(name);
    canvas.assets.push_back(std::move(asset));
  }
  canvas.tree = std::move(tree);
  return row_of(canvas);
}

// The items of ours that a Collection lists.
std::vector<ItemKey> member_keys(const json::Object& tree) {
  std::vector<ItemKey> keys;
  for (const json::Value& item : doc::array_in(tree, "items")) {
    const std::string_view id = item.is_object() ? json::text_of(item.get_object(), "id") : std::string_view();
    constexpr std::string_view kPrefix = "/iiif/";
    if (!id.starts_with(kPrefix)) continue;
    const std::string_view rest = id.substr(kPrefix.size());
    const std::size_t slash = rest.find('/');
    const std::string_view last = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    const auto identifier = base::percent_decode(rest.substr(0, slash));
    if (!identifier) continue;
    if (last == "manifest") keys.push_back({Kind::manifest, *identifier});
    if (last == "collection") keys.push_back({Kind::collection, *identifier});
  }
  return keys;
}

}  // namespace

// ---- statements ------------------------------------------------------------------------------------------------------------------

Result<Statements> statements_of(const store::Reader& reader, const ItemKey& item) {
  auto rows = reader.statements(item);
  if (!rows) return base::fail(std::move(rows.error()));
  Statements out;
  for (StatementRow& row : *rows) {
    if (row.origin == kFolder) {
      out.below = std::move(row);
      continue;
    }
    if (row.origin != kWritten) continue;
    auto value = json::parse(row.document, kOwnRecord);
    json::Object* object = value ? value->if_object() : nullptr;
    if (object == nullptr)
      return base::fail(ErrorCode::corrupt, "What was written over this item cannot be read back.", item.identifier);
    Written& written = out.written.emplace();
    written.collection = std::move(row.collection);
    written.whole = object->contains(kWhole);
    if (json::Value* kept = object->if_contains(kDocument); kept != nullptr && kept->is_object())
      written.document = std::move(kept->get_object());
    written.patches = doc::array_in(*object, kPatches);
  }
  return out;
}

Result<> check_statement(const StatementRow& row) { return fits(row.document.size()); }

StatementRow statement_row(const ItemKey& item, const Written& written) {
  json::Object content;
  if (written.whole) {
    content[kWhole] = true;
    if (!written.document.empty()) content[kDocument] = written.document;
  } else {
    content[kPatches] = written.patches;
  }
  return {item, std::string(kWritten), written.collection, json::to_text(json::Value(std::move(content)))};
}

std::string aliases_origin(const ItemKey& item) {
  return fmt::format("written:{}:{}", static_cast<int>(item.kind), item.identifier);
}

// ---- documents -------------------------------------------------------------------------------------------------------------------

Result<DocumentRows> lay_out(json::Object tree, ItemRow& row) {
  auto description = description_of(tree);
  if (!description) return base::fail(std::move(description.error()));
  DocumentRows out;
  row.label = label_text(description->label);
  row.nav_date = description->nav_date;
  row.complete = true;
  row.thumbnail.clear();
  if (const json::Array& pictures = doc::array_in(tree, "thumbnail"); !pictures.empty() && pictures.front().is_object())
    row.thumbnail = asset_of(pictures.front().get_object());
  std::size_t count = doc::array_in(tree, "items").size();
  if (row.key.kind == Kind::collection) {
    out.members = member_keys(tree);
  } else {
    if (json::Value* items = tree.if_contains("items"); items != nullptr && items->is_array()) {
      for (json::Value& item : items->get_array()) out.canvases.push_back(canvas_row(std::move(item.get_object())));
    }
    tree.stable_erase("items");
    count = out.canvases.size();
    if (row.count != count) row.first_page = 0;  // a new block of numbers
    for (std::size_t i = 0; i < count && row.thumbnail.empty(); ++i) {
      const std::vector<std::string> names = assets_in(out.canvases[i]);
      if (!names.empty()) row.thumbnail = names.front();
    }
  }
  row.count = count;
  row.document = document_text({*description, {}, std::move(tree), {}});
  std::size_t bytes = row.document.size();
  for (const store::CanvasRow& canvas : out.canvases) bytes += canvas.document.size();
  if (auto small = fits(bytes); !small) return base::fail(std::move(small.error()));
  out.description = std::move(*description);
  return out;
}

void DocumentRows::put_into(store::Batch& batch, const ItemKey& item) && {
  if (item.kind == Kind::manifest) {
    batch.canvases.emplace_back(item.identifier, std::move(canvases));
  } else {
    batch.members.emplace_back(item.identifier, std::move(members));
  }
}

Result<json::Object> document_of(const store::Reader& reader, const ItemRow& row) {
  auto document = item_document_of(row.document);
  if (!document) return base::fail(std::move(document.error()));
  json::Object tree = std::move(document->tree);
  if (row.key.kind == Kind::collection) return tree;
  auto rows = reader.canvases(row.key.identifier);
  if (!rows) return base::fail(std::move(rows.error()));
  json::Array items;
  for (const store::CanvasRow& canvas_row : *rows) {
    auto canvas = canvas_of(canvas_row, {});
    if (!canvas) return base::fail(std::move(canvas.error()));
    items.emplace_back(std::move(canvas->tree));
  }
  tree["items"] = std::move(items);
  return tree;
}

namespace {

void note_origins(iiif::Description& description, const json::Object& patch) {
  for (const auto& member : patch) {
    if (member.key() != kParts) description.origins[std::string(member.key())] = kWritten;
  }
}

}  // namespace

Result<iiif::Description> patch_row(ItemRow& row, const json::Object& patch) {
  auto document = item_document_of(row.document);
  if (!document) return base::fail(std::move(document.error()));
  if (!document->tree.empty()) {
    json::Value tree = json::merge_patch(document->tree, patch);
    document->tree = std::move(tree.get_object());
    document->tree.stable_erase(kParts);
    if (json::Value* ranges = document->tree.if_contains("structures"); ranges != nullptr && ranges->is_array())
      patch_ranges(patch, ranges->get_array());
    auto description = description_of(document->tree);
    if (!description) return description;
    description->more = std::move(document->description.more);  // what files say beside the document
    description->origins = std::move(document->description.origins);
    note_origins(*description, patch);
    document->description = std::move(*description);
  } else {
    json::Object described;
    json::Object over;
    for (const auto& member : patch) {
      if (member.key() == kParts) continue;
      (iiif::Description::describes(member.key()) ? described : over).insert_or_assign(member.key(), member.value());
    }
    if (json::Object ranges = range_parts(patch); !ranges.empty()) over[kParts] = std::move(ranges);
    if (!over.empty()) {
      document->over = folded(document->over);
      add_patch(document->over, over);
    }
    const json::Value merged = json::merge_patch(document->description.to_json(), described);
    auto description = iiif::Description::from_json(merged);
    if (!description) return description;
    document->description = std::move(*description);
    note_origins(document->description, patch);
  }
  row.label = label_text(document->description.label);
  row.nav_date = document->description.nav_date;
  row.document = document_text(*document);
  if (auto small = fits(row.document.size()); !small) return base::fail(std::move(small.error()));
  return std::move(document->description);
}

// ---- what the files say, kept below ----------------------------------------------------------------------------------------------

StatementRow below_of(const ItemRow& row, const std::vector<store::CanvasRow>& canvases,
                      const std::vector<ItemKey>& members) {
  json::Array list;
  for (const store::CanvasRow& canvas : canvases) list.emplace_back(json::Array{canvas.identifier, canvas.document});
  json::Array keys;
  for (const ItemKey& key : members) keys.emplace_back(json::Array{static_cast<int>(key.kind), key.identifier});
  const json::Object kept{{"label", row.label},       {"nav_date", row.nav_date},    {"thumbnail", row.thumbnail},
                          {"document", row.document}, {"canvases", std::move(list)}, {"members", std::move(keys)}};
  return {row.key, std::string(kFolder), {}, json::to_text(kept)};
}

void put_back(const StatementRow& below, ItemRow& row, store::Batch& batch) {
  const auto value = json::parse(below.document, kOwnRecord);
  if (!value || !value->is_object()) return;
  const json::Object& kept = value->get_object();
  row.label = json::text_of(kept, "label");
  row.nav_date = json::text_of(kept, "nav_date");
  row.thumbnail = json::text_of(kept, "thumbnail");
  row.document = json::text_of(kept, "document");
  DocumentRows parts;
  for (const json::Value& one : doc::array_in(kept, "canvases")) {
    const json::Array& pair = one.get_array();
    parts.canvases.push_back({std::string(pair[0].get_string()), std::string(pair[1].get_string())});
  }
  for (const json::Value& one : doc::array_in(kept, "members")) {
    const json::Array& pair = one.get_array();
    parts.members.push_back({static_cast<Kind>(pair[0].to_number<int>()), std::string(pair[1].get_string())});
  }
  const bool manifest = row.key.kind == Kind::manifest;
  const std::size_t count = manifest ? parts.canvases.size() : parts.members.size();
  if (manifest && row.count != count) row.first_page = 0;
  row.count = count;
  std::move(parts).put_into(batch, row.key);
}

}  // namespace armarium::catalogue
