#pragma once
// One packet of a code stream (ISO/IEC 15444-1, B.9 and B.10): its header says which bytes each code block of a precinct adds in a layer. Read from hostile bytes
// and written again with all layers in one. Values; one thread. Errors: corrupt; unsupported (high throughput in more than one layer or set).

#include <memory>
#include <vector>

#include "codec/jp2_bits.h"
#include "codec/jp2_partition.h"
#include "codec/jp2_tag_tree.h"

namespace armarium::codec::jp2 {

// Bytes that a code block gets from one packet for one of its codeword segments.
struct Piece {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  std::uint64_t offset = 0;  // in the file
  std::uint32_t length = 0;
  std::uint32_t next = kNone;  // of the same block
  std::uint8_t passes = 0;
  bool starts_segment = false;
};

struct Block {
  std::uint32_t first = Piece::kNone;  // in Precinct::pieces
  std::uint32_t last = Piece::kNone;
  std::uint8_t zero_planes = 0;
  std::uint8_t length_bits = 3;  // Lblock
  std::uint8_t passes = 0;       // of all layers so far; 0: not included
  std::uint8_t in_segment = 0;   // passes in the segment that is open
  std::uint8_t limit = 0;        // passes that it may hold
};

// What the packets of a precinct have said so far.
struct Precinct {
  struct Band {
    Cells cells;
    std::size_t first = 0;  // in `blocks`
    TagTree inclusion;
    TagTree zero_planes;
  };

  Precinct(const Resolution& resolution, std::uint64_t number);
  // Null when the precinct has no such block or it was never included.
  const Block* find(std::uint32_t band, std::uint32_t x, std::uint32_t y) const;
  // Drops what is needed for further packets only.
  void finish();

  std::uint32_t band_count = 1;
  std::array<Band, 3> bands;
  std::vector<Block> blocks;
  std::vector<Piece> pieces;
};

struct PacketStyle {
  bool start_markers = false;        // SOP may come first
  bool end_markers = false;          // EPH may follow the header
  bool keep_pieces = true;           // else lengths are added up only
  std::vector<std::uint8_t> blocks;  // code block style of each component
};

// Reads one packet header and skips to the end of the packet. `precinct` is made when the packet is the first that is not empty.
base::Result<> read_packet(Feed& feed, const PacketStyle& style, std::uint32_t component, const Resolution& resolution,
                           std::uint64_t number, std::uint32_t layer, std::unique_ptr<Precinct>& precinct);

// What a written packet holds: for each band the blocks it divides into and those that are included.
struct Included {
  std::uint32_t band = 0;
  std::uint32_t x = 0, y = 0;
  const Block* block = nullptr;
  const Precinct* precinct = nullptr;
};
// `included` in order of bands, then rows. The header goes to `out`; the bytes of the blocks follow it in this order.
base::Result<> write_packet_header(const Resolution& resolution, std::uint64_t number,
                                   const std::vector<Included>& included, base::Bytes& out);

}  // namespace armarium::codec::jp2
