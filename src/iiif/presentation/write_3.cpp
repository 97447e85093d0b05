#include "iiif/presentation/write_3.h"

#include <algorithm>
#include <utility>

#include "iiif/description_values.h"
#include "iiif/presentation/tree.h"

namespace armarium::iiif::presentation {
namespace {

// A Scene has no extent; its Canvas is as large as what it shows.
constexpr std::int64_t kSceneExtent = 1000;
constexpr std::size_t kMostModels = 100;

std::string_view old_type(std::string_view type) noexcept {
  if (type == "Audio") return "Sound";
  if (type == "Timeline" || type == "Scene") return "Canvas";
  return type;
}

std::string_view old_key(std::string_view key) noexcept {
  if (key == "placeholderContainer") return "placeholderCanvas";
  if (key == "accompanyingContainer") return "accompanyingCanvas";
  return key;
}

// 3.1 rights: from two vocabularies, in their own spelling; any other address is left to 2.1.
void put_rights(json::Object& out, const json::Value& rights) {
  const auto uri = rights.is_string() ? rights_uri(std::string_view(rights.get_string())) : std::nullopt;
  if (uri) out.emplace("rights", *uri);
}

bool is_aggregate(std::string_view type) noexcept {
  return type == "Independents" || type == "List" || type == "Composite";
}

json::Value without_array(const json::Value& value) {
  const json::Array* array = value.if_array();
  return array != nullptr && array->size() == 1 ? array->front() : value;
}

void find_models(const json::Value& value, int depth, json::Array& models) {
  if (depth > kDeepestTree || models.size() >= kMostModels) return;
  if (const json::Array* array = value.if_array()) {
    for (const json::Value& item : *array) find_models(item, depth + 1, models);
  } else if (const json::Object* in = value.if_object()) {
    if (type_of(*in) == "Model" && !json::text_of(*in, "id").empty()) {
      json::Object model = *in;
      if (!model.contains("label")) model["label"] = json::Object{{"en", json::Array{"3D model"}}};
      models.emplace_back(std::move(model));
      return;
    }
    for (const auto& each : *in) {
      if (each.key() == "items" || each.key() == "body" || each.key() == "source")
        find_models(each.value(), depth + 1, models);
    }
  }
}

// More than its name: not a reference in a Range or a target.
bool is_told(const json::Object& scene) {
  return std::any_of(scene.begin(), scene.end(), [](const auto& member) {
    const std::string_view key = member.key();
    return key != "id" && key != "type" && key != "label" && key != "partOf";
  });
}

class Writer3 {
 public:
  explicit Writer3(Marks marks) : marks_(marks) {}

  json::Value walk(const json::Value& value, int depth) {
    if (depth > kDeepestTree) return nullptr;
    if (const json::Array* array = value.if_array()) {
      json::Array out;
      out.reserve(array->size());
      for (const json::Value& item : *array) out.push_back(walk(item, depth + 1));
      return out;
    }
    if (const json::Object* in = value.if_object()) return object(*in, depth + 1);
    return value;
  }

  // 3.0 has several bodies or targets as an array.
  json::Value bodies(const json::Value& value, int depth) {
    const bool outer = std::exchange(in_body_, true);
    const json::Object* in = value.if_object();
    const bool several = in != nullptr && is_aggregate(type_of(*in));
    json::Value out = several ? walk(array_in(*in, "items"), depth) : walk(value, depth);
    in_body_ = outer;
    return out;
  }

  // 5.6: a target is the address of what it means, or a SpecificResource.
  json::Value targets(const json::Value& value, int depth) {
    const json::Object* in = value.if_object();
    if (in == nullptr) return walk(value, depth);
    if (is_aggregate(type_of(*in))) {
      json::Array out;
      for (const json::Value& item : array_in(*in, "items")) out.push_back(targets(item, depth + 1));
      return out;
    }
    if (is_reference(*in) && type_of(*in) != "SpecificResource") return in->at("id");
    // A point in space is somewhere in its Scene.
    const json::Array& selectors = array_in(*in, "selector");
    const json::Object* source = object_in(*in, "source");
    const bool in_space =
        !selectors.empty() && selectors.front().is_object() && selectors.front().get_object().contains("z");
    if (in_space && source != nullptr && source->contains("id")) return source->at("id");
    return walk(value, depth);
  }

  json::Value member(std::string_view type, std::string_view key, const json::Value& value, int depth) {
    if (is_opaque(key)) return value;
    if (type == "Annotation" && key == "motivation") return without_array(value);
    if (type == "Annotation" && key == "body") return bodies(value, depth);
    if (type == "Annotation" && key == "target") return targets(value, depth);
    if (key == "selector") return walk(without_array(value), depth);
    // The recipes, and the official schema, have the language of a body as a string; links have a list.
    if (in_body_ && key == "language") return without_array(value);
    return walk(value, depth);
  }

