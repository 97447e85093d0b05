#include <algorithm>

#include "codec/jp2_planes.h"

namespace armarium::codec::jp2 {
namespace {

std::uint32_t divide_up(std::uint64_t value, std::uint32_t by) {
  return static_cast<std::uint32_t>((value + by - 1) / by);
}
std::uint32_t halve_up(std::uint64_t value, std::uint32_t times) {
  return static_cast<std::uint32_t>((value + (std::uint64_t{1} << times) - 1) >> times);
}

// From an absolute pixel of a level to the grid.
std::uint32_t to_grid(std::uint64_t pixel, std::uint32_t step, std::uint32_t reduce, std::uint32_t low,
                      std::uint32_t high) {
  const std::uint64_t point = (pixel * step) << reduce;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(point, low, high));
}

// To the borders of the tiles that an area touches. OpenJPEG 2.5.0 gives grey for a part of a tile that is coded with high throughput.
void grow_to_tiles(const CodeStream& stream, GridArea& area) {
  auto down = [](std::uint32_t at, std::uint32_t origin, std::uint32_t side) {
    return origin + (at - origin) / side * side;
  };
  auto up = [](std::uint32_t at, std::uint32_t origin, std::uint32_t side, std::uint32_t end) {
    const std::uint64_t border = origin + (std::uint64_t{at} - origin + side - 1) / side * side;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(border, end));
  };
  area.x0 = std::max(stream.x0, down(area.x0, stream.tile_x0, stream.tile_width));
  area.y0 = std::max(stream.y0, down(area.y0, stream.tile_y0, stream.tile_height));
  area.x1 = up(area.x1, stream.tile_x0, stream.tile_width, stream.x1);
  area.y1 = up(area.y1, stream.tile_y0, stream.tile_height, stream.y1);
}

}  // namespace

Step page_step(const CodeStream& stream) noexcept {
  Step step{255, 255};
  for (const Component& component : stream.components) {
    step.dx = std::min(step.dx, component.dx);
    step.dy = std::min(step.dy, component.dy);
  }
  return step;
}

image::Rect level_grid(const CodeStream& stream, std::uint32_t reduce) noexcept {
  const Step step = page_step(stream);
  image::Rect grid;
  grid.x = halve_up(divide_up(stream.x0, step.dx), reduce);
  grid.y = halve_up(divide_up(stream.y0, step.dy), reduce);
  grid.width = halve_up(divide_up(stream.x1, step.dx), reduce) - grid.x;
  grid.height = halve_up(divide_up(stream.y1, step.dy), reduce) - grid.y;
  return grid;
}

GridArea part_area(const CodeStream& stream, std::uint32_t reduce, image::Rect area) noexcept {
  const Step step = page_step(stream);
  const image::Rect grid = level_grid(stream, reduce);
  // Coarser components are repeated: the sample that covers an edge pixel may begin before it.
  std::uint32_t around_x = 0;
  std::uint32_t around_y = 0;
  for (const Component& component : stream.components) {
    if (component.dx != step.dx) around_x = std::max(around_x, component.dx / step.dx + 1);
    if (component.dy != step.dy) around_y = std::max(around_y, component.dy / step.dy + 1);
  }
  const std::uint64_t left = std::uint64_t{grid.x} + area.x;
  const std::uint64_t top = std::uint64_t{grid.y} + area.y;
  GridArea result;
  result.x0 = to_grid(left - std::min<std::uint64_t>(left, around_x), step.dx, reduce, stream.x0, stream.x1);
  result.y0 = to_grid(top - std::min<std::uint64_t>(top, around_y), step.dy, reduce, stream.y0, stream.y1);
  result.x1 = to_grid(left + area.width + around_x, step.dx, reduce, stream.x0, stream.x1);
  result.y1 = to_grid(top + area.height + around_y, step.dy, reduce, stream.y0, stream.y1);
  return result;
}

GridArea grid_area(const CodeStream& stream, std::uint32_t reduce, image::Rect area) noexcept {
  GridArea result = part_area(stream, reduce, area);
  if (stream.high_throughput) grow_to_tiles(stream, result);
  return result;
}

image::Rect component_rect(const Component& component, GridArea area, std::uint32_t reduce) noexcept {
  image::Rect rect;
  rect.x = halve_up(divide_up(area.x0, component.dx), reduce);
  rect.y = halve_up(divide_up(area.y0, component.dy), reduce);
  const std::uint32_t right = halve_up(divide_up(area.x1, component.dx), reduce);
  const std::uint32_t bottom = halve_up(divide_up(area.y1, component.dy), reduce);
  rect.width = right > rect.x ? right - rect.x : 0;
  rect.height = bottom > rect.y ? bottom - rect.y : 0;
  return rect;
}

// What OpenJPEG 2.5 allocates, about: tables for every tile; precincts and code blocks of one tile in all its resolutions, whatever the area; coefficients
// of the area, their transform and the samples; the bytes of the tile.
std::uint64_t memory_of(const CodeStream& stream, std::uint32_t reduce, GridArea area) noexcept {
  const std::uint64_t tiles = std::uint64_t{stream.tiles_across()} * stream.tiles_down();
  std::uint64_t total = tiles * (6'000 + stream.components.size() * 1'200);
  const std::uint32_t width = std::min(stream.tile_width, stream.x1 - stream.x0);
  const std::uint32_t height = std::min(stream.tile_height, stream.y1 - stream.y0);
  for (const Component& component : stream.components) {
    for (std::uint32_t resolution = 0; resolution <= component.levels; ++resolution) {
      const std::uint64_t across = halve_up(width / component.dx + 1U, component.levels - resolution) + 1U;
      const std::uint64_t down = halve_up(height / component.dy + 1U, component.levels - resolution) + 1U;
      const std::uint32_t precinct_x = component.precinct_x[resolution];
      const std::uint32_t precinct_y = component.precinct_y[resolution];
      const std::uint32_t block_x = std::min<std::uint32_t>(component.block_x, precinct_x);
      const std::uint32_t block_y = std::min<std::uint32_t>(component.block_y, precinct_y);
      total += ((across >> precinct_x) + 1) * ((down >> precinct_y) + 1) * 700;
      total += ((across >> block_x) + 1) * ((down >> block_y) + 1) * 160;
    }
    total += component_rect(component, area, reduce).size().area() * 12;
  }
  return total + (tiles == 1 ? stream.length : std::min(stream.length, stream.length / tiles * 4));
}

}  // namespace armarium::codec::jp2
