#include "codec/jp2_excerpt.h"

#include <algorithm>

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

// ISO/IEC 15444-1, table A.2.
enum Marker : std::uint16_t {
  kSoc = 0xFF4F,
  kSiz = 0xFF51,
  kCod = 0xFF52,
  kCoc = 0xFF53,
  kSot = 0xFF90,
  kSod = 0xFF93,
  kEoc = 0xFFD9,
};

class Writer {
 public:
  void u8(std::uint32_t value) { bytes.push_back(static_cast<std::uint8_t>(value)); }
  void u16(std::uint32_t value) {
    u8(value >> 8U);
    u8(value);
  }
  void u32(std::uint32_t value) {
    u16(value >> 16U);
    u16(value);
  }
  void append(const base::Bytes& more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
  void patch_u32(std::size_t at, std::uint64_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }

  base::Bytes bytes;
};

// A.5.1
void write_size(const CodeStream& stream, Writer& out) {
  const auto count = static_cast<std::uint32_t>(stream.components.size());
  out.u16(kSiz);
  out.u16(38 + 3 * count);
  out.u16(stream.high_throughput ? stream.capabilities : 0);
  for (const std::uint32_t value : {stream.x1, stream.y1, stream.x0, stream.y0, stream.tile_width, stream.tile_height,
                                    stream.tile_x0, stream.tile_y0}) {
    out.u32(value);
  }
  out.u16(count);
  for (const Component& component : stream.components) {
    out.u8((component.bits - 1U) | (component.is_signed ? 0x80U : 0U));
    out.u8(component.dx);
    out.u8(component.dy);
  }
}

bool has_precincts(const Component& component) {
  for (std::uint32_t r = 0; r <= component.levels; ++r) {
    if (component.precinct_x[r] != 15 || component.precinct_y[r] != 15) return true;
  }
  return false;
}

// A.6.1, table A.15
void write_style(const Component& component, Writer& out) {
  out.u8(component.levels);
  out.u8(component.block_x - 2U);
  out.u8(component.block_y - 2U);
  out.u8(component.block_style);
  out.u8(component.transform);
  for (std::uint32_t r = 0; has_precincts(component) && r <= component.levels; ++r)
    out.u8(component.precinct_x[r] | component.precinct_y[r] << 4U);
}

std::uint32_t style_length(const Component& component) {
  return 5 + (has_precincts(component) ? component.levels + 1 : 0);
}

// A.6.1 and A.6.2: packets by resolution, one layer; the first component's style for all, a COC for each of the others.
void write_coding(const CodeStream& stream, Writer& out) {
  const Component& first = stream.components[0];
  out.u16(kCod);
  out.u16(7 + style_length(first));
  out.u8(has_precincts(first) ? 1 : 0);
  out.u8(static_cast<std::uint32_t>(Progression::rlcp));
  out.u16(1);
  out.u8(stream.colour_transform ? 1 : 0);
  write_style(first, out);
  for (std::uint32_t c = 1; c < stream.components.size(); ++c) {
    const Component& component = stream.components[c];
    out.u16(kCoc);
    out.u16(4 + style_length(component));
    out.u8(c);
    out.u8(has_precincts(component) ? 1 : 0);
    write_style(component, out);
  }
}

// Packets of one excerpt.
class PacketWriter {
 public:
  PacketWriter(const TileIndex& tile, const Cut& cut, Precincts precincts, const base::ByteSource& bytes,
               base::Bytes& out)
      : tile_(tile), cut_(cut), bytes_(bytes), out_(out), precincts_(std::move(precincts)) {}

  Result<> take(const std::vector<Need>& needs) {
    if (auto read = read_precincts(tile_, needs, bytes_, precincts_); !read) return read;
    for (const Need& need : needs) {
      windows_.emplace(window_key(need.place.component, need.place.resolution), need.blocks);
    }
    return {};
  }

