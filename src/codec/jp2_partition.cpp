#include "codec/jp2_partition.h"

#include <algorithm>

namespace armarium::codec::jp2 {
namespace {

std::uint32_t divide_up(std::uint32_t value, std::uint32_t by) { return value / by + (value % by != 0 ? 1 : 0); }

std::uint32_t halve_up(std::uint64_t value, std::uint32_t times) {
  return static_cast<std::uint32_t>((value + (std::uint64_t{1} << times) - 1) >> times);
}

std::uint32_t band_coordinate(std::uint32_t value, std::uint32_t depth, bool high) {
  const std::uint64_t shift = high && depth > 0 ? std::uint64_t{1} << (depth - 1) : 0;
  return value > shift ? halve_up(value - shift, depth) : 0;
}

Resolution resolution_of(const Component& component, GridArea area, std::uint32_t number) {
  const std::uint32_t reduce = component.levels - number;
  Resolution resolution;
  resolution.area = {halve_up(area.x0, reduce), halve_up(area.y0, reduce), halve_up(area.x1, reduce),
                     halve_up(area.y1, reduce)};
  const GridArea& own = resolution.area;
  resolution.precinct_x = component.precinct_x[number];
  resolution.precinct_y = component.precinct_y[number];
  resolution.first_x = own.x0 >> resolution.precinct_x;
  resolution.first_y = own.y0 >> resolution.precinct_y;
  if (own.x1 > own.x0 && own.y1 > own.y0) {
    resolution.across = halve_up(own.x1, resolution.precinct_x) - resolution.first_x;
    resolution.down = halve_up(own.y1, resolution.precinct_y) - resolution.first_y;
  }
  resolution.bands = number == 0 ? 1 : 3;
  const std::uint32_t depth = depth_of(component.levels, number);
  if (number == 0) {
    resolution.band[0] = in_band(area, depth, false, false);
  } else {
    resolution.band = {in_band(area, depth, true, false), in_band(area, depth, false, true),
                       in_band(area, depth, true, true)};
  }
  resolution.block_x = std::min<std::uint32_t>(component.block_x, resolution.band_precinct_x());
  resolution.block_y = std::min<std::uint32_t>(component.block_y, resolution.band_precinct_y());
  return resolution;
}

}  // namespace

std::uint32_t depth_of(std::uint32_t levels, std::uint32_t resolution) noexcept {
  return resolution == 0 ? levels : levels - resolution + 1;
}

GridArea in_band(GridArea area, std::uint32_t depth, bool high_x, bool high_y) noexcept {
  return {band_coordinate(area.x0, depth, high_x), band_coordinate(area.y0, depth, high_y),
          band_coordinate(area.x1, depth, high_x), band_coordinate(area.y1, depth, high_y)};
}

Cells cells_of(GridArea area, std::uint32_t block_x, std::uint32_t block_y) noexcept {
  if (area.x1 <= area.x0 || area.y1 <= area.y0) return {};
  Cells cells;
  cells.first_x = area.x0 >> block_x;
  cells.first_y = area.y0 >> block_y;
  cells.across = halve_up(area.x1, block_x) - cells.first_x;
  cells.down = halve_up(area.y1, block_y) - cells.first_y;
  return cells;
}

Cells Resolution::blocks(std::uint64_t precinct, std::uint32_t band_index) const noexcept {
  const std::uint64_t x = first_x + precinct % across;
  const std::uint64_t y = first_y + precinct / across;
  const GridArea& whole = band[band_index];
  auto clip = [](std::uint64_t value, std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(value, low, std::max(low, high)));
  };
  const GridArea part{
      clip(x << band_precinct_x(), whole.x0, whole.x1), clip(y << band_precinct_y(), whole.y0, whole.y1),
      clip((x + 1) << band_precinct_x(), whole.x0, whole.x1), clip((y + 1) << band_precinct_y(), whole.y0, whole.y1)};
  return cells_of(part, block_x, block_y);
}

std::uint64_t Resolution::precinct_of(std::uint32_t x, std::uint32_t y) const noexcept {
  const std::uint64_t row = (y >> (band_precinct_y() - block_y)) - first_y;
  const std::uint64_t column = (x >> (band_precinct_x() - block_x)) - first_x;
  return first + row * across + column;
}

GridArea intersection(GridArea a, GridArea b) noexcept {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

GridArea tile_area(const CodeStream& stream, std::uint32_t tile) noexcept {
  const std::uint32_t across = stream.tiles_across();
  const std::uint64_t left = stream.tile_x0 + std::uint64_t{tile % across} * stream.tile_width;
  const std::uint64_t top = stream.tile_y0 + std::uint64_t{tile / across} * stream.tile_height;
  GridArea area;
  area.x0 = static_cast<std::uint32_t>(std::max<std::uint64_t>(left, stream.x0));
  area.y0 = static_cast<std::uint32_t>(std::max<std::uint64_t>(top, stream.y0));
  area.x1 = static_cast<std::uint32_t>(std::min<std::uint64_t>(left + stream.tile_width, stream.x1));
  area.y1 = static_cast<std::uint32_t>(std::min<std::uint64_t>(top + stream.tile_height, stream.y1));
  return area;
}

TileLayout tile_layout(const CodeStream& stream, GridArea tile) {
  TileLayout layout;
  layout.area = tile;
  layout.components.reserve(stream.components.size());
  for (const Component& component : stream.components) {
    const GridArea area{divide_up(tile.x0, component.dx), divide_up(tile.y0, component.dy),
                        divide_up(tile.x1, component.dx), divide_up(tile.y1, component.dy)};
    auto& resolutions = layout.components.emplace_back();
    resolutions.reserve(component.levels + 1);
    for (std::uint32_t number = 0; number <= component.levels; ++number) {
      Resolution resolution = resolution_of(component, area, number);
      resolution.first = layout.precincts;
      layout.precincts += resolution.precincts();
      for (std::uint32_t b = 0; b < resolution.bands; ++b)
        layout.blocks += cells_of(resolution.band[b], resolution.block_x, resolution.block_y).count();
      resolutions.push_back(resolution);
    }
  }
  return layout;
}

}  // namespace armarium::codec::jp2
