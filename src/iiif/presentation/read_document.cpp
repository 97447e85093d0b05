#include "iiif/presentation/read_document.h"

#include <algorithm>
#include <array>
#include <optional>

#include "iiif/presentation/read_2.h"
#include "iiif/presentation/read_3.h"

namespace armarium::iiif::presentation {
namespace {

bool is_known(std::string_view type) noexcept {
  constexpr std::array<std::string_view, 9> kTypes{"Manifest",   "Collection",     "Canvas",
                                                   "Timeline",   "Scene",          "Range",
                                                   "Annotation", "AnnotationPage", "AnnotationCollection"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

bool is_deeper(const json::Value& value, int depth) {
  if (depth < 0) return true;
  if (const json::Array* array = value.if_array())
    return std::any_of(array->begin(), array->end(),
                       [&](const json::Value& item) { return is_deeper(item, depth - 1); });
  const json::Object* object = value.if_object();
  return object != nullptr && std::any_of(object->begin(), object->end(),
                                          [&](const auto& member) { return is_deeper(member.value(), depth - 1); });
}

// The version that a context names; nothing for any other.
std::optional<Version> version_of(std::string_view context) {
  // Shared Canvas 1 is what 2.0 grew from, with the same names.
  if (context.find("shared-canvas") != std::string_view::npos) return Version::v2;
  for (const Version version : {Version::v2, Version::v3, Version::v4}) {
    if (context == context_of(version)) return version;
    const std::string_view known = context_of(version);
    if (context.starts_with("https://") && context.substr(8) == known.substr(7)) return version;
  }
  return std::nullopt;
}

}  // namespace

base::Result<ReadDocument> read_document(const json::Value& document) {
  using base::ErrorCode;
  const json::Object* in = document.if_object();
  if (in == nullptr) return base::fail(ErrorCode::invalid_argument, "The document must be a JSON object.");
  if (is_deeper(document, kDeepestTree - 4))
    return base::fail(ErrorCode::invalid_argument, "The document nests too deep.");
  ReadDocument read;
  read.came_as = in->contains("@type") && !in->contains("type") ? Version::v2 : Version::v3;
  json::Array extensions;
  if (const json::Value* context = in->if_contains("@context")) {
    for (const json::Value& one : as_array(*context)) {
      const auto version = one.is_string() ? version_of(std::string_view(one.get_string())) : std::nullopt;
      if (version) {
        read.came_as = *version;
      } else if (one != json::Value("http://www.w3.org/ns/anno.jsonld")) {
        extensions.push_back(one);
      }
    }
  }
  read.tree = read.came_as == Version::v2 ? read_3(read_2(*in)) : read_3(*in);
  // The shapes of the model may be deeper than what came.
  if (is_deeper(json::Value(read.tree), kDeepestTree - 2))
    return base::fail(ErrorCode::invalid_argument, "The document nests too deep.");
  if (!is_known(type_of(read.tree))) {
    return base::fail(ErrorCode::invalid_argument,
                      "The document says no type that IIIF Presentation knows, such as Manifest or Collection.");
  }
  if (read.came_as != Version::v2 && !extensions.empty()) read.tree["@context"] = std::move(extensions);
  return read;
}

}  // namespace armarium::iiif::presentation
