#pragma once
// A part of a code stream as a small code stream of its own: one tile, cut along the borders of code blocks that lie around an area with the margin of its wavelet, without the resolutions
// that are not wanted, all layers in one, and of the code blocks only those that the area needs. It decodes to the pixels of the whole one, and its
// decoder's work and memory do not grow with the file. Values; any thread. Errors: unsupported, corrupt, internal.

#include <unordered_map>
#include <vector>

#include "codec/jp2_packet_index.h"

namespace armarium::codec::jp2 {

// Geometry of the part of one tile.
struct Cut {
  std::uint32_t tile = 0;
  CodeStream stream;  // of the excerpt; its grid is that of the wanted resolution
  TileLayout layout;
  GridArea wanted;  // of its grid: what the caller needs of this tile
  GridArea area;    // what has to be decoded
  std::uint64_t memory = 0;
};

// `area` in points of the whole stream's grid, `reduce` at most stream.levels. Empty `wanted` where the tile has nothing of it; unsupported where the
// part cannot be decoded alone (a component without samples there, too many blocks).
base::Result<Cut> cut_tile(const CodeStream& stream, std::uint32_t tile, std::uint32_t reduce, GridArea area);

// An area of the whole grid in points of the grid of a resolution.
GridArea reduced_area(GridArea area, std::uint32_t reduce) noexcept;

// The precincts of the tile that the cut needs, each once, and which code blocks of each band.
struct Need {
  PrecinctPlace place;
  std::array<Cells, 3> blocks;  // of the whole band, not of the precinct alone
};
std::vector<Need> needs_of(const TileIndex& tile, const Cut& cut);

// Precincts whose code blocks are known, by TileIndex::slot.
using Precincts = std::unordered_map<std::uint64_t, std::shared_ptr<const Precinct>>;
// The large ones that are needed. False when one has not been read yet, so that only the source itself will do.
bool known_precincts(const TileIndex& tile, const std::vector<Need>& needs, Precincts& large);
// The rest of them, from the bytes of their packets.
base::Result<> read_precincts(const TileIndex& tile, const std::vector<Need>& needs, const base::ByteSource& bytes,
                              Precincts& precincts);
base::Result<> read_large_precincts(const TileIndex& tile, const std::vector<Need>& needs,
                                    const base::ByteSource& bytes, Precincts& large);

// The bytes that the cut needs: code blocks of the large precincts, packets of the others.
void add_ranges(const TileIndex& tile, const std::vector<Need>& needs, const Precincts& large,
                std::vector<base::ByteRange>& ranges);

// The excerpt; cut.stream's offset and length are made to fit. `bytes` holds these ranges.
base::Result<base::Bytes> write_excerpt(const TileIndex& tile, const std::vector<Need>& needs, Precincts precincts,
                                        const base::ByteSource& bytes, Cut& cut);

}  // namespace armarium::codec::jp2
