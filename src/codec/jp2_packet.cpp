#include "codec/jp2_packet.h"

#include <bit>

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint32_t kMaxZeroPlanes = 74;
constexpr std::uint32_t kMaxPasses = 109;  // of 36 bit planes; OpenJPEG takes no more for one segment
constexpr std::uint32_t kMaxPieces = 16'000'000;

tl::unexpected<base::Error> damaged(const char* detail) {
  return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", detail);
}

// B.10.6, table B.4.
std::uint32_t read_passes(BitReader& bits) {
  if (!bits.bit()) return 1;
  if (!bits.bit()) return 2;
  if (const std::uint32_t more = bits.bits(2); more < 3) return 3 + more;
  if (const std::uint32_t more = bits.bits(5); more < 31) return 6 + more;
  return 37 + bits.bits(7);
}

void write_passes(BitWriter& bits, std::uint32_t passes) {
  if (passes == 1) {
    bits.put(false);
  } else if (passes == 2) {
    bits.put(2, 2);
  } else if (passes < 6) {
    bits.put(0b1100 | (passes - 3), 4);
  } else if (passes < 37) {
    bits.put(0b1111'00000 | (passes - 6), 9);
  } else {
    bits.put(0b1'1111'1111'0000000 | (passes - 37), 16);
  }
}

std::uint32_t floor_log2(std::uint32_t value) { return static_cast<std::uint32_t>(std::bit_width(value)) - 1; }

// How many passes the next codeword segment of a block holds (table D.9; 15444-15, B.2: one cleanup pass, then the refinement).
std::uint8_t next_limit(std::uint8_t style, std::uint8_t limit) {
  if ((style & kStyleHighThroughput) != 0) return limit == 0 ? 1 : 2;
  if ((style & kStyleTerminate) != 0) return 1;
  if ((style & kStyleBypass) != 0) {
    if (limit == 0) return 10;
    return limit == 2 ? 1 : 2;
  }
  return 255;
}

// Bytes of one packet, between its header and its end.
struct Body {
  std::size_t first_piece;
  std::uint64_t length = 0;
};

// B.10.7
Result<> read_lengths(BitReader& bits, const PacketStyle& style, std::uint8_t block_style, std::uint32_t passes,
                      Precinct& precinct, Block& block, Body& body) {
  while (bits.bit()) {
    if (++block.length_bits > 32) return damaged("packet header: Lblock");
  }
  while (passes > 0) {
    const bool starts = block.in_segment == block.limit;
    if (starts) {
      block.limit = next_limit(block_style, block.limit);
      block.in_segment = 0;
    }
    const std::uint32_t taken = std::min<std::uint32_t>(passes, block.limit - block.in_segment);
    const std::uint32_t width = block.length_bits + floor_log2(taken);
    if (width > 32) return damaged("packet header: length of a code block");
    const std::uint32_t length = bits.bits(width);
    body.length += length;
    block.in_segment = static_cast<std::uint8_t>(block.in_segment + taken);
    passes -= taken;
    if (!style.keep_pieces) continue;
    const auto index = static_cast<std::uint32_t>(precinct.pieces.size());
    if (index >= kMaxPieces) return damaged("packet header: too many pieces");
    precinct.pieces.push_back({0, length, Piece::kNone, static_cast<std::uint8_t>(taken), starts});
    if (block.last == Piece::kNone)
      block.first = index;
    else
      precinct.pieces[block.last].next = index;
    block.last = index;
  }
  return {};
}

Result<> read_block(BitReader& bits, const PacketStyle& style, std::uint8_t block_style, std::uint32_t layer,
                    Precinct& precinct, Precinct::Band& band, std::size_t index, Body& body) {
  Block& block = precinct.blocks[band.first + index];
  const auto x = static_cast<std::uint32_t>(index % band.cells.across);
  const auto y = static_cast<std::uint32_t>(index / band.cells.across);
  const bool first = block.passes == 0;
  if (first ? !band.inclusion.read(bits, x, y, layer + 1) : !bits.bit()) return {};
  if (first) {
    std::uint32_t planes = 0;
    while (!band.zero_planes.read(bits, x, y, planes + 1)) {
      if (++planes > kMaxZeroPlanes) return damaged("packet header: zero bit planes");
    }
    block.zero_planes = static_cast<std::uint8_t>(planes);
  }
  const std::uint32_t passes = read_passes(bits);
  if ((block_style & kStyleHighThroughput) != 0 && (!first || passes > 3))
    return fail(ErrorCode::unsupported, "This kind of JPEG 2000 is not supported.", "HT sets in several layers");
  if (block.passes + passes > kMaxPasses) return damaged("packet header: coding passes");
  block.passes = static_cast<std::uint8_t>(block.passes + passes);
  return read_lengths(bits, style, block_style, passes, precinct, block, body);
}

void skip_marker(Feed& feed, std::uint8_t low, std::uint64_t length) {
  if (feed.left() < length) return;
  const std::uint64_t at = feed.at();
  if (feed.next() == 0xFF && feed.next() == low)
    feed.move(at + length);
  else
    feed.move(at);
}

}  // namespace

Precinct::Precinct(const Resolution& resolution, std::uint64_t number) : band_count(resolution.bands) {
  std::size_t total = 0;
  for (std::uint32_t b = 0; b < band_count; ++b) {
    Band& band = bands[b];
    band.cells = resolution.blocks(number, b);
    band.first = total;
    total += band.cells.count();
    if (band.cells.count() == 0) continue;
    band.inclusion = TagTree(band.cells.across, band.cells.down);
    band.zero_planes = TagTree(band.cells.across, band.cells.down);
  }
  blocks.resize(total);
}

const Block* Precinct::find(std::uint32_t band, std::uint32_t x, std::uint32_t y) const {
  const Cells& cells = bands[band].cells;
  if (!cells.contains(x, y)) return nullptr;
  const Block& block = blocks[bands[band].first + std::size_t{y - cells.first_y} * cells.across + (x - cells.first_x)];
  return block.passes == 0 ? nullptr : &block;
}

void Precinct::finish() {
  for (Band& band : bands) {
    band.inclusion = {};
    band.zero_planes = {};
  }
  pieces.shrink_to_fit();
}

Result<> read_packet(Feed& feed, const PacketStyle& style, std::uint32_t component, const Resolution& resolution,
                     std::uint64_t number, std::uint32_t layer, std::unique_ptr<Precinct>& precinct) {
  if (style.start_markers) skip_marker(feed, 0x91, 6);  // A.8.1
  BitReader bits(feed);
  Body body{precinct ? precinct->pieces.size() : 0};
  if (bits.bit()) {
    if (!precinct) precinct = std::make_unique<Precinct>(resolution, number);
    for (std::uint32_t b = 0; b < precinct->band_count; ++b) {
      Precinct::Band& band = precinct->bands[b];
      const std::uint64_t count = band.cells.count();
      for (std::size_t i = 0; i < count; ++i) {
        if (auto read = read_block(bits, style, style.blocks[component], layer, *precinct, band, i, body); !read)
          return read;
        if (feed.failed()) return damaged("packet header: cut off");
      }
    }
  }
  bits.align();
  if (style.end_markers) skip_marker(feed, 0x92, 2);  // A.8.2
  std::uint64_t at = feed.at();
  feed.skip(body.length);
  if (feed.failed()) return damaged("packet: cut off");
  for (std::size_t i = body.first_piece; precinct && i < precinct->pieces.size(); ++i) {
    precinct->pieces[i].offset = at;
    at += precinct->pieces[i].length;
  }
  return {};
}

namespace {

struct Segment {
  std::uint32_t passes = 0;
  std::uint64_t length = 0;
};

void segments_of(const Precinct& precinct, const Block& block, std::vector<Segment>& segments) {
  segments.clear();
  for (std::uint32_t i = block.first; i != Piece::kNone; i = precinct.pieces[i].next) {
    const Piece& piece = precinct.pieces[i];
    if (piece.starts_segment || segments.empty()) segments.emplace_back();
    segments.back().passes += piece.passes;
    segments.back().length += piece.length;
  }
}

Result<> write_lengths(BitWriter& bits, const std::vector<Segment>& segments) {
  std::uint32_t length_bits = 3;
  for (const Segment& segment : segments) {
    const auto width = static_cast<std::uint32_t>(std::bit_width(segment.length));
    if (width > 31) return damaged("code block: too long");
    const std::uint32_t free = floor_log2(segment.passes);
    if (width > length_bits + free) length_bits = width - free;
  }
  for (std::uint32_t i = 3; i < length_bits; ++i) bits.put(true);
  bits.put(false);
  for (const Segment& segment : segments)
    bits.put(static_cast<std::uint32_t>(segment.length), length_bits + floor_log2(segment.passes));
  return {};
}

}  // namespace

Result<> write_packet_header(const Resolution& resolution, std::uint64_t number, const std::vector<Included>& included,
                             base::Bytes& out) {
  BitWriter bits(out);
  bits.put(!included.empty());
  auto at = included.begin();
  std::vector<Segment> segments;
  for (std::uint32_t b = 0; b < resolution.bands && !included.empty(); ++b) {
    const Cells cells = resolution.blocks(number, b);
    if (cells.count() == 0) continue;
    TagTree inclusion(cells.across, cells.down, 1);
    TagTree zero_planes(cells.across, cells.down);
    for (auto each = at; each != included.end() && each->band == b; ++each) {
      if (!cells.contains(each->x, each->y))
        return fail(ErrorCode::internal, "The picture could not be read.", "a code block outside its precinct");
      inclusion.lower(each->x - cells.first_x, each->y - cells.first_y, 0);
      zero_planes.lower(each->x - cells.first_x, each->y - cells.first_y, each->block->zero_planes);
    }
    for (std::uint32_t y = 0; y < cells.down; ++y) {
      for (std::uint32_t x = 0; x < cells.across; ++x) {
        inclusion.write(bits, x, y, 1);
        const bool here =
            at != included.end() && at->band == b && at->x == cells.first_x + x && at->y == cells.first_y + y;
        if (!here) continue;
        zero_planes.write(bits, x, y, at->block->zero_planes + 1U);
        write_passes(bits, at->block->passes);
        segments_of(*at->precinct, *at->block, segments);
        if (auto written = write_lengths(bits, segments); !written) return written;
        ++at;
      }
    }
  }
  bits.align();
  return {};
}

}  // namespace armarium::codec::jp2
