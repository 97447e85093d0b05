#pragma once
// How a tile of a code stream is divided: resolutions, subbands, precincts, code blocks (ISO/IEC 15444-1, B.5 to B.7). Coordinates are absolute, so a part of a tile
// that begins on the borders of code blocks is divided alike. Pure arithmetic on what SIZ and COD say; any thread.

#include <array>
#include <cstdint>
#include <vector>

#include "codec/jp2_planes.h"

namespace armarium::codec::jp2 {

// Code blocks of a subband, counted from the origin of its coordinates.
struct Cells {
  std::uint32_t first_x = 0, first_y = 0;
  std::uint32_t across = 0, down = 0;

  std::uint64_t count() const noexcept { return std::uint64_t{across} * down; }
  bool contains(std::uint32_t x, std::uint32_t y) const noexcept {
    return x >= first_x && x - first_x < across && y >= first_y && y - first_y < down;
  }
};

struct Resolution {
  GridArea area;
  std::uint32_t precinct_x = 15, precinct_y = 15;  // log2 of the sides
  std::uint32_t first_x = 0, first_y = 0;          // the first precinct, counted from the origin
  std::uint32_t across = 0, down = 0;              // precincts
  std::uint64_t first = 0;                         // number of its first precinct within the tile
  std::uint32_t block_x = 6, block_y = 6;          // log2 of the sides, never larger than a precinct
  std::uint32_t bands = 1;                         // LL, or HL, LH, HH
  std::array<GridArea, 3> band{};

  std::uint64_t precincts() const noexcept { return std::uint64_t{across} * down; }
  // log2 of the sides of a precinct in a subband.
  std::uint32_t band_precinct_x() const noexcept { return bands == 1 ? precinct_x : precinct_x - 1; }
  std::uint32_t band_precinct_y() const noexcept { return bands == 1 ? precinct_y : precinct_y - 1; }
  // The number of the precinct, within the tile, that holds the code block (x, y) of a band.
  std::uint64_t precinct_of(std::uint32_t x, std::uint32_t y) const noexcept;
  // The code blocks of a precinct (numbered within the resolution, row by row) in one of its bands.
  Cells blocks(std::uint64_t precinct, std::uint32_t band_index) const noexcept;
};

struct TileLayout {
  GridArea area;
  std::vector<std::vector<Resolution>> components;  // least resolution first
  std::uint64_t precincts = 0;
  std::uint64_t blocks = 0;  // at most; a few are counted twice
};

// Empty, with an end before its beginning, where they have nothing in common.
GridArea intersection(GridArea a, GridArea b) noexcept;
GridArea tile_area(const CodeStream& stream, std::uint32_t tile) noexcept;
TileLayout tile_layout(const CodeStream& stream, GridArea tile);

// An area of a component at its highest resolution as it lies in a subband that is `depth` decompositions away; `high_x`, `high_y`: of high frequencies in that
// direction (equation B-15).
GridArea in_band(GridArea component, std::uint32_t depth, bool high_x, bool high_y) noexcept;
// How deep the bands of a resolution lie.
std::uint32_t depth_of(std::uint32_t levels, std::uint32_t resolution) noexcept;
// The code blocks that an area of a subband touches.
Cells cells_of(GridArea area, std::uint32_t block_x, std::uint32_t block_y) noexcept;

}  // namespace armarium::codec::jp2
