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

struct PartStart {
  std::uint32_t tile = 0;
  std::uint64_t length = 0;
};

// A.4.2
Result<PartStart> read_start(const base::ByteSource& file, std::uint64_t at) {
  std::array<std::uint8_t, kSotLength> bytes{};
  if (auto read = file.read(at, bytes); !read) return fail(read.error());
  Cursor cursor(bytes);
  if (cursor.u16() != kSot || cursor.u16() != 10) return damaged(fmt::format("no tile-part at {}", at));
  PartStart start;
  start.tile = cursor.u16();
  start.length = cursor.u32();
  return start;
}

// Where the last tile-part ends: at EOC, or where the stream does.
Result<std::uint64_t> end_of_parts(const base::ByteSource& file, std::uint64_t stream_end) {
  std::array<std::uint8_t, 2> last{};
  if (auto read = file.read(stream_end - 2, last); !read) return fail(read.error());
  return last[0] == 0xFF && last[1] == 0xD9 ? stream_end - 2 : stream_end;
}

// A.7.1. Nothing when the markers are out of order or do not add up to the stream.
std::vector<TilePart> told_parts(const CodeStream& stream, std::uint64_t tiles, std::uint64_t stream_end) {
  std::vector<TilePart> parts;
  std::uint64_t at = stream.offset + stream.first_tile_part;
  std::uint32_t expected = 0;
  for (const base::Bytes& content : stream.tile_lengths) {
    Cursor cursor(content);
    const bool in_order = cursor.u8() == expected++;
    const std::uint32_t style = cursor.u8();
    const std::size_t tile_bytes = style >> 4U & 3U;
    const std::size_t length_bytes = (style & 0x40U) != 0 ? 4 : 2;
    if (!in_order || tile_bytes == 3 || cursor.left() % (tile_bytes + length_bytes) != 0) return {};
    while (cursor.left() > 0) {
      TilePart part;
      part.tile = static_cast<std::uint32_t>(tile_bytes == 0 ? parts.size() : cursor.unsigned_of(tile_bytes));
      part.at = at;
      part.end = at += cursor.unsigned_of(length_bytes);
      if (part.tile >= tiles || part.end > stream_end || part.end < part.at + kSotLength + 2) return {};
      if (parts.size() >= kMaxTileParts) return {};
      parts.push_back(part);
    }
  }
  return at == stream_end ? parts : std::vector<TilePart>();
}

Result<std::vector<TilePart>> followed_parts(const base::ByteSource& file, const CodeStream& stream,
                                             std::uint64_t tiles, std::uint64_t stream_end) {
  std::vector<TilePart> parts;
  std::uint64_t at = stream.offset + stream.first_tile_part;
  while (stream_end - at >= kSotLength) {
    auto start = read_start(file, at);
    // EOC, and something after it.
    if (!start && !parts.empty() && end_of_parts(file, at + 2) == at) break;
    if (!start) return fail(std::move(start.error()));
    // Without a length it is the last one.
    TilePart part{start->tile, at, start->length == 0 ? stream_end : at + start->length};
    if (part.tile >= tiles || part.end > stream_end || part.end < at + kSotLength + 2)
      return damaged(fmt::format("tile-part at {}", at));
    if (parts.size() >= kMaxTileParts) return damaged("too many tile-parts");
    parts.push_back(part);
    at = part.end;
  }
  return parts;
}

}  // namespace

Result<std::vector<TilePart>> find_tile_parts(const base::ByteSource& file, const CodeStream& stream) {
  const std::uint64_t tiles = std::uint64_t{stream.tiles_across()} * stream.tiles_down();
  const auto end = end_of_parts(file, stream.offset + stream.length);
  if (!end) return fail(end.error());
  std::vector<TilePart> parts = told_parts(stream, tiles, *end);
  if (parts.empty()) {
    auto followed = followed_parts(file, stream, tiles, *end);
    if (!followed) return followed;
    parts = std::move(*followed);
  }
  std::stable_sort(parts.begin(), parts.end(), [](const TilePart& a, const TilePart& b) { return a.tile < b.tile; });
  return parts;
}

Result<TilePartHeader> read_tile_part(const base::ByteSource& file, const TilePart& part) {
  TilePartHeader header;
  const auto start = read_start(file, part.at);
  if (!start) return fail(start.error());
  if (start->tile != part.tile || (start->length != 0 && start->length != part.end - part.at))
    return damaged(fmt::format("TLM names another tile-part than that at {}", part.at));
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
