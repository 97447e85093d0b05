#include "pipeline/tile_grid.h"

#include <cmath>

namespace armarium::pipeline {
namespace {

using image::Rect;
using image::Size;

// The power of two between the full size and a level, whose rounding may be of any kind; 0 when there is none.
double factor_of_level(Size full, Size level) {
  const double ratio = full.width >= full.height ? static_cast<double>(full.width) / level.width
                                                 : static_cast<double>(full.height) / level.height;
  const double factor = std::exp2(std::round(std::log2(ratio)));
  const bool divides =
      std::abs(full.width / factor - level.width) <= 1 && std::abs(full.height / factor - level.height) <= 1;
  return divides ? factor : 0;
}

// EXIF 2.32, 4.6.4 Orientation: the upright axes that run against the stored ones.
bool runs_left(int orientation) { return orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7; }
bool runs_up(int orientation) { return orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8; }

// One axis of a window. What the plan added at the picture's far edge lies at the near one when the axis runs backwards, and a shift changes sign.
void set_axis(double& start, double& length, double exact, double wanted, double shift, bool backwards) {
  start += backwards ? length - exact - shift : shift;
  length = wanted;
}

}  // namespace

std::uint32_t factor_between(Size region, Size size) noexcept {
  for (std::uint32_t factor = 1; factor != 0 && factor <= region.width + std::uint64_t{region.height}; factor *= 2) {
    if (image::level_size(region, factor) == size) return factor;
  }
  return 0;
}

image::RectF exact_window(image::RectF window, const codec::Request& request, const LevelPlace& place) {
  const double stored = factor_of_level(place.full, place.level);
  if (stored == 0) return window;
  const Size region = request.region.size();
  const double exact_width = region.width / stored;
  const double exact_height = region.height / stored;
  const double factor = factor_between(region, request.wanted);
  const bool announced = factor != 0;
  const double step = factor / stored;
  const double shift = place.wavelet && !announced ? 0.5 - 0.5 / stored : 0;
  set_axis(window.x, window.width, exact_width, announced ? request.wanted.width * step : exact_width, shift,
           runs_left(place.orientation));
  set_axis(window.y, window.height, exact_height, announced ? request.wanted.height * step : exact_height, shift,
           runs_up(place.orientation));
  return window;
}

Rect upright(Rect area, Size stored, int orientation) {
  const bool swapped = orientation >= 5 && orientation <= 8;
  if (swapped) {
    area = {area.y, area.x, area.height, area.width};
    stored = {stored.height, stored.width};
  }
  if (runs_left(orientation)) area.x = stored.width - area.x - area.width;
  if (runs_up(orientation)) area.y = stored.height - area.y - area.height;
  return area;
}

Size as_stored(Size size, int orientation) {
  return orientation >= 5 && orientation <= 8 ? Size{size.height, size.width} : size;
}

image::RectF as_stored(image::RectF window, Size stored, int orientation) {
  const Size level = as_stored(stored, orientation);  // upright
  if (runs_left(orientation)) window.x = level.width - window.x - window.width;
  if (runs_up(orientation)) window.y = level.height - window.y - window.height;
  if (orientation >= 5 && orientation <= 8) window = {window.y, window.x, window.height, window.width};
  return window;
}

}  // namespace armarium::pipeline
