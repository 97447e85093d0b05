// Content State 1.0: an annotation that says what is to be shown.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/documents.h"
#include "check/selectors.h"
#include "check/values.h"

namespace armarium::check {
namespace {

constexpr std::string_view kClause = "Content State 1.0, 2.2 Annotation with contentState Motivation";

// A Canvas, a Range, an Annotation cannot be found without the Manifest that it is in.
void check_target(const json::Value& value, const Place& place, Report& report) {
  if (value.is_string()) {
    if (auto fault = uri_fault(value)) report.must(place, kClause, fmt::format("target {}.", *fault));
    return;
  }
  const json::Object* object = value.if_object();
  if (object == nullptr) return report.must(place, kClause, "target must be a URI or an object.");
  const std::string_view type = json::text_of(*object, "type");
  if (type.empty()) return report.must(place, kClause, "A target must have a type.");
  if (type == "SpecificResource") {
    const json::Value* source = object->if_contains("source");
    if (source == nullptr) return report.must(place, kClause, "A SpecificResource must have a source.");
    if (const json::Value* selector = object->if_contains("selector"))
      check_selectors(*selector, nullptr, Place(place, "selector"), report);
    return check_target(*source, Place(place, "source"), report);
  }
  constexpr std::array<std::string_view, 6> kTypes = {"Manifest", "Collection", "Canvas", "Range", "Timeline", "Scene"};
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end())
    report.must(Place(place, "type"), kClause,
                fmt::format("\"{}\" is no type that a viewer can be asked to show.", type));
  if (auto fault = uri_fault(json::Value(json::text_of(*object, "id"))))
    report.must(place, kClause, fmt::format("The id of a target {}.", *fault));
  if (type == "Manifest" || type == "Collection") return;
  const json::Value* whole = object->if_contains("partOf");
  if (whole == nullptr)
    return report.must(place, "Content State 1.0, 2.2.2",
                       fmt::format("A {} as target must say by partOf in which Manifest it is.", type));
  if (!whole->is_array())
    return report.must(Place(place, "partOf"), "Content State 1.0, 2.2.2",
                       "partOf must be a list, in square brackets.");
  std::size_t index = 0;
  const Place at(place, "partOf");
  for (const json::Value& one : whole->get_array()) {
    const json::Object* reference = one.if_object();
    if (reference == nullptr || json::text_of(*reference, "id").empty() || json::text_of(*reference, "type").empty())
      report.must(Place(at, index), "Content State 1.0, 2.2.2", "An entry of partOf must have an id and a type.");
    ++index;
  }
}

}  // namespace

void check_content_state(const json::Value& document, Report& report) {
  const json::Object& object = document.get_object();
  const Place top;
  if (json::text_of(object, "type") != "Annotation")
    report.must(Place(top, "type"), kClause, "A content state is of type Annotation.");
  if (const json::Value* id = object.if_contains("id")) {
    if (auto fault = uri_fault(*id, true)) report.must(Place(top, "id"), kClause, fmt::format("id {}.", *fault));
  }
  const json::Value* target = object.if_contains("target");
  if (target == nullptr) return report.must(top, kClause, "A content state must have a target.");
  const Place place(top, "target");
  const json::Array* list = target->if_array();
  if (list == nullptr) return check_target(*target, place, report);
  if (list->empty()) report.must(place, kClause, "target must not be an empty list.");
  std::size_t index = 0;
  for (const json::Value& one : *list) check_target(one, Place(place, index++), report);
}

}  // namespace armarium::check
