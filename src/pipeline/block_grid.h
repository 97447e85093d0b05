#pragma once
// Into which blocks a level is cut for decoding and keeping: a low level whole, a tiled one by its tiles (small ones several together), the rest whole.
// Everything in pixels as stored. Pure; any thread.

#include <vector>

#include "codec/decoder.h"

namespace armarium::pipeline {

// Levels no larger than this are one block each, and are kept longer than others.
inline constexpr std::uint32_t kLowLevelSide = 1024;

struct BlockGrid {
  image::Size level;
  image::Size block;
  bool low = false;
  bool tiled = false;  // blocks can be decoded alone for about their own cost

  std::uint32_t across() const noexcept { return (level.width - 1) / block.width + 1; }
  image::Rect area(std::uint32_t x, std::uint32_t y) const noexcept;
  // The blocks that an area of the level touches, in blocks.
  image::Rect touched(const image::Rect& area) const noexcept;
};

BlockGrid block_grid(const codec::Page& page, std::uint32_t level, codec::Format format);

// The pixels that the filters can reach from a window of a level, cut to the level. `stored` is the level's chroma, `made` that of the result; both
// none where pixels are scaled as they are.
image::Rect reached(image::Size level, image::RectF window, image::Size target, image::Sampling stored,
                    image::Sampling made) noexcept;

}  // namespace armarium::pipeline
