#include "codec/jp2_tile_parts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "codec/jp2_bytes.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

// ISO/IEC 15444-1, table A.2.
enum Marker : std::uint16_t {
  kQcd = 0xFF5C,
  kQcc = 0xFF5D,
  kPlt = 0xFF58,
  kCom = 0xFF64,
  kSot = 0xFF90,
  kSod = 0xFF93,
  kEoc = 0xFFD9,
};

constexpr std::size_t kMaxTileParts = 300'000;
constexpr std::uint32_t kMaxMarkers = 20'000;
constexpr std::size_t kMaxLengths = 8'000'000;
constexpr std::size_t kMaxQuantization = std::size_t{1} << 20U;
constexpr std::uint32_t kSotLength = 12;

tl::unexpected<base::Error> damaged(std::string detail) {
  return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", std::move(detail));
}

// A.7.3: seven bits in a byte, the highest says that more follow. False when a number is cut off.
bool read_lengths(base::ByteView content, std::vector<std::uint32_t>& lengths) {
  std::uint64_t value = 0;
  bool open = false;
  for (const std::uint8_t byte : content) {
    value = value << 7U | (byte & 0x7FU);
    open = (byte & 0x80U) != 0;
    if (value > 0x7FFFFFFF) return false;
    if (open) continue;
    if (lengths.size() >= kMaxLengths) return false;
    lengths.push_back(static_cast<std::uint32_t>(value));
    value = 0;
  }
  return !open;
}

// Packet lengths may be wrong or for another part of the tile; those that add up are believed until a packet disagrees.
void check_lengths(TilePartHeader& header, std::uint64_t end) {
  if (!header.lengths) return;
  std::uint64_t sum = 0;
  bool empty = false;
  for (const std::uint32_t length : *header.lengths) {
    empty = empty || length == 0;  // a packet has a byte at least
    sum += length;
  }
  if (empty || sum != end - header.data) header.lengths.reset();
}

}  // namespace

Result<std::vector<TilePart>> find_tile_parts(const base::ByteSource& file, const CodeStream& stream) {
  std::vector<TilePart> parts;
  const std::uint64_t tiles = std::uint64_t{stream.tiles_across()} * stream.tiles_down();
  const std::uint64_t stream_end = stream.offset + stream.length;
  std::uint64_t at = stream.offset + stream.first_tile_part;
  std::array<std::uint8_t, kSotLength> bytes{};
  while (stream_end - at >= kSotLength) {
    if (auto read = file.read(at, bytes); !read) return fail(read.error());
    Cursor cursor(bytes);
    const std::uint16_t marker = cursor.u16();
    if (marker == kEoc) break;
    if (marker != kSot || cursor.u16() != 10) return damaged(fmt::format("no tile-part at {}", at));
    TilePart part;
    part.tile = cursor.u16();
    const std::uint64_t length = cursor.u32();
    part.part = cursor.u8();
    part.at = at;
    part.end = at + length;
    if (length == 0) {  // the last one, to the end of the code stream
      part.end = stream_end;
      std::array<std::uint8_t, 2> last{};
      if (auto read = file.read(stream_end - 2, last); !read) return fail(read.error());
      if (last[0] == 0xFF && last[1] == 0xD9) part.end -= 2;
    }
    if (part.tile >= tiles || part.end > stream_end || part.end < at + kSotLength + 2)
      return damaged(fmt::format("tile-part at {}", at));
    if (parts.size() >= kMaxTileParts) return damaged("too many tile-parts");
    parts.push_back(part);
    at = part.end;
    if (length == 0) break;
  }
  std::stable_sort(parts.begin(), parts.end(), [](const TilePart& a, const TilePart& b) { return a.tile < b.tile; });
  return parts;
}

Result<TilePartHeader> read_tile_part(const base::ByteSource& file, const TilePart& part) {
  TilePartHeader header;
  std::uint64_t at = part.at + kSotLength;
  for (std::uint32_t i = 0; i < kMaxMarkers; ++i) {
    std::array<std::uint8_t, 4> head{};
    if (part.end - at < 2) return damaged("tile-part header: no end");
    const std::size_t count = std::min<std::uint64_t>(4, part.end - at);
    if (auto read = file.read(at, std::span(head).first(count)); !read) return fail(read.error());
    Cursor cursor(std::span<const std::uint8_t>(head).first(count));
    const std::uint16_t marker = cursor.u16();
    if (marker == kSod) {
      header.data = at + 2;
      check_lengths(header, part.end);
      return header;
    }
    const std::uint16_t size = cursor.u16();
    if (cursor.failed() || size < 2 || std::uint64_t{size} + 2 > part.end - at)
      return damaged(fmt::format("tile-part header: marker {:04x}", marker));
    base::Bytes segment;
    if (marker == kPlt || marker == kQcd || marker == kQcc) {
      segment.resize(size + 2U);
      if (auto read = file.read(at, segment); !read) return fail(read.error());
    } else if (marker != kCom) {
      return fail(ErrorCode::unsupported, "This kind of JPEG 2000 is not supported.",
                  fmt::format("marker {:04x} in a tile-part", marker));
    }
    if (marker == kPlt) {
      if (i == 0 || !header.lengths) header.lengths.emplace();
      if (size < 3 || !read_lengths(base::ByteView(segment).subspan(5), *header.lengths))
        header.lengths->assign(1, 0);  // never adds up
    } else {
      if (header.quantization.size() > kMaxQuantization) return damaged("tile-part header: quantization");
      header.quantization.insert(header.quantization.end(), segment.begin(), segment.end());
    }
    at += std::uint64_t{size} + 2;
  }
  return damaged("tile-part header: too many markers");
}

}  // namespace armarium::codec::jp2
