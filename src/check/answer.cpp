#include "check/answer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace armarium::check {
namespace {

struct Transport {
  std::string_view specification;
  std::string_view id_clause;
  Level id_level;
  std::string_view type_clause;
  Level type_level;  // of something that is no JSON
  std::string_view origin_clause;
  Level origin_level;
};

constexpr std::array<Transport, 7> kTransports = {{
    {"Presentation 4.0", "Presentation 4.0, id", Level::must, "Presentation 4.0, Responses", Level::should,
     "Presentation 4.0, Responses", Level::must},
    {"Presentation 3.0", "Presentation 3.0, 3.2 id", Level::must, "Presentation 3.0, 6.3 Responses", Level::should,
     "Presentation 3.0, 6.3 Responses", Level::must},
    {"Presentation 2.1", "Presentation 2.1, 3.2 Technical Properties", Level::must, "Presentation 2.1, 7.2 Responses",
     Level::must, "Presentation 2.1, 7.2 Responses", Level::should},
    {"Image 3.0", "Image 3.0, 5.2 Technical Properties", Level::must, "Image 3.0, 5.1 Image Information Request",
     Level::should, "Image 3.0, 7.1 CORS", Level::should},
    {"Image 2.1", "Image 2.1, 5.2 Technical Properties", Level::must, "Image 2.1, 5.1 Image Information Request",
     Level::must, "Image 2.1, 5.1 Image Information Request", Level::should},
    // Pages of matches may have another id than the question.
    {"Content Search 2.0", "", Level::must, "Presentation 3.0, 6.3 Responses", Level::should,
     "Presentation 3.0, 6.3 Responses", Level::must},
    {"Change Discovery 1.0", "Change Discovery 1.0, 2.1 Ordered Collection", Level::must,
     "Change Discovery 1.0, 4.1 Media Type", Level::should, "Change Discovery 1.0, 4.1 Media Type", Level::should},
}};

std::string_view own_id(const json::Object& object) {
  const std::string_view id = json::text_of(object, "id");
  return id.empty() ? json::text_of(object, "@id") : id;
}

// Percent-encoding in capitals, no fragment, and no port or closing slash that says nothing.
std::string comparable(std::string_view address) {
  std::string out(address.substr(0, address.find('#')));
  for (std::size_t at = 0; at + 2 < out.size(); ++at) {
    if (out[at] != '%') continue;
    for (const std::size_t digit : {at + 1, at + 2})
      out[digit] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[digit])));
  }
  const auto host = out.find("://");
  if (host == std::string::npos) return out;
  const auto path = out.find('/', host + 3);
  const std::string port = out.starts_with("https:") ? ":443" : ":80";
  const auto end = path == std::string::npos ? out.size() : path;
  if (end >= port.size() && out.compare(end - port.size(), port.size(), port) == 0)
    out.erase(end - port.size(), port.size());
  std::transform(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(std::min(end, out.size())), out.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (path == std::string::npos) out += '/';
  return out;
}

void check_id(const Answer& answer, const json::Object& object, const Transport& rules, Report& report) {
  std::string id(own_id(object));
  if (rules.id_clause.empty() || id.empty() || !id.starts_with("http")) return;  // said of the document already
  if (rules.specification.starts_with("Image") && !id.ends_with("/info.json")) id += "/info.json";
  const std::string published = comparable(id);
  if (published == comparable(answer.asked) || published == comparable(answer.address)) return;
  const Place top;
  const Place place(top, object.contains("id") ? "id" : "@id");
  report.add(rules.id_level, place, rules.id_clause,
             fmt::format("The document says that it is published at {}, and is published at {}.", id, answer.address));
}

void check_type(const Answer& answer, const Transport& rules, Report& report) {
  std::string type = answer.content_type.substr(0, answer.content_type.find(';'));
  type.erase(std::find_if(type.begin(), type.end(), [](unsigned char letter) { return std::isspace(letter) != 0; }),
             type.end());
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (type == "application/json" || type == "application/ld+json") return;
  report.add(rules.type_level, Place(), rules.type_clause,
             fmt::format("The Content-Type of the answer is \"{}\", and not application/ld+json or application/json.",
                         answer.content_type));
}

void check_origin(const Answer& answer, const Transport& rules, Report& report) {
  if (answer.allow_origin == "*" || answer.allow_origin == kAskedFrom) return;
  report.add(rules.origin_level, Place(), rules.origin_clause,
             "The answer has no Access-Control-Allow-Origin for everybody: viewers on other sites cannot read it.");
}

}  // namespace

void check_answer(const Answer& answer, const json::Value& document, Checked& checked) {
  const json::Object* object = document.if_object();
  const auto* rules = std::find_if(kTransports.begin(), kTransports.end(),
                                   [&](const Transport& one) { return one.specification == checked.specification; });
  if (object == nullptr || rules == kTransports.end()) return;
  check_id(answer, *object, *rules, checked.report);
  check_type(answer, *rules, checked.report);
  check_origin(answer, *rules, checked.report);
}

}  // namespace armarium::check
