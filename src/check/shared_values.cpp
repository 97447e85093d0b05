#include "check/shared_values.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/values.h"

namespace armarium::check {
namespace {

bool fits(std::string_view type, std::string_view format) {
  const auto is = [&](std::string_view kind) { return format.starts_with(kind); };
  const bool stream = format.find("mpegurl") != std::string_view::npos || format == "application/dash+xml" ||
                      format == "application/smil+xml" || format == "application/mp4" || format == "application/ogg";
  if (type == "Image") return is("image/");
  if (type == "Sound" || type == "Audio")
    return is("audio/") || stream || format == "video/mp4" || format == "video/ogg";
  if (type == "Video") return is("video/") || stream;
  if (type == "Text") return !is("image/") && !is("audio/") && !is("video/") && !is("model/");
  if (type == "Model") return is("model/") || is("application/");
  return true;
}

bool is_media_type(std::string_view format) {
  const std::size_t slash = format.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < format.size() &&
         format.find('/', slash + 1) == std::string_view::npos;
}

}  // namespace

void check_rights(const json::Value& value, const Place& place, std::string_view clause, Report& report) {
  if (auto fault = uri_fault(value)) return report.must(place, clause, fmt::format("rights {}.", *fault));
  const std::string_view text = value.get_string();
  if (text.starts_with("http://creativecommons.org/") || text.starts_with("http://rightsstatements.org/vocab/")) return;
  const bool nearly = text.find("creativecommons.org") != std::string_view::npos ||
                      text.find("rightsstatements.org") != std::string_view::npos;
  report.must(place, clause,
              nearly ? "rights must be spelled as its publisher does: http://creativecommons.org/… or "
                       "http://rightsstatements.org/vocab/…, with http."
                     : "rights must be a URI of Creative Commons or of RightsStatements.org.");
}

void check_format(const json::Object& content, const Place& place, std::string_view clause, Report& report) {
  const json::Value* value = content.if_contains("format");
  if (value == nullptr || !value->is_string()) return;
  const std::string_view format = value->get_string();
  const std::string_view type = json::text_of(content, "type");
  if (!is_media_type(format)) {
    report.must(Place(place, "format"), clause, fmt::format("\"{}\" is no media type.", format));
  } else if (!fits(type, format)) {
    report.must(Place(place, "format"), clause,
                fmt::format("The media type {} does not fit content of type {}.", format, type));
  }
}

bool is_motivation(std::string_view word) noexcept {
  static constexpr std::array<std::string_view, 21> kKnown = {
      "painting",    "supplementing",  "contextualizing", "contentState", "assessing",    "bookmarking",
      "classifying", "commenting",     "describing",      "editing",      "highlighting", "identifying",
      "linking",     "moderating",     "questioning",     "replying",     "tagging",      "activating",
      "translating", "georeferencing", "transcribing"};
  return std::find(kKnown.begin(), kKnown.end(), word) != kKnown.end();
}

std::vector<std::string> texts_in(const json::Value& value) {
  std::vector<std::string> out;
  if (value.is_string()) out.emplace_back(value.get_string());
  if (const json::Array* array = value.if_array()) {
    for (const json::Value& item : *array) {
      if (item.is_string()) out.emplace_back(item.get_string());
    }
  }
  return out;
}

}  // namespace armarium::check