  // B.12.1.2
  Result<> write() {
    std::size_t most = 0;
    for (const auto& resolutions : cut_.layout.components) most = std::max(most, resolutions.size());
    for (std::uint32_t r = 0; r < most; ++r) {
      for (std::uint32_t c = 0; c < cut_.layout.components.size(); ++c) {
        if (r >= cut_.layout.components[c].size()) continue;
        const Resolution& part = cut_.layout.components[c][r];
        for (std::uint64_t p = 0; p < part.precincts(); ++p) {
          if (auto written = write_packet(c, r, p); !written) return written;
        }
      }
    }
    return {};
  }

 private:
  static std::uint64_t window_key(std::uint32_t component, std::uint32_t resolution) {
    return std::uint64_t{component} << 32U | resolution;
  }

  void collect(std::uint32_t component, std::uint32_t r, std::uint64_t number) {
    included_.clear();
    const auto window = windows_.find(window_key(component, r));
    if (window == windows_.end()) return;
    const Resolution& part = cut_.layout.components[component][r];
    const Resolution& whole = tile_.layout().components[component][r];
    for (std::uint32_t b = 0; b < part.bands; ++b) {
      const Cells own = part.blocks(number, b);
      const Cells& wanted = window->second[b];
      const std::uint32_t right = std::min(own.first_x + own.across, wanted.first_x + wanted.across);
      const std::uint32_t bottom = std::min(own.first_y + own.down, wanted.first_y + wanted.down);
      for (std::uint32_t y = std::max(own.first_y, wanted.first_y); y < bottom; ++y) {
        for (std::uint32_t x = std::max(own.first_x, wanted.first_x); x < right; ++x) {
          const auto precinct = precincts_.find(whole.precinct_of(x, y));
          if (precinct == precincts_.end()) continue;
          if (const Block* block = precinct->second->find(b, x, y))
            included_.push_back({b, x, y, block, precinct->second.get()});
        }
      }
    }
  }

  Result<> write_packet(std::uint32_t component, std::uint32_t r, std::uint64_t number) {
    collect(component, r, number);
    if (auto written = write_packet_header(cut_.layout.components[component][r], number, included_, out_); !written)
      return written;
    for (const Included& each : included_) {
      const auto& pieces = each.precinct->pieces;
      for (std::uint32_t p = each.block->first; p != Piece::kNone; p = pieces[p].next) {
        const std::size_t at = out_.size();
        out_.resize(at + pieces[p].length);
        if (auto read = bytes_.read(pieces[p].offset, std::span(out_).subspan(at)); !read) return read;
      }
    }
    return {};
  }

  const TileIndex& tile_;
  const Cut& cut_;
  const base::ByteSource& bytes_;
  base::Bytes& out_;
  Precincts precincts_;
  std::unordered_map<std::uint64_t, std::array<Cells, 3>> windows_;
  std::vector<Included> included_;
};

}  // namespace

Result<base::Bytes> write_excerpt(const TileIndex& tile, const std::vector<Need>& needs, Precincts precincts,
                                  const base::ByteSource& bytes, Cut& cut) {
  Writer out;
  out.u16(kSoc);
  write_size(cut.stream, out);
  write_coding(cut.stream, out);
  out.append(cut.stream.copied);
  cut.stream.first_tile_part = out.bytes.size();
  // A.4.2
  out.u16(kSot);
  out.u16(10);
  out.u16(0);
  const std::size_t length_at = out.bytes.size();
  out.u32(0);
  out.u8(0);
  out.u8(1);
  out.append(tile.quantization());
  out.u16(kSod);
  PacketWriter packets(tile, cut, std::move(precincts), bytes, out.bytes);
  if (auto taken = packets.take(needs); !taken) return fail(std::move(taken.error()));
  if (auto written = packets.write(); !written) return fail(std::move(written.error()));
  const std::uint64_t length = out.bytes.size() - cut.stream.first_tile_part;
  if (length > 0x7FFFFFFF)
    return fail(ErrorCode::resource_limit, "The picture needs more memory than the server allows.");
  out.patch_u32(length_at, length);
  out.u16(kEoc);
  cut.stream.length = out.bytes.size();
  return std::move(out.bytes);
}

}  // namespace armarium::codec::jp2
