#include "ingest/readers/alto_areas.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "xml/document.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

// Some write whole numbers, some 1205.0, some nothing.
std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || !std::isfinite(number) || std::abs(number) > 1e7) return std::nullopt;
  return number;
}

std::optional<Area> area_of(const Node& node) {
  const auto left = number_of(node.attribute("HPOS"));
  const auto top = number_of(node.attribute("VPOS"));
  const auto width = number_of(node.attribute("WIDTH"));
  const auto height = number_of(node.attribute("HEIGHT"));
  if (!left || !top || !width || !height || *width <= 0 || *height <= 0) return std::nullopt;
  return Area{*left, *top, *left + *width, *top + *height};
}

bool is_block(std::string_view name) {
  return name == "TextBlock" || name == "ComposedBlock" || name == "Illustration" || name == "GraphicalElement" ||
         name == "TextLine";
}

// A block that does not say where it is lies where its parts are.
std::optional<Area> area_of_parts(const Node& node) {
  std::optional<Area> whole;
  for (const Node part : node.below(xml::kAnySpace, {})) {
    const auto area = is_block(part.name()) ? area_of(part) : std::nullopt;
    if (!area) continue;
    if (whole) {
      whole->take(*area);
    } else {
      whole = area;
    }
  }
  return whole;
}

}  // namespace

void Area::take(const Area& other) noexcept {
  left = std::min(left, other.left);
  top = std::min(top, other.top);
  right = std::max(right, other.right);
  bottom = std::max(bottom, other.bottom);
}

std::optional<AltoAreas> alto_areas(std::string_view bytes) {
  const auto document = xml::Document::parse(bytes, {.depth = 60});
  if (!document || document->root().name() != "alto") return std::nullopt;
  AltoAreas out;
  const std::string_view space = document->root().space();
  const Node page = document->root().child(space, "Layout").child(space, "Page");
  out.width = number_of(page.attribute("WIDTH")).value_or(0);
  out.height = number_of(page.attribute("HEIGHT")).value_or(0);
  for (const Node node : page.below(space, {})) {
    if (!is_block(node.name())) continue;
    const std::string_view id = node.attribute("ID");
    if (id.empty()) continue;
    auto area = area_of(node);
    if (!area) area = area_of_parts(node);
    if (area) out.areas.emplace(id, *area);
  }
  return out;
}

}  // namespace armarium::ingest::readers
