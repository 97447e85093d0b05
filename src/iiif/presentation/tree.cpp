#include "iiif/presentation/tree.h"

#include <algorithm>
#include <array>

#include "iiif/presentation/local_ids.h"

namespace armarium::iiif::presentation {

std::string_view context_of(Version version) noexcept {
  switch (version) {
    case Version::v2: return "http://iiif.io/api/presentation/2/context.json";
    case Version::v3: return "http://iiif.io/api/presentation/3/context.json";
    case Version::v4: return "http://iiif.io/api/presentation/4/context.json";
  }
  return {};
}

std::string_view type_of(const json::Object& object) noexcept {
  const json::Value* type = object.if_contains("type");
  if (type == nullptr) return {};
  if (const json::Array* several = type->if_array(); several != nullptr && !several->empty()) type = &several->front();
  return type->is_string() ? std::string_view(type->get_string()) : std::string_view();
}

bool is_reference(const json::Object& object) noexcept {
  return object.size() == 2 && !json::text_of(object, "id").empty() && !json::text_of(object, "type").empty();
}

bool is_container(std::string_view type) noexcept { return type == "Canvas" || type == "Timeline" || type == "Scene"; }

json::Array as_array(const json::Value& value) {
  if (value.is_null()) return {};
  if (const json::Array* array = value.if_array()) return *array;
  json::Array array;
  array.push_back(value);
  return array;
}

const json::Array& array_in(const json::Object& object, std::string_view key) noexcept {
  static const json::Array kNone;
  const json::Value* value = object.if_contains(key);
  const json::Array* array = value == nullptr ? nullptr : value->if_array();
  return array == nullptr ? kNone : *array;
}

const json::Object* object_in(const json::Object& object, std::string_view key) noexcept {
  const json::Value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

bool is_opaque(std::string_view key) noexcept {
  constexpr std::array<std::string_view, 8> kOpaque{"navPlace",          "label",    "summary",  "metadata",
                                                    "requiredStatement", "@context", "services", "service"};
  return std::find(kOpaque.begin(), kOpaque.end(), key) != kOpaque.end();
}

namespace {

void each_id_in(json::Value& value, bool service, int depth, const std::function<void(json::Value&)>& change) {
  if (depth > kDeepestTree) return;
  if (json::Array* array = value.if_array()) {
    for (json::Value& item : *array) each_id_in(item, service, depth + 1, change);
    return;
  }
  json::Object* object = value.if_object();
  if (object == nullptr) return;
  for (auto& member : *object) {
    const std::string_view key = member.key();
    const bool named = key == "id" || key == "@2" || key == "@list" || (service && key == "@id");
    if (named && member.value().is_string()) {
      change(member.value());
    } else if (!is_opaque(key)) {
      each_id_in(member.value(), service, depth + 1, change);
    } else if (key == "service" || key == "services") {
      each_id_in(member.value(), true, depth + 1, change);
    }
  }
}

}  // namespace

void each_id(json::Object& tree, const std::function<void(json::Value& id)>& change) {
  json::Value whole(std::move(tree));
  each_id_in(whole, false, 0, change);
  tree = std::move(whole.get_object());
}

void expand(json::Object& tree, const AddressOf& address_of) {
  each_id(tree, [&](json::Value& id) {
    const std::string_view text(id.get_string());
    if (text.starts_with('/')) id = address_of(text);
  });
}

std::string_view item_of_part(std::string_view identifier) noexcept {
  const std::size_t mark = identifier.rfind(kPutInMark);
  if (mark == std::string_view::npos || mark + kPutInMark.size() == identifier.size()) return {};
  if (identifier.find_first_not_of("0123456789abcdef", mark + kPutInMark.size()) != std::string_view::npos) return {};
  return identifier.substr(0, mark);
}

}  // namespace armarium::iiif::presentation
