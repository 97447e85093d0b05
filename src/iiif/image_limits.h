#pragma once
// maxWidth, maxHeight and maxArea of a picture, and the sizes that follow from them. Pure values; any thread. Image API 3.0, 5.3.

#include <cstdint>
#include <optional>

#include "image/geometry.h"

namespace armarium::iiif {

struct SizeLimits {
  std::optional<std::uint32_t> max_width;
  std::optional<std::uint32_t> max_height;  // only with max_width; absent means the same as max_width
  std::optional<std::uint64_t> max_area;

  bool any() const noexcept { return max_width.has_value() || max_height.has_value() || max_area.has_value(); }
  bool allows(image::Size size) const noexcept;
  // The largest size of the same ratio within the limits, not larger than `size`.
  image::Size shrink(image::Size size) const noexcept;
  // The largest size of the same ratio within the limits, enlarged where they leave room; `size` itself without limits.
  image::Size stretch(image::Size size) const noexcept;
  friend bool operator==(const SizeLimits&, const SizeLimits&) = default;
};

// The limits that are announced when nobody configured any: sizeUpscaling needs one (3.0, 5.3). The whole picture stays within them as long as it
// has at most `max_pixels` and no side beyond what JPEG can hold; small pictures may be enlarged to 4096 pixels a side.
SizeLimits default_limits(image::Size full, std::uint64_t max_pixels) noexcept;

// The largest size of the ratio of `from` inside `box`, enlarged where the box is larger (`!w,h`).
image::Size fit_into(image::Size from, std::uint64_t box_width, std::uint64_t box_height) noexcept;

}  // namespace armarium::iiif
