#include "check/georeference.h"

#include <iterator>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace armarium::check {

bool is_georeference(const Step& annotation) {
  const json::Value* motivation = annotation.object.if_contains("motivation");
  if (motivation != nullptr && json::to_text(*motivation).find("\"georeferencing\"") != std::string::npos) return true;
  const json::Value* body = annotation.object.if_contains("body");
  return body != nullptr && body->is_object() && json::text_of(body->get_object(), "type") == "FeatureCollection" &&
         json::to_text(*body).find("\"resourceCoords\"") != std::string::npos;
}

void check_georeference(const Step& annotation, Report& report) {
  const json::Value* motivation = annotation.object.if_contains("motivation");
  if (motivation != nullptr && json::to_text(*motivation).find("\"georeferencing\"") == std::string::npos)
    report.must(Place(annotation.place, "motivation"), "Georeference Extension 1.0, 3.2",
                "The motivation of a georeference must be georeferencing.");
  const json::Value* target = annotation.object.if_contains("target");
  const json::Object* object = target == nullptr ? nullptr : target->if_object();
  if (object == nullptr) return;
  const auto wrong = [](std::string_view type) {
    return type == "Manifest" || type == "Range" || type == "Collection";
  };
  const json::Value* source = object->if_contains("source");
  const bool inner = source != nullptr && source->is_object() && wrong(json::text_of(source->get_object(), "type"));
  if (wrong(json::text_of(*object, "type")) || inner)
    report.must(Place(annotation.place, "target"), "Georeference Extension 1.0, 3.3",
                "A georeference targets one Canvas or image service, or a region of it.");
}

void check_georeference_selector(const json::Value& value, const Extent* extent, const Place& place, Report& report) {
  constexpr std::string_view kClause = "Georeference Extension 1.0, 3.3.2";
  if (const json::Array* list = value.if_array()) {
    std::size_t index = 0;
    for (const json::Value& one : *list) check_georeference_selector(one, extent, Place(place, index++), report);
    return;
  }
  const json::Object* selector = value.if_object();
  if (selector == nullptr || json::text_of(*selector, "type") != "SvgSelector") return;
  const std::string_view text = json::text_of(*selector, "value");
  const Place at(place, "value");
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size())) return;  // said of every SvgSelector
  const pugi::xml_node drawing = document.document_element();
  if (drawing.attribute("viewBox"))
    report.must(at, kClause, "The drawing of a georeferenced region must not have a viewBox.");
  const auto shapes = std::distance(drawing.children().begin(), drawing.children().end());
  const pugi::xml_node shape = drawing.first_child();
  const std::string_view name = shape.name();
  if (shapes != 1 || (name != "polygon" && name != "rect"))
    return report.must(at, kClause, "The drawing of a georeferenced region must be one polygon or one rect.");
  for (const char* attribute : {"transform", "rx", "ry"}) {
    if (shape.attribute(attribute)) report.must(at, kClause, fmt::format("The shape must not have {}.", attribute));
  }
  for (const char* side : {"width", "height"}) {
    const pugi::xml_attribute given = drawing.attribute(side);
    const double wanted = extent == nullptr ? 0 : *side == 'w' ? extent->width : extent->height;
    if (given && wanted > 0 && given.as_double() != wanted)
      report.must(at, kClause,
                  fmt::format("The {} of the drawing must be that of what is georeferenced, {}.", side, wanted));
  }
}

}  // namespace armarium::check
