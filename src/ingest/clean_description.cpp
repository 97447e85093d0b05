#include "ingest/clean_description.h"

#include <algorithm>

#include "catalogue/records.h"
#include "iiif/presentation/tree.h"
#include "ingest/html_clean.h"
#include "ingest/html_same.h"

namespace armarium::ingest {
namespace {

iiif::LanguageMap cleaned(const iiif::LanguageMap& map) {
  iiif::LanguageMap out;
  for (const auto& [language, values] : map.entries()) {
    for (const std::string& value : values) {
      std::string clean = clean_html(value);
      if (!clean.empty()) out.add(language, std::move(clean));
    }
  }
  return out;
}

// Well-formed or not, the text that stays is the same; what is clean already is left byte for byte.
void clean_text(json::Value& value) {
  if (!value.is_string()) return;
  const std::string text(value.get_string());
  if (!looks_like_html(text)) return;
  if (const std::string clean = clean_html(text); !says_the_same(text, clean)) value = clean;
}

void clean_map(json::Value& map) {
  json::Object* languages = map.if_object();
  if (languages == nullptr) return;
  for (auto& member : *languages) {
    if (json::Array* values = member.value().if_array()) {
      for (json::Value& value : *values) clean_text(value);
    }
  }
}

void clean_pair(json::Value& pair) {
  json::Object* object = pair.if_object();
  if (json::Value* value = object == nullptr ? nullptr : object->if_contains("value")) clean_map(*value);
}

// Deeper than any tree that is taken (iiif/presentation/tree.h), so that nothing is passed over.
constexpr int kDeepest = 4 * iiif::presentation::kDeepestTree;

// "text/html", "TEXT/HTML; charset=utf-8".
bool is_html(std::string_view format) {
  constexpr std::string_view kHtml = "text/html";
  return format.size() >= kHtml.size() && std::equal(kHtml.begin(), kHtml.end(), format.begin(), [](char a, char b) {
           return a == b || (b >= 'A' && b <= 'Z' && a == b - 'A' + 'a');
         });
}

void clean_value(json::Value& value, int depth);

void clean_members(json::Object& object, int depth) {
  for (const std::string_view mark : {catalogue::kPictureMark, catalogue::kThumbnailMark}) {
    if (object.contains(mark)) object.stable_erase(mark);
  }
  const std::string_view type = iiif::presentation::type_of(object);
  const bool html = type == "TextualBody" && is_html(json::text_of(object, "format"));
  for (auto& member : object) {
    const std::string_view key = member.key();
    if (key == "summary") {
      clean_map(member.value());
    } else if (key == "requiredStatement") {
      clean_pair(member.value());
    } else if (key == "metadata") {
      if (json::Array* pairs = member.value().if_array()) {
        for (json::Value& pair : *pairs) clean_pair(pair);
      }
    } else if (html && key == "value") {
      clean_text(member.value());
    } else if (!iiif::presentation::is_opaque(key)) {
      clean_value(member.value(), depth);
    }
  }
}

void clean_value(json::Value& value, int depth) {
  if (depth > kDeepest) return;
  if (json::Array* array = value.if_array()) {
    for (json::Value& item : *array) clean_value(item, depth + 1);
  } else if (json::Object* object = value.if_object()) {
    clean_members(*object, depth + 1);
  }
}

}  // namespace

void clean(json::Object& tree) { clean_members(tree, 0); }

void clean(iiif::Description& description) {
  description.summary = cleaned(description.summary);
  for (iiif::LabelValue& pair : description.metadata) pair.value = cleaned(pair.value);
  std::erase_if(description.metadata, [](const iiif::LabelValue& pair) { return pair.value.empty(); });
  for (iiif::LabelValue& pair : description.required_statement) pair.value = cleaned(pair.value);
  std::erase_if(description.required_statement, [](const iiif::LabelValue& pair) { return pair.value.empty(); });
}

}  // namespace armarium::ingest
