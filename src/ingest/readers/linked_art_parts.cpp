#include "ingest/readers/linked_art_parts.h"

#include <charconv>

#include <fmt/format.h>

#include "ingest/readers/coordinates.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

constexpr std::size_t kMostInList = 1'000;

}  // namespace

std::vector<const json::Object*> objects_in(const json::Object& object, std::string_view member) {
  std::vector<const json::Object*> out;
  const json::Value* value = object.if_contains(member);
  if (value == nullptr) return out;
  if (const json::Object* one = value->if_object()) out.push_back(one);
  if (const json::Array* list = value->if_array()) {
    for (const json::Value& entry : *list) {
      if (const json::Object* one = entry.if_object(); one != nullptr && out.size() < kMostInList) out.push_back(one);
    }
  }
  return out;
}

std::string content_of(const json::Object& object) {
  const json::Value* value = object.if_contains("content");
  if (value == nullptr) value = object.if_contains("value");  // of early versions
  if (value == nullptr) return {};
  if (value->is_string()) return std::string(value->get_string());
  std::string out;
  if (const json::Array* list = value->if_array()) {
    for (const json::Value& entry : *list) {
      if (!entry.is_string()) continue;
      out += out.empty() ? "" : "; ";
      out += entry.get_string();
    }
  }
  return out;
}

std::string label_of(const json::Object& object) {
  if (const auto label = json::text_of(object, "_label"); !label.empty()) return std::string(label);
  for (const json::Object* name : objects_in(object, "identified_by")) {
    if (std::string text = content_of(*name); !text.empty()) return text;
  }
  return {};
}

std::string number_of(const json::Object& object, std::string_view member) {
  const json::Value* value = object.if_contains(member);
  if (value == nullptr) return {};
  if (value->is_int64()) return fmt::format("{}", value->get_int64());
  if (value->is_uint64()) return fmt::format("{}", value->get_uint64());
  if (value->is_double()) return fmt::format("{}", value->get_double());
  return value->is_string() ? std::string(value->get_string()) : std::string();
}

Span time_of(const json::Object& span) {
  const auto end = json::text_of(span, "end_of_the_end");
  const auto begin = json::text_of(span, "begin_of_the_begin");
  Span out = span_of(begin, end);
  for (const json::Object* name : objects_in(span, "identified_by")) {
    const std::string text = content_of(*name);
    if (text.empty()) continue;
    if (text.find_first_of("?[~") != std::string::npos || lower(text).starts_with("c")) out.nav_date.clear();
    out.text = text;
    break;
  }
  return out;
}

std::optional<json::Object> well_known_text(std::string_view text) {
  if (text.size() > (1U << 20)) return std::nullopt;
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return std::nullopt;
  const std::string kind = lower(trimmed(text.substr(0, open)));
  std::vector<double> numbers;
  std::size_t rings = 0;
  std::string one;
  for (const char c : text.substr(open)) {
    const bool part = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
    if (part) {
      one += c;
      continue;
    }
    double value = 0;
    const auto [stop, failed] = std::from_chars(one.data(), one.data() + one.size(), value, std::chars_format::fixed);
    if (!one.empty() && failed == std::errc() && stop == one.data() + one.size()) numbers.push_back(value);
    one.clear();
    if (c == '(') ++rings;
  }
  if (kind == "point" && numbers.size() == 2) return point_of(numbers[0], numbers[1]);
  if (kind == "polygon" && rings == 2) return polygon_of(numbers);
  return std::nullopt;
}

bool is_concept(const json::Object& type, std::string_view number) {
  if (json::text_of(type, "id").ends_with(number)) return true;
  for (const json::Object* above : objects_in(type, "classified_as")) {
    if (json::text_of(*above, "id").ends_with(number)) return true;
  }
  return false;
}

}  // namespace armarium::ingest::readers