  // The pages of a placeholder, painting on the Canvas itself.
  json::Array repainted(const json::Object& placeholder, const json::Value& id, int depth) {
    json::Value pages = walk(array_in(placeholder, "items"), depth);
    for (json::Value& page : pages.get_array()) {
      json::Object* page_object = page.if_object();
      json::Value* annotations = page_object == nullptr ? nullptr : page_object->if_contains("items");
      if (annotations == nullptr || !annotations->is_array()) continue;
      for (json::Value& annotation : annotations->get_array()) {
        if (json::Object* one = annotation.if_object()) (*one)["target"] = id;
      }
    }
    return std::move(pages.get_array());
  }

  // A Scene for clients that know none.
  json::Object scene(const json::Object& in, int depth) {
    json::Object out{{"id", in.contains("id") ? in.at("id") : json::Value()}, {"type", "Canvas"}};
    const json::Object* placeholder = object_in(in, "placeholderContainer");
    const auto extent = [&](std::string_view side) -> json::Value {
      if (placeholder != nullptr && placeholder->contains(side)) return placeholder->at(side);
      return kSceneExtent;
    };
    for (const auto& each : in) {
      const std::string_view key = each.key();
      if (key == "label" || key == "summary" || key == "metadata" || key == "requiredStatement" || key == "rights" ||
          key == "provider" || key == "homepage" || key == "seeAlso" || key == "thumbnail" || key == "navDate" ||
          key == "partOf")
        out.emplace(key, walk(each.value(), depth));
    }
    out["height"] = extent("height");
    out["width"] = extent("width");
    json::Array rendering = array_in(in, "rendering");
    find_models(array_in(in, "items"), depth, rendering);
    if (!rendering.empty()) out["rendering"] = std::move(rendering);
    out["items"] = placeholder == nullptr ? json::Array() : repainted(*placeholder, out["id"], depth);
    return out;
  }

  json::Object object(const json::Object& in, int depth) {
    const std::string_view type = type_of(in);
    if (type == "Scene" && (depth == 0 || is_told(in))) return scene(in, depth);
    json::Object out;
    for (const auto& each : in) {
      const std::string_view key = each.key();
      if (marks_ == Marks::dropped && key.starts_with('@')) continue;
      if (key == "type") {
        out.emplace(key, old_type(type));
      } else if (key == "rights" && marks_ == Marks::dropped) {
        put_rights(out, each.value());
      } else if (type == "PointSelector" && key == "instant") {
        out.emplace("t", each.value());
      } else {
        out.emplace(old_key(key), member(type, key, each.value(), depth));
      }
    }
    return out;
  }

 private:
  Marks marks_;
  bool in_body_ = false;
};

// ---- 4 ---------------------------------------------------------------------------------------------------------------------------

// 4.0 wants an id of each SpecificResource: the place where it stands, as a fragment of what it stands in.
class Minter {
 public:
  json::Value walk(const json::Value& value, const std::string& place, int depth) {
    if (depth > kDeepestTree) return nullptr;
    if (const json::Array* array = value.if_array()) {
      json::Array out;
      out.reserve(array->size());
      for (std::size_t i = 0; i < array->size(); ++i)
        out.push_back(walk((*array)[i], array->size() == 1 ? place : place + '-' + std::to_string(i + 1), depth + 1));
      return out;
    }
    if (const json::Object* in = value.if_object()) return object(*in, place, depth + 1);
    return value;
  }

  json::Object object(const json::Object& in, const std::string& place, int depth) {
    json::Object out;
    std::string id(json::text_of(in, "id"));
    if (id.empty() && type_of(in) == "SpecificResource") {
      id = place;
      out.emplace("id", id);
    }
    // What has no id of its own is part of what it stands in.
    const std::string inside = id.empty() ? place : id;
    for (const auto& each : in) {
      const std::string_view key = each.key();
      if (key.starts_with('@')) continue;
      if (key == "rights") {
        put_rights(out, each.value());
        continue;
      }
      const bool plain = is_opaque(key) || !(each.value().is_object() || each.value().is_array());
      out.emplace(key, plain ? each.value() : walk(each.value(), inside + joint(inside) + std::string(key), depth));
    }
    return out;
  }

 private:
  static std::string joint(const std::string& place) { return place.find('#') == std::string::npos ? "#" : "-"; }
};

}  // namespace

json::Object write_3(const json::Object& tree, Marks marks) { return Writer3(marks).object(tree, 0); }

json::Object write_4(const json::Object& tree) { return Minter().object(tree, std::string(), 0); }

}  // namespace armarium::iiif::presentation
