// Where a tile is cut, and what of it is needed.

#include <algorithm>
#include <numeric>

#include "codec/jp2_excerpt.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

// In coefficients of a subband: the 9-7 filter reaches four samples to each side (F.3.8.2), halved at every level and added up less than four.
constexpr std::uint32_t kMargin = 4;
constexpr std::uint64_t kMaxBlocks = 1'000'000;
constexpr std::uint64_t kWhole = std::uint64_t{1} << 31U;  // larger than any tile

std::uint32_t divide_up(std::uint32_t value, std::uint32_t by) { return value / by + (value % by != 0 ? 1 : 0); }

bool is_empty(GridArea area) { return area.x1 <= area.x0 || area.y1 <= area.y0; }

// `area` with `x` and `y` more on each side, inside `bounds`.
GridArea grown(GridArea area, std::uint64_t x, std::uint64_t y, GridArea bounds) {
  auto less = [](std::uint32_t from, std::uint64_t by, std::uint32_t low) {
    return std::max<std::uint32_t>(low, from > by ? static_cast<std::uint32_t>(from - by) : 0);
  };
  auto more = [](std::uint32_t from, std::uint64_t by, std::uint32_t high) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(high, from + by));
  };
  return {less(area.x0, x, bounds.x0), less(area.y0, y, bounds.y0), more(area.x1, x, bounds.x1),
          more(area.y1, y, bounds.y1)};
}

// An area of the grid in samples of a component.
GridArea of_component(GridArea area, const Component& component) {
  return {divide_up(area.x0, component.dx), divide_up(area.y0, component.dy), divide_up(area.x1, component.dx),
          divide_up(area.y1, component.dy)};
}

// One direction of the grid: on multiples of `cell` all resolutions of all components begin a code block.
struct Direction {
  std::uint64_t cell = 1;
  std::uint64_t margin = 0;
};

Direction direction_of(const CodeStream& excerpt, const TileLayout& layout, bool horizontal) {
  Direction direction;
  for (std::size_t c = 0; c < excerpt.components.size(); ++c) {
    const Component& component = excerpt.components[c];
    const std::uint64_t step = horizontal ? component.dx : component.dy;
    direction.margin = std::max(direction.margin, ((kMargin + 1) * step) << component.levels);
    for (std::uint32_t r = 0; r <= component.levels; ++r) {
      const Resolution& resolution = layout.components[c][r];
      const std::uint32_t block = horizontal ? resolution.block_x : resolution.block_y;
      const std::uint64_t own = step << (block + depth_of(component.levels, r));
      if (own <= kWhole) direction.cell = std::lcm(direction.cell, own);
      if (own > kWhole || direction.cell > kWhole) return {kWhole, direction.margin};
    }
  }
  return direction;
}

// From `low` to `high`, grown by the margin and then to the next borders of cells; never past the tile.
void cut_side(const Direction& direction, std::uint32_t tile_low, std::uint32_t tile_high, std::uint32_t& low,
              std::uint32_t& high) {
  const std::uint64_t from = low > direction.margin ? low - direction.margin : 0;
  const std::uint64_t to = high + direction.margin;
  low = static_cast<std::uint32_t>(std::max<std::uint64_t>(tile_low, from / direction.cell * direction.cell));
  high = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(tile_high, (to + direction.cell - 1) / direction.cell * direction.cell));
}

void set_area(CodeStream& stream, GridArea area) {
  stream.x0 = stream.tile_x0 = area.x0;
  stream.y0 = stream.tile_y0 = area.y0;
  stream.x1 = area.x1;
  stream.y1 = area.y1;
  stream.tile_width = area.x1 - area.x0;
  stream.tile_height = area.y1 - area.y0;
}

// Without precincts where all code blocks of a component are of one size: fewer packets.
void join_precincts(Component& component, const std::vector<Resolution>& resolutions) {
  const bool same = std::all_of(resolutions.begin(), resolutions.end(), [&](const Resolution& each) {
    return each.block_x == resolutions[0].block_x && each.block_y == resolutions[0].block_y;
  });
  if (!same) return;
  component.block_x = static_cast<std::uint8_t>(resolutions[0].block_x);
  component.block_y = static_cast<std::uint8_t>(resolutions[0].block_y);
  component.precinct_x.fill(15);
  component.precinct_y.fill(15);
}

}  // namespace

GridArea reduced_area(GridArea area, std::uint32_t reduce) noexcept {
  auto halved = [reduce](std::uint32_t value) {
    return static_cast<std::uint32_t>((value + (std::uint64_t{1} << reduce) - 1) >> reduce);
  };
  return {halved(area.x0), halved(area.y0), halved(area.x1), halved(area.y1)};
}

