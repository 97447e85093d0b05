#include "ingest/biiif.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "iiif/description_values.h"
#include "ingest/html_clean.h"
#include "ingest/yaml_reader.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kMostLinked = 10'000;
constexpr std::size_t kLongestText = 100'000;

// Web Annotation Data Model, 3.3.5; `supplementing` of Presentation 3.0, 5.6.
constexpr std::array<std::string_view, 14> kMotivations = {
    "assessing",   "bookmarking", "classifying", "commenting",  "describing", "editing", "highlighting",
    "identifying", "linking",     "moderating",  "questioning", "replying",   "tagging", "supplementing"};

void name(std::vector<TextProblem>& problems, int line, std::string reason) {
  TextProblem& problem = problems.emplace_back();
  problem.line = line;
  problem.reason = std::move(reason);
}

bool is_address(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// biiif: the last folder of the address.
std::string name_in(std::string_view address) {
  address = address.substr(0, address.find_first_of("?#"));
  const std::size_t last = address.rfind('/');
  const std::string_view folder = address.substr(0, last);
  const std::string_view name = folder.substr(folder.rfind('/') + 1);
  return std::string(name.empty() ? address : name);
}

}  // namespace

LinkedManifests read_manifests_yml(std::string_view text) {
  LinkedManifests out;
  auto document = read_yaml(text);
  if (!document) {
    name(out.problems, document.error().line, document.error().reason);
    return out;
  }
  const json::Object* top = document->value.if_object();
  const json::Value* list = top != nullptr ? top->if_contains("manifests") : nullptr;
  if (list == nullptr || !list->is_array()) {
    name(out.problems, 0, "The file must hold a list named manifests.");
    return out;
  }
  for (const json::Value& entry : list->get_array()) {
    const json::Object* object = entry.if_object();
    const std::string id = object != nullptr ? std::string(json::text_of(*object, "id")) : std::string();
    if (!is_address(id) || id.size() > kLongestText || out.items.size() >= kMostLinked) {
      name(out.problems, 0, "Each entry of manifests needs an id that is a web address.");
      continue;
    }
    json::Object item;
    item["id"] = id;
    const json::Value* label = object->if_contains("label");
    const auto read = label == nullptr || label->is_null() ? base::Result<iiif::LanguageMap>(iiif::LanguageMap())
                                                           : iiif::LanguageMap::from_json(*label, "label");
    item["label"] = read && !read->empty() ? read->to_json() : iiif::LanguageMap::none(name_in(id)).to_json();
    if (const std::string thumbnail = std::string(json::text_of(*object, "thumbnail")); is_address(thumbnail))
      item["thumbnail"] = thumbnail;
    out.items.emplace_back(std::move(item));
  }
  return out;
}

CanvasAnnotation read_annotation_yml(std::string_view text) {
  CanvasAnnotation out;
  auto document = read_yaml(text);
  if (!document) {
    name(out.problems, document.error().line, document.error().reason);
    return out;
  }
  const json::Object* object = document->value.if_object();
  const std::string value = object != nullptr ? std::string(json::text_of(*object, "value")) : std::string();
  if (value.empty() || value.size() > kLongestText) {
    name(out.problems, 0, "An annotation needs a value, such as \"value: A comment\".");
    return out;
  }
  const auto line = [&](const char* key) {
    const auto found = document->lines.find(key);
    return found == document->lines.end() ? 0 : found->second;
  };
  // Without a motivation biiif paints.
  std::string motivation = lower(std::string(json::text_of(*object, "motivation")));
  if (motivation.empty()) motivation = "painting";
  const bool paints = motivation == "painting";
  if (!paints && std::find(kMotivations.begin(), kMotivations.end(), motivation) == kMotivations.end()) {
    name(out.problems, line("motivation"), fmt::format("The motivation {} is not known.", motivation));
    motivation = "commenting";
  }
  json::Object annotation;
  annotation["motivation"] = motivation;
  const std::string format = std::string(json::text_of(*object, "format"));
  const std::string type = std::string(json::text_of(*object, "type"));
  const bool elsewhere = paints || (!type.empty() && lower(type) != "textualbody");
  if (is_address(value) && elsewhere) {
    annotation["id"] = value;
    annotation["type"] = type.empty() ? "Image" : type;
    if (!format.empty()) annotation["format"] = format;
  } else {
    const bool html = format == "text/html";
    annotation["value"] = html ? clean_html(value) : value;
    annotation["format"] = html ? "text/html" : "text/plain";
    if (const std::string language = std::string(json::text_of(*object, "language")); iiif::is_language_tag(language))
      annotation["language"] = language;
    else if (!language.empty())
      name(out.problems, line("language"), "language must be a BCP 47 tag such as de or en-GB.");
  }
  if (const json::Value* label = object->if_contains("label")) {
    if (const auto read = iiif::LanguageMap::from_json(*label, "label"); read && !read->empty())
      annotation["label"] = read->to_json();
  }
  if (const std::string part = std::string(json::text_of(*object, "xywh")); !part.empty()) {
    if (part.size() < 60 && part.find_first_not_of("0123456789,") == std::string::npos &&
        std::count(part.begin(), part.end(), ',') == 3) {
      annotation["xywh"] = part;
    } else {
      name(out.problems, line("xywh"), "xywh must be four whole numbers: left, top, width, height.");
    }
  }
  out.annotation = std::move(annotation);
  return out;
}

}  // namespace armarium::ingest
