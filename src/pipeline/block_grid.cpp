#include "pipeline/block_grid.h"

#include <algorithm>
#include <cmath>

#include "image/mosaic.h"

namespace armarium::pipeline {
namespace {

constexpr std::uint64_t kLargestLast = 2'000'000;  // of a picture whose levels end above the low ones
constexpr std::uint32_t kSmallestBlock = 256;
constexpr std::uint32_t kJp2Block = 1024;  // of a code stream that is one tile, or has very large ones

std::uint32_t grown(std::uint32_t tile) noexcept {
  while (tile < kSmallestBlock) tile *= 2;
  return tile;
}

std::pair<std::uint32_t, std::uint32_t> axis(double start, double length, double reach, std::uint32_t limit) noexcept {
  const double first = std::clamp(std::floor(start - reach), 0.0, limit - 1.0);
  const double end = std::clamp(std::ceil(start + length + reach), first + 1, static_cast<double>(limit));
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - first)};
}

}  // namespace

image::Rect BlockGrid::area(std::uint32_t x, std::uint32_t y) const noexcept {
  const std::uint32_t left = x * block.width;
  const std::uint32_t top = y * block.height;
  return {left, top, std::min(block.width, level.width - left), std::min(block.height, level.height - top)};
}

image::Rect BlockGrid::touched(const image::Rect& area) const noexcept {
  const std::uint32_t left = area.x / block.width;
  const std::uint32_t top = area.y / block.height;
  return {left, top, static_cast<std::uint32_t>((area.right() - 1) / block.width) - left + 1,
          static_cast<std::uint32_t>((area.bottom() - 1) / block.height) - top + 1};
}

BlockGrid block_grid(const codec::Page& page, std::uint32_t index, codec::Format format) {
  const codec::Level& level = page.levels.at(index);
  BlockGrid grid{level.size, level.size, false, false};
  const bool last = index + 1 == page.levels.size() && level.size.area() <= kLargestLast;
  grid.low = std::max(level.size.width, level.size.height) <= kLowLevelSide || (last && index > 0);
  if (grid.low) return grid;
  const bool large = level.tile.empty() || std::max(level.tile.width, level.tile.height) > 2 * kJp2Block;
  if (format == codec::Format::jp2 && large) {
    grid.tiled = true;
    grid.block = {kJp2Block, kJp2Block};
  } else if (!level.tile.empty()) {
    grid.tiled = true;
    grid.block = {grown(level.tile.width), grown(level.tile.height)};
  }
  grid.block = {std::min(grid.block.width, level.size.width), std::min(grid.block.height, level.size.height)};
  return grid;
}

image::Rect reached(image::Size level, image::RectF window, image::Size target, image::Sampling stored,
                    image::Sampling made) noexcept {
  const bool plain = image::is_plain_part(level, window, target);
  const auto on_grid = [&] { return std::llround(window.x) % stored.x == 0 && std::llround(window.y) % stored.y == 0; };
  const bool copied = plain && (stored.none() || (stored == made && on_grid()));
  // One side: of luma, then of chroma in pixels of luma.
  const auto side = [&](double length, std::uint32_t wanted, std::uint8_t from, std::uint8_t to) {
    if (copied) return 0.0;
    const double shrink = length / wanted;
    const double luma = image::ResampleFilter::reach(length, wanted);
    return std::max({luma, 3.0 * from, 3.0 * shrink * to}) + 2;
  };
  const auto [x, width] = axis(window.x, window.width, side(window.width, target.width, stored.x, made.x), level.width);
  const auto [y, height] =
      axis(window.y, window.height, side(window.height, target.height, stored.y, made.y), level.height);
  return {x, y, width, height};
}

}  // namespace armarium::pipeline
