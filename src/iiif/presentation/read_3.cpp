#include "iiif/presentation/read_3.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "iiif/presentation/tree.h"

namespace armarium::iiif::presentation {
namespace {

// Names of types, and of members, that 4 renamed.
std::string_view new_type(std::string_view type) noexcept { return type == "Sound" ? "Audio" : type; }
std::string_view new_key(std::string_view key) noexcept {
  if (key == "placeholderCanvas") return "placeholderContainer";
  if (key == "accompanyingCanvas") return "accompanyingContainer";
  return key;
}

bool is_list(std::string_view key) noexcept {
  constexpr std::array<std::string_view, 14> kLists{"thumbnail", "homepage",   "seeAlso",  "rendering", "provider",
                                                    "logo",      "partOf",     "service",  "services",  "annotations",
                                                    "items",     "structures", "metadata", "behavior"};
  return std::find(kLists.begin(), kLists.end(), key) != kLists.end();
}

// 4.3: a language map; a plain string is one of no language.
json::Value language_map(const json::Value& value) {
  if (value.is_object()) {
    json::Object map;
    for (const auto& member : value.get_object()) {
      // Null takes a language away where this is part of a patch.
      map.emplace(member.key(), member.value().is_null() ? json::Value() : json::Value(as_array(member.value())));
    }
    return map;
  }
  if (!value.is_string() && !value.is_array()) return value;
  return json::Object{{"none", as_array(value)}};
}

json::Value pair(const json::Value& value) {
  const json::Object* object = value.if_object();
  if (object == nullptr) return value;
  json::Object out;
  for (const auto& member : *object) {
    const bool map = member.key() == "label" || member.key() == "value";
    out.emplace(member.key(), map ? language_map(member.value()) : member.value());
  }
  return out;
}

std::string_view without_fragment(std::string_view id) noexcept { return id.substr(0, id.find('#')); }

class Upgrade {
 public:
  explicit Upgrade(const json::Object& document) { learn(document, 0); }

  json::Object object(const json::Object& in, int depth) {
    json::Object out;
    const std::string_view type = type_of(in);
    for (const auto& member : in) {
      const std::string_view key = member.key();
      if (key.starts_with('@')) continue;  // 3.0 has none but the context, and the model keeps such names for itself
      if (key == "type") {
        out.emplace(key, type_to_say(in, type));
      } else {
        out.emplace(new_key(key), this->member(type, key, member.value(), depth));
      }
    }
    if (type == "Annotation") fold_body_value(out);
    return out;
  }

 private:
  // What each id is, so that a bare string can say its type.
  void learn(const json::Value& value, int depth) {
    if (depth > kDeepestTree) return;
    if (const json::Array* array = value.if_array()) {
      for (const json::Value& item : *array) learn(item, depth + 1);
    } else if (const json::Object* object = value.if_object()) {
      learn(*object, depth + 1);
    }
  }
  void learn(const json::Object& object, int depth) {
    const std::string_view id = json::text_of(object, "id");
    if (!id.empty() && is_whole(object)) types_.emplace(id, type_to_say(object, type_of(object)));
    for (const auto& member : object) {
      if (!is_opaque(member.key())) learn(member.value(), depth);
    }
  }

  // 4: what has only a duration is a Timeline.
  std::string type_to_say(const json::Object& object, std::string_view type) const {
    if (type != "Canvas") return std::string(new_type(type));
    if (object.contains("duration") && !object.contains("width") && !object.contains("height")) return "Timeline";
    return is_whole(object) ? "Canvas" : known_type(json::text_of(object, "id"), "Canvas");
  }

  // Told here, not only named.
  static bool is_whole(const json::Object& object) {
    return object.contains("items") || object.contains("duration") || object.contains("width");
  }

  std::string known_type(std::string_view id, std::string_view otherwise) const {
    const auto known = types_.find(std::string(without_fragment(id)));
    return known == types_.end() ? std::string(otherwise) : known->second;
  }

  json::Value member(std::string_view type, std::string_view key, const json::Value& value, int depth) {
    if (depth > kDeepestTree || value.is_null()) return value;
    if (key == "label" || key == "summary") return language_map(value);
    if (key == "requiredStatement") return pair(value);
    if (key == "metadata") {
      json::Array pairs;
      for (const json::Value& item : as_array(value)) pairs.push_back(pair(item));
      return pairs;
    }
    if (type == "Annotation" && key == "motivation") return as_array(value);
    if (type == "Annotation" && key == "body") return one_of(value, {}, depth);
    if (type == "Annotation" && key == "target") return one_of(value, "Canvas", depth);
    if (key == "source") return one_of(value, "Canvas", depth);
    if (key == "selector") return walk(as_array(value), depth);
    if (key == "language") return as_array(value);
    if (key == "first" || key == "last" || key == "next" || key == "prev")
      return one_of(value, "AnnotationPage", depth);
    if (is_opaque(key)) return is_list(key) ? json::Value(as_array(value)) : value;
    if (is_list(key)) return walk(as_array(value), depth);
    return walk(value, depth);
  }

  // An object with its type; several are an Independents, which is what they mean in the Web Annotation Data Model, 3.2.2.
  json::Value one_of(const json::Value& value, std::string_view otherwise, int depth) {
    if (value.is_string()) {
      const std::string_view id(value.get_string());
      const std::string type = known_type(id, otherwise);
      json::Object out{{"id", id}};
      if (!type.empty()) out["type"] = type;
      return out;
    }
    const json::Array* several = value.if_array();
    if (several == nullptr) return walk(value, depth);
    if (several->size() == 1 && !several->front().is_array()) return one_of(several->front(), otherwise, depth + 1);
    if (depth > kDeepestTree) return nullptr;
    json::Array items;
    for (const json::Value& item : *several) {
      if (!item.is_array()) items.push_back(one_of(item, otherwise, depth + 1));  // a list in a list means nothing
    }
    return json::Object{{"type", "Independents"}, {"items", std::move(items)}};
  }

  json::Value walk(const json::Value& value, int depth) {
    if (depth > kDeepestTree) return value;
    if (const json::Array* array = value.if_array()) {
      json::Array out;
      out.reserve(array->size());
      for (const json::Value& item : *array) out.push_back(walk(item, depth + 1));
      return out;
    }
    if (const json::Object* in = value.if_object()) {
      json::Object out = object(*in, depth + 1);
      if (type_of(out) == "PointSelector") rename(out, "t", "instant");
      return out;
    }
    return value;
  }

  static void rename(json::Object& object, std::string_view from, std::string_view to) {
    if (!object.contains(from)) return;
    json::Object out;
    for (const auto& member : object)
      out.emplace(member.key() == from ? to : std::string_view(member.key()), member.value());
    object = std::move(out);
  }

  // Web Annotation Data Model, 3.2.5: short for a TextualBody.
  static void fold_body_value(json::Object& annotation) {
    const json::Value* text = annotation.if_contains("bodyValue");
    if (text == nullptr || annotation.contains("body")) return;
    json::Object out;
    for (const auto& member : annotation) {
      if (member.key() != "bodyValue") {
        out.emplace(member.key(), member.value());
      } else {
        out.emplace("body", json::Object{{"type", "TextualBody"}, {"value", member.value()}, {"format", "text/plain"}});
      }
    }
    annotation = std::move(out);
  }

  std::unordered_map<std::string, std::string> types_;
};

}  // namespace

json::Object read_3(const json::Object& document) { return Upgrade(document).object(document, 0); }

}  // namespace armarium::iiif::presentation
