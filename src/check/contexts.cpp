#include "check/contexts.h"

#include <algorithm>

#include <fmt/format.h>

namespace armarium::check {
namespace {

constexpr int kDeepest = 64;

void check_inside(const json::Value& value, std::string_view key, const Place& place, std::string_view clause,
                  Report& report, int depth) {
  if (depth > kDeepest) return;
  if (const json::Array* array = value.if_array()) {
    std::size_t index = 0;
    for (const json::Value& item : *array) check_inside(item, key, Place(place, index++), clause, report, depth + 1);
    return;
  }
  const json::Object* object = value.if_object();
  if (object == nullptr) return;
  for (const auto& member : *object) {
    const Place at(place, member.key());
    if (member.key() == "@context" && depth > 0)
      report.must(at, clause, "@context stands once, at the top of the document.");
    if (member.key() == "service" || member.key() == "services" || member.key() == "@context") continue;  // services.h
    if (member.key() == "value" || member.key() == "navPlace" || member.key() == "selector") continue;
    check_inside(member.value(), member.key(), at, clause, report, depth + 1);
  }
}

bool holds_type(const json::Value& value, std::string_view type, int depth) {
  if (depth > kDeepest) return false;
  if (const json::Array* array = value.if_array())
    return std::any_of(array->begin(), array->end(),
                       [&](const json::Value& one) { return holds_type(one, type, depth + 1); });
  const json::Object* object = value.if_object();
  if (object == nullptr) return false;
  if (json::text_of(*object, "type") == type) return true;
  return std::any_of(object->begin(), object->end(),
                     [&](const auto& member) { return holds_type(member.value(), type, depth + 1); });
}

}  // namespace

std::vector<std::string> contexts_of(const json::Value& document) {
  std::vector<std::string> out;
  const json::Object* object = document.if_object();
  const json::Value* value = object == nullptr ? nullptr : object->if_contains("@context");
  if (value == nullptr) return out;
  if (value->is_string()) out.emplace_back(value->get_string());
  if (const json::Array* array = value->if_array()) {
    for (const json::Value& item : *array) {
      if (item.is_string()) out.emplace_back(item.get_string());
    }
  }
  return out;
}

void check_contexts(const json::Value& document, std::string_view context, std::string_view clause, Report& report) {
  const Place top;
  const Place place(top, "@context");
  const std::vector<std::string> given = contexts_of(document);
  const json::Object& object = document.get_object();
  if (!object.contains("@context")) {
    report.must(place, clause, fmt::format("The document must have the @context {}.", context));
  } else if (given.empty() || std::find(given.begin(), given.end(), context) == given.end()) {
    report.must(place, clause, fmt::format("@context must be {}, or a list that ends with it.", context));
  } else if (given.back() != context) {
    report.must(place, clause,
                fmt::format("{} must be the last entry of @context: what extends it comes before.", context));
  }
  if (object.contains("@context") && !object.empty() && object.begin()->key() != "@context")
    report.should(place, clause, "@context should be the first member of the document.");
  if (object.contains("@graph"))
    report.must(Place(top, "@graph"), clause, "@graph must not be used at the top of a document.");
  constexpr std::string_view kAuth = "http://iiif.io/api/auth/2/context.json";
  if (context != kAuth && std::find(given.begin(), given.end(), kAuth) == given.end() &&
      holds_type(document, "AuthProbeService2", 0))
    report.must(place, "Authorization Flow 2.0, 2.1",
                fmt::format("A document with probe services must name the context {}.", kAuth));
  check_inside(document, {}, top, clause, report, 0);
}

}  // namespace armarium::check
