#include "check/selectors.h"

#include <fmt/format.h>
#include <pugixml.hpp>

namespace armarium::check {
namespace {

constexpr std::string_view kSelectors = "Web Annotation Data Model, 4.2 Selectors";
constexpr std::string_view kIiif = "IIIF Registry of Selectors";

struct At {
  const json::Object& selector;
  const Extent* extent;
  const Place& place;
  Report& report;

  void must(std::string_view clause, std::string message) const { report.must(place, clause, std::move(message)); }
  const json::Value* find(std::string_view key) const { return selector.if_contains(key); }
  bool has_text(std::string_view key) const {
    const json::Value* value = find(key);
    return value != nullptr && value->is_string() && !value->get_string().empty();
  }
  // A number under `key`, or nothing where there is none; anything else is a fault.
  std::optional<double> number(std::string_view key) const {
    const json::Value* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) {
      report.must(Place(place, key), kIiif, fmt::format("{} must be a number.", key));
      return std::nullopt;
    }
    return value->to_number<double>();
  }
};

void fragment(const At& at) {
  if (!at.has_text("value")) return at.must(kSelectors, "A FragmentSelector must have a value.");
  const std::string_view value = json::text_of(at.selector, "value");
  const std::string fault = fragment_fault(value, at.extent);
  if (!fault.empty()) at.report.must(Place(at.place, "value"), kSelectors, fmt::format("\"{}\" {}.", value, fault));
}

void svg(const At& at) {
  if (!at.has_text("value")) return at.must(kSelectors, "An SvgSelector must have a value, the drawing.");
  const std::string_view value = json::text_of(at.selector, "value");
  pugi::xml_document document;
  if (!document.load_buffer(value.data(), value.size()) ||
      std::string_view(document.document_element().name()) != "svg")
    at.report.must(Place(at.place, "value"), kSelectors,
                   "The value of an SvgSelector must be one svg element, well-formed.");
}

void point(const At& at) {
  const auto x = at.number("x");
  const auto y = at.number("y");
  auto t = at.number("t");
  if (!t) t = at.number("instant");
  if (!x && !y && !t && !at.number("z")) return at.must(kIiif, "A PointSelector must say where: x and y, or a time.");
  if (x.has_value() != y.has_value()) return at.must(kIiif, "A PointSelector that has x must have y, too.");
  if (t && *t < 0) at.must(kIiif, "A PointSelector points at a time before the beginning.");
  if (at.extent == nullptr) return;
  if (x && at.extent->width > 0 && (*x < 0 || *y < 0 || *x > at.extent->width || *y > at.extent->height))
    at.must(kIiif, "A PointSelector points outside of the Canvas.");
  if (t && at.extent->duration > 0 && *t > at.extent->duration)
    at.must(kIiif, "A PointSelector points at a time after the end of the Canvas.");
}

void image(const At& at) {
  for (const char* key : {"region", "size", "rotation", "quality", "format"}) {
    const json::Value* value = at.find(key);
    if (value != nullptr && !value->is_string())
      at.report.must(Place(at.place, key), kIiif, fmt::format("{} must be text, as in an image request.", key));
  }
}

void text(const At& at, std::string_view type) {
  if (type == "TextQuoteSelector" && !at.has_text("exact"))
    at.must(kSelectors, "A TextQuoteSelector must have the exact text.");
  if (type != "TextPositionSelector" && type != "DataPositionSelector") return;
  const auto start = at.number("start");
  const auto end = at.number("end");
  if (!start || !end) return at.must(kSelectors, fmt::format("A {} must have a start and an end.", type));
  if (*start < 0 || *end < *start) at.must(kSelectors, fmt::format("A {} ends before it begins.", type));
}

void one(const At& at) {
  const json::Value* said = at.find("type");
  const std::string_view type = json::text_of(at.selector, "type");
  if (said == nullptr || type.empty()) return at.must(kSelectors, "A selector must have a type.");
  if (type == "FragmentSelector") return fragment(at);
  if (type == "SvgSelector") return svg(at);
  if (type == "PointSelector") return point(at);
  if (type == "ImageApiSelector") return image(at);
  if (type.starts_with("Text") || type == "DataPositionSelector") return text(at, type);
  if ((type == "CssSelector" || type == "XPathSelector" || type == "WktSelector") && !at.has_text("value"))
    return at.must(kSelectors, fmt::format("A {} must have a value.", type));
  if (type == "RangeSelector") {
    for (const char* key : {"startSelector", "endSelector"}) {
      const json::Value* inner = at.find(key);
      if (inner == nullptr) {
        at.must(kSelectors, fmt::format("A RangeSelector must have a {}.", key));
      } else {
        check_selectors(*inner, at.extent, Place(at.place, key), at.report);
      }
    }
  }
}

}  // namespace

void check_selectors(const json::Value& value, const Extent* extent, const Place& place, Report& report) {
  if (const json::Array* array = value.if_array()) {
    std::size_t index = 0;
    for (const json::Value& item : *array) check_selectors(item, extent, Place(place, index++), report);
    return;
  }
  const json::Object* selector = value.if_object();
  if (selector == nullptr) return report.must(place, kSelectors, "A selector must be an object with a type.");
  one({*selector, extent, place, report});
  if (const json::Value* refined = selector->if_contains("refinedBy"))
    check_selectors(*refined, nullptr, Place(place, "refinedBy"), report);
}

}  // namespace armarium::check
