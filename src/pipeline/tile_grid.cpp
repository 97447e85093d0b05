#include "pipeline/tile_grid.h"

#include <cmath>

namespace armarium::pipeline {
namespace {

using image::Size;

// The power of two by which `size` comes from `region`; 0 when there is none. Thin strips are told by their longer side.
double factor_between(Size region, Size size) {
  for (std::uint32_t factor = 1; factor != 0 && factor <= region.width + std::uint64_t{region.height}; factor *= 2) {
    if (image::level_size(region, factor) == size) return factor;
  }
  return 0;
}

// The power of two between the full size and a level, whose rounding may be of any kind; 0 when there is none.
double factor_of_level(Size full, Size level) {
  const double ratio = full.width >= full.height ? static_cast<double>(full.width) / level.width
                                                 : static_cast<double>(full.height) / level.height;
  const double factor = std::exp2(std::round(std::log2(ratio)));
  const bool divides =
      std::abs(full.width / factor - level.width) <= 1 && std::abs(full.height / factor - level.height) <= 1;
  return divides ? factor : 0;
}

}  // namespace

image::RectF on_grid(image::RectF window, const codec::Request& request, Size full, Size level) {
  const double wanted = factor_between(request.region.size(), request.wanted);
  const double stored = factor_of_level(full, level);
  if (wanted == 0 || stored == 0) return window;
  window.width = request.wanted.width * wanted / stored;
  window.height = request.wanted.height * wanted / stored;
  return window;
}

}  // namespace armarium::pipeline
