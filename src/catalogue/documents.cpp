#include "catalogue/documents.h"

#include <fmt/format.h>

namespace armarium::catalogue {
namespace {

tl::unexpected<base::Error> damaged(std::string_view what) {
  return base::fail(base::ErrorCode::corrupt, "The server's database is damaged.",
                    fmt::format("a stored {} cannot be read", what));
}

json::Array pair_of(image::Size size) { return {size.width, size.height}; }

image::Size size_of(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array() || value->get_array().size() != 2) return {};
  const json::Array& pair = value->get_array();
  boost::system::error_code error;
  const auto width = pair[0].to_number<std::uint32_t>(error);
  if (error) return {};
  const auto height = pair[1].to_number<std::uint32_t>(error);
  return error ? image::Size{} : image::Size{width, height};
}

bool flag(const json::Object& object, std::string_view key, bool otherwise) {
  const json::Value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

template <class Number>
std::optional<Number> number(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  const auto found = value->to_number<Number>(error);
  return error ? std::nullopt : std::optional<Number>(found);
}

base::Result<json::Object> object_of(const std::string& text, std::string_view what) {
  auto value = json::parse(text);
  if (!value || !value->is_object()) return damaged(what);
  return std::move(value->get_object());
}

}  // namespace

std::string holder_name(const store::ItemKey& holder) {
  return holder.kind == store::Kind::collection ? "=c" + holder.identifier : holder.identifier;
}

store::ItemKey holder_of(const std::string& name) {
  if (name.starts_with("=c")) return {store::Kind::collection, name.substr(2)};
  return {store::Kind::manifest, name};
}

std::string label_text(const iiif::LanguageMap& label) {
  return label.empty() ? std::string() : json::to_text(label.to_json());
}

base::Result<iiif::LanguageMap> label_of(const std::string& text) {
  if (text.empty()) return iiif::LanguageMap();
  auto value = json::parse(text);
  if (!value) return damaged("label");
  auto label = iiif::LanguageMap::from_json(*value, "label");
  if (!label) return damaged("label");
  return label;
}

store::AssetRow row_of(const Asset& asset) {
  json::Object facts;
  facts["format"] = asset.format;
  facts["media_type"] = asset.media_type;
  facts["size"] = pair_of(asset.size);
  if (!asset.has_colour) facts["grey"] = true;
  if (asset.bitonal) facts["bitonal"] = true;
  if (!asset.tile.empty()) facts["tile"] = pair_of(asset.tile);
  if (!asset.stored_levels.empty()) {
    json::Array levels;
    for (const image::Size level : asset.stored_levels) levels.push_back(pair_of(level));
    facts["levels"] = std::move(levels);
  }
  if (asset.limits.max_width) facts["max_width"] = *asset.limits.max_width;
  if (asset.limits.max_height) facts["max_height"] = *asset.limits.max_height;
  if (asset.limits.max_area) facts["max_area"] = *asset.limits.max_area;
  if (!asset.rights.empty()) facts["rights"] = asset.rights;
  if (asset.whole_file) facts["whole_file"] = true;
  return {.identifier = asset.identifier,
          .manifest = asset.manifest,
          .path = asset.path,
          .page = asset.page,
          .version = asset.version,
          .state = static_cast<std::uint8_t>(asset.state),
          .problem = asset.problem,
          .document = json::to_text(facts)};
}

base::Result<Asset> asset_of(const store::AssetRow& row) {
  auto facts = object_of(row.document, "asset");
  if (!facts) return base::fail(std::move(facts.error()));
  Asset asset;
  asset.identifier = row.identifier;
  asset.path = row.path;
  asset.page = row.page;
  asset.format = json::text_of(*facts, "format");
  asset.media_type = json::text_of(*facts, "media_type");
  asset.size = size_of(*facts, "size");
  asset.has_colour = !flag(*facts, "grey", false);
  asset.bitonal = flag(*facts, "bitonal", false);
  asset.tile = size_of(*facts, "tile");
  if (const json::Value* levels = facts->if_contains("levels"); levels != nullptr && levels->is_array()) {
    for (const json::Value& level : levels->get_array()) {
      json::Object holder;
      holder["level"] = level;
      asset.stored_levels.push_back(size_of(holder, "level"));
    }
  }
  asset.version = row.version;
  asset.state = static_cast<AssetState>(row.state);
  asset.problem = row.problem;
  asset.limits.max_width = number<std::uint32_t>(*facts, "max_width");
  asset.limits.max_height = number<std::uint32_t>(*facts, "max_height");
  asset.limits.max_area = number<std::uint64_t>(*facts, "max_area");
  asset.rights = json::text_of(*facts, "rights");
  asset.whole_file = flag(*facts, "whole_file", false);
  asset.manifest = row.manifest;
  return asset;
}

store::CanvasRow row_of(const Canvas& canvas) {
  json::Object object;
  object["label"] = canvas.label.to_json();
  object["extent"] = pair_of(canvas.extent);
  json::Array assets;
  for (const Asset& asset : canvas.assets) assets.emplace_back(asset.identifier);
  object["assets"] = std::move(assets);
  if (!canvas.behavior.empty()) {
    json::Array behavior;
    for (const std::string& value : canvas.behavior) behavior.emplace_back(value);
    object["behavior"] = std::move(behavior);
  }
  if (!canvas.nav_date.empty()) object["nav_date"] = canvas.nav_date;
  if (!canvas.described.empty()) object["described"] = canvas.described;
  if (!canvas.annotations.empty()) object["annotations"] = canvas.annotations;
  if (!canvas.tree.empty()) object["tree"] = canvas.tree;
  if (!canvas.over.empty()) object["over"] = canvas.over;
  return {canvas.identifier, json::to_text(object)};
}

base::Result<Canvas> canvas_of(const store::CanvasRow& row, const AssetMap& assets) {
  auto object = object_of(row.document, "canvas");
  if (!object) return base::fail(std::move(object.error()));
  Canvas canvas;
  canvas.identifier = row.identifier;
  if (const json::Value* label = object->if_contains("label")) {
    auto read = iiif::LanguageMap::from_json(*label, "label");
    if (!read) return damaged("canvas");
    canvas.label = std::move(*read);
  }
  canvas.extent = size_of(*object, "extent");
  if (const json::Value* list = object->if_contains("assets"); list != nullptr && list->is_array()) {
    for (const json::Value& value : list->get_array()) {
      const auto found = value.is_string() ? assets.find(std::string(value.get_string())) : assets.end();
      if (found != assets.end()) canvas.assets.push_back(found->second);
    }
  }
  if (const json::Value* list = object->if_contains("behavior"); list != nullptr && list->is_array()) {
    for (const json::Value& value : list->get_array()) {
      if (value.is_string()) canvas.behavior.emplace_back(value.get_string());
    }
  }
  canvas.nav_date = json::text_of(*object, "nav_date");
  if (json::Value* described = object->if_contains("described"); described != nullptr && described->is_object())
    canvas.described = std::move(described->get_object());
  if (const json::Value* list = object->if_contains("annotations"); list != nullptr && list->is_array())
    canvas.annotations = list->get_array();
  if (json::Value* tree = object->if_contains("tree"); tree != nullptr && tree->is_object())
    canvas.tree = std::move(tree->get_object());
  if (const json::Value* over = object->if_contains("over"); over != nullptr && over->is_array())
    canvas.over = over->get_array();
  return canvas;
}

std::vector<std::string> assets_in(const store::CanvasRow& row) {
  std::vector<std::string> names;
  const auto object = object_of(row.document, "canvas");
  const json::Value* list = object ? object->if_contains("assets") : nullptr;
  if (list == nullptr || !list->is_array()) return names;
  for (const json::Value& value : list->get_array()) {
    if (value.is_string()) names.emplace_back(value.get_string());
  }
  return names;
}

std::string document_text(const ItemDocument& document) {
  json::Object object;
  object["description"] = document.description.to_json();
  if (!document.ranges.is_null()) object["ranges"] = document.ranges;
  if (!document.tree.empty()) object["tree"] = document.tree;
  if (!document.over.empty()) object["over"] = document.over;
  return json::to_text(object);
}

base::Result<ItemDocument> item_document_of(const std::string& text) {
  auto object = object_of(text, "description");
  if (!object) return base::fail(std::move(object.error()));
  const json::Value* stored = object->if_contains("description");
  if (stored == nullptr) return damaged("description");
  auto description = iiif::Description::from_json(*stored);
  if (!description) return damaged("description");
  ItemDocument document{std::move(*description), {}, {}, {}};
  if (const json::Value* ranges = object->if_contains("ranges")) document.ranges = *ranges;
  if (json::Value* tree = object->if_contains("tree"); tree != nullptr && tree->is_object())
    document.tree = std::move(tree->get_object());
  if (json::Value* over = object->if_contains("over"); over != nullptr && over->is_array())
    document.over = std::move(over->get_array());
  return document;
}

}  // namespace armarium::catalogue
