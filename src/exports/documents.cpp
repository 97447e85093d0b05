#include "exports/documents.h"

#include <algorithm>

namespace armarium::exports {
namespace {

constexpr int kDeepest = 64;

class Rewriter {
 public:
  explicit Rewriter(const Places& places) : places_(places) {}

  void value(json::Value& value, int depth) {
    if (depth > kDeepest) return;
    if (json::Array* array = value.if_array()) {
      for (json::Value& entry : *array) this->value(entry, depth + 1);
    } else if (json::Object* object = value.if_object()) {
      resource(*object, depth);
    } else if (value.is_string()) {
      text(value, places_.find(value.get_string()));
    }
  }

  std::vector<Place> take() { return std::move(found_); }

 private:
  void text(json::Value& value, std::optional<Place> place) {
    if (!place) return;
    value = place->address;
    found_.push_back(std::move(*place));
  }

  void resource(json::Object& object, int depth) {
    for (const char* key : {"service", "services"})
      if (json::Value* services = object.if_contains(key)) level_0(object, key, *services);
    // A page of annotations that only stands for itself, and the document itself, lie in files of their own.
    const bool refers = json::text_of(object, "type") == "AnnotationPage" && !object.contains("items");
    for (auto& entry : object) {
      const bool own = entry.key() == "id" && entry.value().is_string() && (depth == 0 || refers);
      if (own)
        text(entry.value(), places_.find_document(entry.value().get_string()));
      else
        value(entry.value(), depth + 1);
    }
  }

  // An address of our routes for services; others may have theirs on the same host.
  bool is_ours(std::string_view id) const {
    if (!id.starts_with(places_.base_url())) return false;
    const std::string_view path = id.substr(places_.base_url().size());
    return path.starts_with("/iiif/image/") || path.starts_with("/iiif/search/") || path.starts_with("/iiif/auth/");
  }

  // Of our own services the pictures of version 3 stay; nothing answers for the others.
  void level_0(json::Object& holder, const char* key, json::Value& services) {
    json::Array* array = services.if_array();
    if (array == nullptr) return;
    json::Array kept;
    for (json::Value& service : *array) {
      json::Object* object = service.if_object();
      if (object == nullptr) continue;
      std::string_view id = json::text_of(*object, "id");
      if (id.empty()) id = json::text_of(*object, "@id");
      const bool ours = is_ours(id);
      const auto place = places_.find(id);
      if (ours && (!place || place->kind != Kind::service)) continue;
      if (ours) (*object)["profile"] = "level0";
      kept.push_back(std::move(service));
    }
    if (kept.empty())
      holder.stable_erase(key);
    else
      services = std::move(kept);
  }

  const Places& places_;
  std::vector<Place> found_{};
};

}  // namespace

std::vector<Place> rewrite_document(json::Value& document, const Places& places) {
  Rewriter rewriter(places);
  rewriter.value(document, 0);
  return rewriter.take();
}

std::vector<Place> rewrite_addresses(json::Value& value, const Places& places) {
  Rewriter rewriter(places);
  rewriter.value(value, 1);
  return rewriter.take();
}

}  // namespace armarium::exports
