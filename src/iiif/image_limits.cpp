#include "iiif/image_limits.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace armarium::iiif {
namespace {

using image::Size;

constexpr std::uint32_t kLargestJpegSide = 65500;
constexpr std::uint32_t kEnlargedSide = 4096;
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint32_t>::max();

// The largest size of the ratio of `from` with at most `area` pixels; one side may end at 1 pixel.
Size fit_area(Size from, std::uint64_t area) noexcept {
  const bool wide = from.width >= from.height;
  const std::uint32_t along = wide ? from.width : from.height;
  const std::uint32_t other = wide ? from.height : from.width;
  const double exact = std::sqrt(static_cast<double>(area) * along / other);
  auto longer = static_cast<std::uint64_t>(std::clamp(exact + 1.0, 1.0, static_cast<double>(kNoLimit)));
  longer = std::min(longer, std::max<std::uint64_t>(area, 1));
  // Rounding the shorter side up may take it over the limit: by a pixel or two as a rule, by more on thin strips.
  for (int step = 0; longer > 1 && longer * image::derived(longer, along, other) > area; ++step) {
    longer = step < 4 ? longer - 1
                      : std::min(longer - 1, std::max<std::uint64_t>(1, area / image::derived(longer, along, other)));
  }
  const auto side = static_cast<std::uint32_t>(longer);
  const std::uint32_t shorter = image::derived(longer, along, other);
  return wide ? Size{side, shorter} : Size{shorter, side};
}

}  // namespace

bool SizeLimits::allows(Size size) const noexcept {
  const auto height_limit = max_height ? max_height : max_width;
  return (!max_width || size.width <= *max_width) && (!height_limit || size.height <= *height_limit) &&
         (!max_area || size.area() <= *max_area);
}

Size SizeLimits::stretch(Size size) const noexcept {
  if (!any() || size.empty()) return size;
  const auto height_limit = max_height ? max_height : max_width;
  Size result = fit_into(size, max_width.value_or(kNoLimit), height_limit.value_or(kNoLimit));
  if (max_area && result.area() > *max_area) result = fit_area(size, *max_area);
  return result;
}

Size SizeLimits::shrink(Size size) const noexcept { return allows(size) ? size : stretch(size); }

Size fit_into(Size from, std::uint64_t box_width, std::uint64_t box_height) noexcept {
  const std::uint64_t width = std::clamp<std::uint64_t>(box_width, 1, kNoLimit);
  const std::uint64_t height = std::clamp<std::uint64_t>(box_height, 1, kNoLimit);
  if (from.empty()) return from;
  if (width * from.height <= height * from.width) {
    return {static_cast<std::uint32_t>(width), image::derived(width, from.width, from.height)};
  }
  return {image::derived(height, from.height, from.width), static_cast<std::uint32_t>(height)};
}

SizeLimits default_limits(Size full, std::uint64_t max_pixels) noexcept {
  SizeLimits limits;
  limits.max_width = std::clamp(full.width, kEnlargedSide, kLargestJpegSide);
  const std::uint32_t max_height = std::clamp(full.height, kEnlargedSide, kLargestJpegSide);
  if (max_height != *limits.max_width) limits.max_height = max_height;
  const std::uint64_t largest = std::uint64_t{*limits.max_width} * max_height;
  const std::uint64_t wanted = std::max(full.area(), std::uint64_t{kEnlargedSide} * kEnlargedSide);
  if (std::min(wanted, max_pixels) < largest) limits.max_area = std::min(wanted, max_pixels);
  return limits;
}

}  // namespace armarium::iiif
