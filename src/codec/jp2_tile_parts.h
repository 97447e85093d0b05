#pragma once
// Where the tile-parts of a code stream lie, and what their headers say (ISO/IEC 15444-1, A.4.2 SOT, A.7 pointers). Read from hostile bytes; values; any thread.
// Errors: corrupt; unsupported (a tile with coding styles, progressions or packet headers of its own: OpenJPEG reads these from the whole file).

#include <cstdint>
#include <optional>
#include <vector>

#include "codec/jp2_header.h"

namespace armarium::codec::jp2 {

struct TilePart {
  std::uint32_t tile = 0;
  std::uint64_t at = 0;   // of SOT in the file
  std::uint64_t end = 0;  // in the file
};

// All of them, by tile. From TLM where it adds up, else by following their lengths from one to the next.
base::Result<std::vector<TilePart>> find_tile_parts(const base::ByteSource& file, const CodeStream& stream);

struct TilePartHeader {
  std::uint64_t data = 0;                             // of the first packet
  std::optional<std::vector<std::uint32_t>> lengths;  // of the packets (PLT), when they add up to the part
  base::Bytes quantization;                           // QCD and QCC as they are
};
base::Result<TilePartHeader> read_tile_part(const base::ByteSource& file, const TilePart& part);

}  // namespace armarium::codec::jp2
