#include "check/values.h"

#include <algorithm>
#include <array>
#include <regex>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "iiif/description_values.h"

namespace armarium::check {
namespace {

constexpr std::array<std::string_view, 12> kElements = {"a",     "b",    "br",  "i",   "img", "p",
                                                        "small", "span", "sub", "sup", "div", "em"};

Fault element_fault(const pugi::xml_node& node, int depth) {
  if (depth > 64) return "is nested too deeply";
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_comment || child.type() == pugi::node_cdata || child.type() == pugi::node_pi)
      return "must not hold comments, CDATA sections or processing instructions";
    if (child.type() != pugi::node_element) continue;
    const std::string_view name = child.name();
    if (name == "script" || name == "style" || name == "object" || name == "form" || name == "input")
      return fmt::format("must not hold the element {}", name);
    for (const pugi::xml_attribute& attribute : child.attributes()) {
      if (std::string_view(attribute.name()).starts_with("on"))
        return fmt::format("must not hold the attribute {}", attribute.name());
    }
    if (auto fault = element_fault(child, depth + 1)) return fault;
  }
  return std::nullopt;
}

// "1850-02-31T…" is in no calendar. The shape was looked at.
bool is_in_calendar(std::string_view date) {
  const std::size_t month_at = date.find('-', 1) + 1;
  const int year = std::abs(std::stoi(std::string(date.substr(0, month_at - 1))));
  const int month = std::stoi(std::string(date.substr(month_at, 2)));
  const int day = std::stoi(std::string(date.substr(month_at + 3, 2)));
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= kDays.at(static_cast<std::size_t>(month) - 1) + (month == 2 && leap ? 1 : 0);
}

bool is_tag(std::string_view tag) { return tag == "none" || iiif::is_language_tag(tag); }

}  // namespace

Fault html_fault(std::string_view text) {
  // Presentation 3.0, 4.5: HTML begins with "<" and ends with ">"; anything else is plain text.
  if (!text.starts_with('<') || !text.ends_with('>')) return std::nullopt;
  pugi::xml_document document;
  const std::string wrapped = fmt::format("<x>{}</x>", text);
  const auto parsed =
      document.load_buffer(wrapped.data(), wrapped.size(), pugi::parse_default | pugi::parse_comments | pugi::parse_pi);
  if (!parsed) return "must be well-formed XML where it is HTML: every tag closed, no entity but those of XML";
  return element_fault(document.first_child(), 0);
}

Fault language_map_fault(const json::Value& value, bool html) {
  const json::Object* map = value.if_object();
  if (map == nullptr) return R"(must be a language map, such as {"en": ["Title"]})";
  if (map->empty()) return "must have at least one text";
  for (const auto& entry : *map) {
    if (!is_tag(entry.key()))
      return fmt::format("must have language tags as keys, or \"none\"; \"{}\" is none", std::string_view(entry.key()));
    const json::Array* texts = entry.value().if_array();
    if (texts == nullptr)
      return fmt::format("must have a list of texts for each language; that of \"{}\" is none",
                         std::string_view(entry.key()));
    if (texts->empty())
      return fmt::format("must have at least one text for the language \"{}\"", std::string_view(entry.key()));
    for (const json::Value& text : *texts) {
      if (!text.is_string()) return "must hold texts only";
      const std::string_view words = text.get_string();
      if (html) {
        if (auto fault = html_fault(words)) return fault;
      } else if (words.starts_with('<') && words.ends_with('>') && words.find("</") != std::string_view::npos) {
        return "must not hold HTML";
      }
    }
  }
  return std::nullopt;
}

Fault uri_fault(const json::Value& value, bool any_scheme) {
  const json::String* text = value.if_string();
  if (text == nullptr) return "must be a URI, as text";
  const bool ascii =
      std::all_of(text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) return "must be a URI, where every letter that is not of ASCII is percent-encoded";
  if (iiif::is_web_uri(*text)) return std::nullopt;
  static const std::regex kAbsolute(R"([A-Za-z][A-Za-z0-9+.-]*:[^\s]+)");
  if (any_scheme && text->size() < 4096 && std::regex_match(text->begin(), text->end(), kAbsolute)) return std::nullopt;
  return any_scheme ? "must be a URI" : "must be an http or https URI";
}

Fault date_fault(const json::Value& value) {
  static const std::regex kDate(
      R"(-?\d{4,9}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-4]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d))");
  const json::String* text = value.if_string();
  if (text != nullptr && text->size() < 64 && std::regex_match(text->begin(), text->end(), kDate) &&
      is_in_calendar(*text))
    return std::nullopt;
  return "must be a date and time with a time zone, such as 1850-03-01T00:00:00Z";
}

}  // namespace armarium::check
