#pragma once
// Sizes, rectangles and the one rule by which a side is derived from a scale. Everything that announces a size (sizes, tiles, info.json) and
// everything that makes pixels calls these functions, so that both always agree. Values in pixels; pure functions; any thread.

#include <cstdint>

namespace armarium::image {

struct Size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint64_t area() const noexcept { return std::uint64_t{width} * height; }
  bool empty() const noexcept { return width == 0 || height == 0; }
  friend bool operator==(const Size&, const Size&) = default;
};

struct Rect {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  Size size() const noexcept { return {width, height}; }
  std::uint64_t right() const noexcept { return std::uint64_t{x} + width; }
  std::uint64_t bottom() const noexcept { return std::uint64_t{y} + height; }
  bool contains(const Rect& other) const noexcept {
    return other.x >= x && other.y >= y && other.right() <= right() && other.bottom() <= bottom();
  }
  static Rect of(Size size) noexcept { return {0, 0, size.width, size.height}; }
  friend bool operator==(const Rect&, const Rect&) = default;
};

// A rectangle between pixels, in coordinates of some buffer or level.
struct RectF {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

// A length divided by a whole scale factor, rounded up: tiles and levels of the Image API's implementation notes. Never below 1.
std::uint32_t scaled_up(std::uint32_t length, std::uint32_t factor) noexcept;
Size level_size(Size full, std::uint32_t factor) noexcept;

// The side that keeps the ratio of `from` when the other side becomes `wanted`: round to nearest, half up, never below 1.
// `other` belongs to the result, `along` to `wanted`: derived(wanted_width, size.width, size.height) is the height.
std::uint32_t derived(std::uint64_t wanted, std::uint32_t along, std::uint32_t other) noexcept;

}  // namespace armarium::image
