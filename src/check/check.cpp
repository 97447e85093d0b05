#include "check/check.h"

#include <algorithm>
#include <array>
#include <vector>

#include "check/contexts.h"
#include "check/documents.h"
#include "check/services.h"

namespace armarium::check {
namespace {

struct Kind {
  std::string_view specification;
  std::string_view context;  // that tells it
  void (*check)(const json::Value&, Report&);
};

// Extensions and services come first: a document that names several contexts is of the first kind here.
// A service by itself, as older specifications describe it at its address.
void check_old_service(const json::Value& document, Report& report) { check_services_2(document, Place(), report); }

constexpr std::array<Kind, 11> kKinds = {{
    {"Image 3.0", "http://iiif.io/api/image/3/context.json", check_image_3},
    {"Image 2.1", "http://iiif.io/api/image/2/context.json", check_image_2},
    {"Content Search 2.0", "http://iiif.io/api/search/2/context.json", check_search_2},
    {"Content Search 1.0", "http://iiif.io/api/search/1/context.json", check_search_1},
    {"Authorization Flow 2.0", "http://iiif.io/api/auth/2/context.json", check_auth_2},
    {"Authentication 1.0", "http://iiif.io/api/auth/1/context.json", check_old_service},
    {"Change Discovery 1.0", "http://iiif.io/api/discovery/1/context.json", check_discovery},
    {"Presentation 4.0", "http://iiif.io/api/presentation/4/context.json", check_presentation_4},
    {"Presentation 3.0", "http://iiif.io/api/presentation/3/context.json", check_presentation_3},
    {"Presentation 2.1", "http://iiif.io/api/presentation/2/context.json", check_presentation_2},
    {"Content State 1.0", "", check_content_state},
}};

const Kind* kind_named(std::string_view specification) {
  const auto* found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) { return one.specification == specification; });
  return found;
}

bool is_auth_answer(std::string_view type) { return type.starts_with("Auth"); }

// Manifests and their like name the contexts of the services that they carry, too.
bool is_described(std::string_view type) {
  constexpr std::array<std::string_view, 11> kResources = {
      "Manifest",    "Collection",    "CollectionPage", "Canvas",      "Timeline", "Scene",
      "sc:Manifest", "sc:Collection", "sc:Canvas",      "sc:Sequence", "sc:Range"};
  return std::find(kResources.begin(), kResources.end(), type) != kResources.end();
}

bool is_content_state(const json::Object& object) {
  const json::Value* motivation = object.if_contains("motivation");
  return motivation != nullptr && json::to_text(*motivation).find("\"contentState\"") != std::string::npos;
}

// By what it says it is, then by what it looks like.
const Kind* kind_of(const json::Value& document) {
  const json::Object& object = document.get_object();
  const std::string_view type = json::text_of(object, "type");
  const std::string_view old_type = json::text_of(object, "@type");
  if (is_content_state(object)) return kind_named("Content State 1.0");
  if (object.contains("hits") && old_type == "sc:AnnotationList") return kind_named("Content Search 1.0");
  const std::vector<std::string> contexts = contexts_of(document);
  for (const Kind& kind : kKinds) {
    if (kind.context.empty() || std::find(contexts.begin(), contexts.end(), kind.context) == contexts.end()) continue;
    if (is_described(type.empty() ? old_type : type) && !kind.specification.starts_with("Presentation")) continue;
    if (kind.specification == "Authorization Flow 2.0" && !is_auth_answer(type)) continue;
    if (kind.specification.starts_with("Content Search 2") && type != "AnnotationPage" && type != "TermPage") continue;
    return &kind;
  }
  if (json::text_of(object, "protocol") == "http://iiif.io/api/image" || type == "ImageService3")
    return kind_named(object.contains("@id") ? "Image 2.1" : "Image 3.0");
  if (type == "OrderedCollection" || type == "OrderedCollectionPage") return kind_named("Change Discovery 1.0");
  if (is_auth_answer(type)) return kind_named("Authorization Flow 2.0");
  if (type == "TermPage") return kind_named("Content Search 2.0");
  if (old_type == "search:TermList") return kind_named("Content Search 1.0");
  if (!old_type.empty()) return kind_named("Presentation 2.1");
  for (const std::string& context : contexts) {
    for (const std::string_view version : {"4", "3", "2"}) {
      if (context.find("presentation/" + std::string(version)) != std::string::npos)
        return kind_named("Presentation " + std::string(version) + (version == "2" ? ".1" : ".0"));
    }
  }
  constexpr std::array<std::string_view, 7> kOurs = {
      "Manifest", "Collection", "Canvas", "Range", "Annotation", "AnnotationPage", "AnnotationCollection"};
  if (std::find(kOurs.begin(), kOurs.end(), type) != kOurs.end()) return kind_named("Presentation 3.0");
  if (type == "Timeline" || type == "Scene" || type == "CollectionPage") return kind_named("Presentation 4.0");
  return nullptr;
}

bool is_of_version_1(const std::vector<std::string>& contexts) {
  return std::any_of(contexts.begin(), contexts.end(), [](const std::string& context) {
    return context.find("library.stanford.edu/iiif/image-api") != std::string::npos ||
           context.find("shared-canvas.org") != std::string::npos ||
           context.find("iiif.io/api/image/1") != std::string::npos;
  });
}

std::string name_of(const json::Object& object, const Kind& kind) {
  if (kind.specification.starts_with("Image")) return "info.json";
  if (kind.specification == "Content State 1.0") return "content state";
  if (kind.specification == "Authentication 1.0") return "service";
  std::string type(json::text_of(object, "type"));
  if (type.empty()) type = json::text_of(object, "@type");
  return type.empty() ? "document" : type;
}

}  // namespace

Checked check_document(const json::Value& document) {
  Checked out;
  out.kind = "unknown";
  const json::Object* object = document.if_object();
  if (object == nullptr) {
    out.report.must(Place(), "JSON-LD 1.1, 9", "An IIIF document is a JSON object.");
    return out;
  }
  const Kind* kind = kind_of(document);
  if (kind == nullptr) {
    out.report.must(Place(), "Presentation 3.0, 4.6 Linked Data Context and Extensions",
                    is_of_version_1(contexts_of(document))
                        ? "This document is of version 1, which was replaced in 2014 and is not checked."
                        : "Neither @context nor type says which kind of IIIF document this is.");
    return out;
  }
  out.kind = name_of(*object, *kind);
  out.specification = kind->specification;
  kind->check(document, out.report);
  return out;
}

Checked check_text(std::string_view text) {
  auto value = json::parse(text, {.max_bytes = std::size_t{256} << 20, .max_depth = 64});
  if (value) return check_document(*value);
  Checked out;
  out.kind = "unknown";
  out.report.must(Place(), "RFC 8259", value.error().message);
  return out;
}

}  // namespace armarium::check
