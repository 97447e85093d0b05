#include <algorithm>
#include <unordered_set>

#include "check/answer.h"

namespace armarium::check {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMost = 100'000;

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

class Links {
 public:
  std::vector<std::string> take() { return std::move(found_); }

  void walk(const json::Value& value, std::string_view key, int depth) {
    if (depth > kDeepest) return;
    if (const json::Array* array = value.if_array()) {
      for (const json::Value& entry : *array) walk(entry, key, depth + 1);
    } else if (const json::String* text = value.if_string()) {
      if (is_one_of(key, {"first", "last", "next", "prev", "otherContent", "manifests", "collections"})) add(*text);
    } else if (const json::Object* object = value.if_object()) {
      resource(*object, key, depth);
    }
  }

 private:
  void resource(const json::Object& object, std::string_view key, int depth) {
    std::string_view type = json::text_of(object, "type");
    if (type.empty()) type = json::text_of(object, "@type");
    std::string_view id = json::text_of(object, "id");
    if (id.empty()) id = json::text_of(object, "@id");
    if (key == "service" || key == "services") {
      if (is_image_service(object, type)) add(id, "/info.json");
    } else if (depth > 0 && refers(object, type, key)) {
      add(id);
    }
    // What something is part of leads back, and what an annotation is about leads anywhere.
    for (const auto& [name, value] : object)
      if (!is_one_of(name,
                     {"partOf", "within", "target", "on", "@context", "seeAlso", "homepage", "rendering", "origin"}))
        walk(value, name, depth + 1);
  }

  static bool is_image_service(const json::Object& object, std::string_view type) {
    if (type.starts_with("ImageService")) return true;
    const json::Value* profile = object.if_contains("profile");
    return profile != nullptr && json::to_text(*profile).find("iiif.io/api/image") != std::string::npos;
  }

  static bool refers(const json::Object& object, std::string_view type, std::string_view key) {
    if (is_one_of(key, {"first", "last", "next", "prev"})) return true;
    if (is_one_of(type, {"Manifest", "Collection", "CollectionPage", "sc:Manifest", "sc:Collection"}))
      return is_one_of(key, {"items", "manifests", "collections", "members", "object"}) &&
             !object.contains("sequences") && !(object.contains("items") && type != "Collection");
    if (type == "AnnotationPage" || type == "sc:AnnotationList")
      return !object.contains("items") && !object.contains("resources");
    return type == "sc:Layer" || (type == "sc:Sequence" && !object.contains("canvases"));
  }

  void add(std::string_view id, std::string_view ending = {}) {
    if (!id.starts_with("http") || found_.size() >= kMost) return;
    std::string address(id.substr(0, id.find('#')));
    if (!ending.empty() && address.ends_with('/')) address.pop_back();
    address += ending;
    if (seen_.insert(address).second) found_.push_back(std::move(address));
  }

  std::vector<std::string> found_{};
  std::unordered_set<std::string> seen_{};
};

}  // namespace

std::vector<std::string> documents_linked(const json::Value& document) {
  Links links;
  links.walk(document, {}, 0);
  return links.take();
}

}  // namespace armarium::check
