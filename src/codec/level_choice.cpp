#include <algorithm>
#include <cmath>

#include "codec/decoder.h"

namespace armarium::codec {
namespace {

// How one side of the full size maps onto the same side of a level. Levels of pyramids and of decoders are the full size divided by a whole factor and
// rounded somehow; then pixel n of the level covers [n f, (n + 1) f) exactly and the last one may be partial. So x maps to x / f, and the full edge
// to the rounded-up one: tiles on the level's grid become plain copies, and the whole equals its tiles. Any other level is stretched.
struct SideMap {
  std::uint32_t full;
  double scale;      // level pixels for a full-size pixel
  double last_edge;  // where the full edge lies

  double operator()(std::uint64_t at) const { return at >= full ? last_edge : static_cast<double>(at) * scale; }
};

struct Mapping {
  SideMap x;
  SideMap y;

  image::RectF operator()(const image::Rect& region) const {
    image::RectF window{x(region.x), y(region.y), 0, 0};
    window.width = x(region.right()) - window.x;
    window.height = y(region.bottom()) - window.y;
    return window;
  }
};

// Whether a level is the full size divided by `factor`, rounded up, down or to nearest, perhaps in steps.
bool divides(image::Size full, image::Size level, double factor) {
  return std::abs(full.width / factor - level.width) <= 1.0 && std::abs(full.height / factor - level.height) <= 1.0;
}

Mapping map_level(image::Size full, image::Size level) {
  // The longer side tells the factor best; halvings are by far the most frequent.
  const double ratio = full.width >= full.height ? static_cast<double>(full.width) / level.width
                                                 : static_cast<double>(full.height) / level.height;
  for (const double factor : {std::exp2(std::round(std::log2(ratio))), std::round(ratio)}) {
    if (factor >= 1 && divides(full, level, factor)) {
      return {{full.width, 1 / factor, std::ceil(full.width / factor)},
              {full.height, 1 / factor, std::ceil(full.height / factor)}};
    }
  }
  return {{full.width, static_cast<double>(level.width) / full.width, static_cast<double>(level.width)},
          {full.height, static_cast<double>(level.height) / full.height, static_cast<double>(level.height)}};
}

// One pixel short is close enough where there are many; of a few it would be another picture.
bool enough(double have, std::uint32_t wanted) {
  return wanted <= have * 1.02 || (have >= 16 && wanted <= std::ceil(have));
}

// [start, start + length) with `margin` around, cut to [0, limit), never empty.
void cover(double start, double length, double margin, std::uint32_t limit, std::uint32_t& out_start,
           std::uint32_t& out_length) {
  const double low = std::clamp(std::floor(start - margin), 0.0, static_cast<double>(limit - 1));
  const double high = std::clamp(std::ceil(start + length + margin), low + 1, static_cast<double>(limit));
  out_start = static_cast<std::uint32_t>(low);
  out_length = static_cast<std::uint32_t>(high - low);
}

}  // namespace

Plan choose_level(const Page& page, const Request& request, std::uint32_t margin) {
  Plan plan;
  plan.page = request.page;
  if (request.block) {
    plan.level = request.block->level;
    plan.area = request.block->area;
    plan.window = {0, 0, static_cast<double>(plan.area.width), static_cast<double>(plan.area.height)};
    plan.cost.pixels = plan.area.size().area();
    plan.cost.memory = plan.cost.pixels * page.pixels.bytes_per_pixel();
    return plan;
  }
  image::RectF window = map_level(page.size, page.levels.front().size)(request.region);
  for (std::uint32_t i = 1; i < page.levels.size(); ++i) {
    const image::RectF candidate = map_level(page.size, page.levels[i].size)(request.region);
    if (!enough(candidate.width, request.wanted.width) || !enough(candidate.height, request.wanted.height)) break;
    plan.level = i;
    window = candidate;
  }
  // A plain copy needs no neighbours.
  const bool copy = window.x == std::floor(window.x) && window.y == std::floor(window.y) &&
                    window.width == request.wanted.width && window.height == request.wanted.height;
  const image::Size level = page.levels[plan.level].size;
  // The filter reaches further the more there is to shrink.
  const double shrink_x = window.width / std::max<std::uint32_t>(1, request.wanted.width);
  const double shrink_y = window.height / std::max<std::uint32_t>(1, request.wanted.height);
  const double margin_x = copy ? 0 : std::max<double>(margin, std::ceil(4 * shrink_x));
  const double margin_y = copy ? 0 : std::max<double>(margin, std::ceil(4 * shrink_y));
  cover(window.x, window.width, margin_x, level.width, plan.area.x, plan.area.width);
  cover(window.y, window.height, margin_y, level.height, plan.area.y, plan.area.height);
  plan.window = {window.x - plan.area.x, window.y - plan.area.y, window.width, window.height};
  plan.cost.pixels = plan.area.size().area();
  plan.cost.memory = plan.cost.pixels * page.pixels.bytes_per_pixel();
  return plan;
}

}  // namespace armarium::codec