Result<Cut> cut_tile(const CodeStream& stream, std::uint32_t tile, std::uint32_t reduce, GridArea area) {
  Cut cut;
  cut.tile = tile;
  const GridArea whole = reduced_area(tile_area(stream, tile), reduce);
  cut.wanted = intersection(reduced_area(area, reduce), whole);
  if (is_empty(cut.wanted)) return cut;
  cut.stream = stream;
  CodeStream& excerpt = cut.stream;
  std::uint32_t widest_x = 1;
  std::uint32_t widest_y = 1;
  for (Component& component : excerpt.components) {
    component.levels -= reduce;
    widest_x = std::max(widest_x, component.dx);
    widest_y = std::max(widest_y, component.dy);
  }
  excerpt.levels -= reduce;
  // Coarse components may have no sample in a narrow area.
  cut.wanted = cut.area = grown(cut.wanted, widest_x - 1, widest_y - 1, whole);
  set_area(excerpt, whole);
  const TileLayout uncut = tile_layout(excerpt, whole);
  GridArea part = cut.area;
  cut_side(direction_of(excerpt, uncut, true), whole.x0, whole.x1, part.x0, part.x1);
  cut_side(direction_of(excerpt, uncut, false), whole.y0, whole.y1, part.y0, part.y1);
  for (std::size_t c = 0; c < excerpt.components.size(); ++c) {
    if (is_empty(of_component(cut.area, excerpt.components[c])))
      return fail(ErrorCode::unsupported, "This kind of JPEG 2000 is not supported.", "a tile without samples");
    join_precincts(excerpt.components[c], uncut.components[c]);
  }
  set_area(excerpt, part);
  cut.layout = tile_layout(excerpt, part);
  if (cut.layout.blocks > kMaxBlocks || cut.layout.precincts > kMaxBlocks)
    return fail(ErrorCode::unsupported, "The picture has more parts than the server allows.");
  if (excerpt.high_throughput) cut.area = part;  // OpenJPEG 2.5.0 decodes no part of a tile then
  excerpt.offset = 0;
  excerpt.length = 0;
  excerpt.layers = 1;
  cut.memory = memory_of(excerpt, 0, cut.area);
  return cut;
}

std::vector<Need> needs_of(const TileIndex& tile, const Cut& cut) {
  std::vector<Need> needs;
  for (std::size_t c = 0; c < cut.layout.components.size(); ++c) {
    const Component& component = cut.stream.components[c];
    const GridArea samples = of_component(cut.wanted, component);
    for (std::uint32_t r = 0; r <= component.levels; ++r) {
      const Resolution& part = cut.layout.components[c][r];
      const Resolution& whole = tile.layout().components[c][r];
      const std::uint32_t depth = depth_of(component.levels, r);
      std::array<Cells, 3> blocks;
      GridArea touched{0xFFFFFFFF, 0xFFFFFFFF, 0, 0};  // precincts of the whole tile, from the origin
      for (std::uint32_t b = 0; b < part.bands; ++b) {
        const bool high_x = part.bands == 3 && b != 1;
        const bool high_y = part.bands == 3 && b != 0;
        const GridArea window = grown(in_band(samples, depth, high_x, high_y), kMargin, kMargin, part.band[b]);
        blocks[b] = cells_of(window, part.block_x, part.block_y);
        if (blocks[b].count() == 0) continue;
        touched.x0 = std::min(touched.x0, window.x0 >> whole.band_precinct_x());
        touched.y0 = std::min(touched.y0, window.y0 >> whole.band_precinct_y());
        touched.x1 = std::max(touched.x1, ((window.x1 - 1) >> whole.band_precinct_x()) + 1);
        touched.y1 = std::max(touched.y1, ((window.y1 - 1) >> whole.band_precinct_y()) + 1);
      }
      for (std::uint32_t y = touched.y0; y < touched.y1; ++y) {
        for (std::uint32_t x = touched.x0; x < touched.x1; ++x) {
          Need need;
          need.place.component = static_cast<std::uint16_t>(c);
          need.place.resolution = static_cast<std::uint8_t>(r);
          need.place.number = (y - whole.first_y) * whole.across + (x - whole.first_x);
          need.blocks = blocks;
          needs.push_back(need);
        }
      }
    }
  }
  return needs;
}

bool known_precincts(const TileIndex& tile, const std::vector<Need>& needs, Precincts& large) {
  for (const Need& need : needs) {
    if (!tile.is_large(need.place)) continue;
    auto precinct = tile.kept(need.place);
    if (!precinct) return false;
    large.emplace(tile.slot(need.place), std::move(precinct));
  }
  return true;
}

Result<> read_large_precincts(const TileIndex& tile, const std::vector<Need>& needs, const base::ByteSource& bytes,
                              Precincts& large) {
  for (const Need& need : needs) {
    if (!tile.is_large(need.place)) continue;
    auto precinct = tile.precinct(bytes, need.place);
    if (!precinct) return fail(std::move(precinct.error()));
    large.emplace(tile.slot(need.place), std::move(*precinct));
  }
  return {};
}

Result<> read_precincts(const TileIndex& tile, const std::vector<Need>& needs, const base::ByteSource& bytes,
                        Precincts& precincts) {
  for (const Need& need : needs) {
    const std::uint64_t slot = tile.slot(need.place);
    if (precincts.contains(slot)) continue;
    auto precinct = tile.precinct(bytes, need.place);
    if (!precinct) return fail(std::move(precinct.error()));
    precincts.emplace(slot, std::move(*precinct));
  }
  return {};
}

void add_ranges(const TileIndex& tile, const std::vector<Need>& needs, const Precincts& large,
                std::vector<base::ByteRange>& ranges) {
  for (const Need& need : needs) {
    const auto found = large.find(tile.slot(need.place));
    if (found == large.end()) {
      tile.add_ranges(need.place, ranges);
      continue;
    }
    const Precinct& precinct = *found->second;
    for (std::uint32_t b = 0; b < precinct.band_count; ++b) {
      const Cells& cells = need.blocks[b];
      for (std::uint32_t i = 0; i < cells.count(); ++i) {
        const Block* block = precinct.find(b, cells.first_x + i % cells.across, cells.first_y + i / cells.across);
        for (std::uint32_t p = block ? block->first : Piece::kNone; p != Piece::kNone; p = precinct.pieces[p].next) {
          if (precinct.pieces[p].length > 0) ranges.push_back({precinct.pieces[p].offset, precinct.pieces[p].length});
        }
      }
    }
  }
}

}  // namespace armarium::codec::jp2
