#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "codec/jp2_bytes.h"
#include "codec/jp2_header.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

// ISO/IEC 15444-1, table A.2.
enum Marker : std::uint16_t {
  kSoc = 0xFF4F,
  kCap = 0xFF50,
  kSiz = 0xFF51,
  kCod = 0xFF52,
  kCoc = 0xFF53,
  kTlm = 0xFF55,
  kPrf = 0xFF56,
  kPlm = 0xFF57,
  kCpf = 0xFF59,
  kQcd = 0xFF5C,
  kQcc = 0xFF5D,
  kRgn = 0xFF5E,
  kCrg = 0xFF63,
  kCom = 0xFF64,
  kSot = 0xFF90,
  kSod = 0xFF93,
};

constexpr std::uint32_t kMaxComponents = 4096;
constexpr std::uint32_t kMaxMarkers = 20'000;
constexpr std::size_t kMaxTileLengths = 256;  // Ztlm is one byte
constexpr std::size_t kMaxCopied = std::size_t{1} << 20U;

tl::unexpected<base::Error> damaged(std::string detail) {
  return fail(ErrorCode::corrupt, "The JPEG 2000 header is damaged.", std::move(detail));
}

std::uint32_t divide_up(std::uint32_t value, std::uint32_t by) { return value / by + (value % by != 0 ? 1 : 0); }

// A.5.1
Result<> read_size(base::ByteView content, CodeStream& stream, const Limits& limits) {
  Cursor cursor(content);
  stream.capabilities = cursor.u16();
  stream.high_throughput = (stream.capabilities & 0x4000U) != 0;
  stream.x1 = cursor.u32();
  stream.y1 = cursor.u32();
  stream.x0 = cursor.u32();
  stream.y0 = cursor.u32();
  stream.tile_width = cursor.u32();
  stream.tile_height = cursor.u32();
  stream.tile_x0 = cursor.u32();
  stream.tile_y0 = cursor.u32();
  const std::uint32_t count = cursor.u16();
  if (cursor.failed()) return damaged("SIZ is too short");
  constexpr std::uint32_t kMaxSide = std::numeric_limits<std::int32_t>::max();  // what the decoders can address
  if (stream.x1 <= stream.x0 || stream.y1 <= stream.y0) return damaged("SIZ: empty image area");
  if (stream.x1 > kMaxSide || stream.y1 > kMaxSide)
    return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
  if (stream.tile_width == 0 || stream.tile_height == 0 || stream.tile_x0 > stream.x0 || stream.tile_y0 > stream.y0 ||
      std::uint64_t{stream.tile_x0} + stream.tile_width <= stream.x0 ||
      std::uint64_t{stream.tile_y0} + stream.tile_height <= stream.y0) {
    return damaged("SIZ: tiles do not cover the image area");
  }
  if (count == 0) return damaged("SIZ: no components");
  if (count > kMaxComponents)
    return fail(ErrorCode::resource_limit, "The picture has more channels than the server allows.",
                fmt::format("{} components", count));
  if (std::uint64_t{stream.tiles_across()} * stream.tiles_down() > std::min<std::uint64_t>(limits.max_tiles, 65'535)) {
    return damaged("SIZ: too many tiles");
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    Component component;
    const std::uint8_t depth = cursor.u8();
    component.bits = static_cast<std::uint8_t>((depth & 0x7FU) + 1);
    component.is_signed = (depth & 0x80U) != 0;
    component.dx = cursor.u8();
    component.dy = cursor.u8();
    if (cursor.failed() || component.dx == 0 || component.dy == 0) return damaged(fmt::format("SIZ: component {}", i));
    if (component.bits > 38) return damaged(fmt::format("SIZ: {} bits for a sample", component.bits));
    if (component.bits > 31)
      return fail(ErrorCode::unsupported, "JPEG 2000 with more than 31 bits for a sample is not supported.");
    // A component may fall between the points of a tiny image area.
    if (divide_up(stream.x1, component.dx) <= divide_up(stream.x0, component.dx) ||
        divide_up(stream.y1, component.dy) <= divide_up(stream.y0, component.dy)) {
      return damaged(fmt::format("SIZ: component {} has no samples", i));
    }
    stream.components.push_back(component);
  }
  return {};
}

// A.6.1, table A.13: what COD and COC say of one component.
Result<> read_style(Cursor& cursor, bool own_precincts, Component& component) {
  component.levels = cursor.u8();
  component.block_x = (cursor.u8() & 15U) + 2;
  component.block_y = (cursor.u8() & 15U) + 2;
  component.block_style = cursor.u8();
  component.transform = cursor.u8();
  // 15444-15, table A.4: both bits.
  if (!cursor.failed() && (component.block_style & 0xC0U) == 0xC0U) {
    return fail(ErrorCode::unsupported,
                "JPEG 2000 that mixes high-throughput and ordinary code blocks is not supported.");
  }
  if (cursor.failed() || component.levels > 32) return damaged("COD: decomposition levels");
  if (component.block_x > 10 || component.block_y > 10 || component.block_x + component.block_y > 12)
    return damaged("COD: code block size");
  for (std::uint32_t i = 0; i <= component.levels; ++i) {
    const std::uint8_t size = own_precincts ? cursor.u8() : 0xFF;
    component.precinct_x[i] = size & 15U;
    component.precinct_y[i] = size >> 4U;
    if (cursor.failed() || (i > 0 && (component.precinct_x[i] == 0 || component.precinct_y[i] == 0)))
      return damaged("COD: precincts");
  }
  return {};
}

// A.6.1
Result<> read_coding(base::ByteView content, CodeStream& stream) {
  Cursor cursor(content);
  const std::uint8_t style = cursor.u8();
  stream.packet_start_markers = (style & 2U) != 0;
  stream.packet_end_markers = (style & 4U) != 0;
  stream.progression = cursor.u8();
  stream.layers = cursor.u16();
  if (stream.layers == 0) return damaged("COD: no layers");
  const std::uint8_t transform = cursor.u8();
  stream.colour_transform = transform != 0;
  if (style > 7 || transform > 1 || stream.progression > 4) stream.divisible = false;
  Component common;
  if (auto read = read_style(cursor, (style & 1U) != 0, common); !read) return read;
  // OpenJPEG looks at this alone.
  if ((common.block_style & 0x40U) != 0) stream.high_throughput = true;
  for (Component& component : stream.components) {
    component.levels = common.levels;
    component.block_style = common.block_style;
    component.transform = common.transform;
    component.block_x = common.block_x;
    component.block_y = common.block_y;
    component.precinct_x = common.precinct_x;
    component.precinct_y = common.precinct_y;
  }
  return {};
}

// A.6.2
Result<> read_component_coding(base::ByteView content, CodeStream& stream) {
  Cursor cursor(content);
  const std::uint32_t index = stream.components.size() < 257 ? cursor.u8() : cursor.u16();
  const std::uint8_t style = cursor.u8();
  if (cursor.failed() || index >= stream.components.size()) return damaged("COC: no such component");
  Component& component = stream.components[index];
  if (auto read = read_style(cursor, (style & 1U) != 0, component); !read) return read;
  if ((component.block_style & 0x40U) != 0) stream.high_throughput = true;
  return {};
}

struct Seen {
  bool size = false;
  bool coding = false;
  bool quantization = false;
};

Result<> read_segment(std::uint16_t marker, base::ByteView content, const Limits& limits, CodeStream& stream,
                      Seen& seen) {
  if (!seen.size && marker != kSiz) return damaged("SIZ does not come first");
  switch (marker) {
    case kSiz:
      if (seen.size) return damaged("two SIZ");
      seen.size = true;
      return read_size(content, stream, limits);
    case kCap:
      // A.5.2: the highest bit of Pcap stands for part 1, so part 15 is bit 17.
      if (Cursor cursor(content); (cursor.u32() >> 17U & 1U) != 0) {
        stream.high_throughput = true;
        // 15444-15, table A.3; parts come in their order, and those below part 15 say nothing in their numbers here.
        stream.several_sets = content.size() == 6 && (cursor.u16() >> 13U & 1U) != 0;
      }
      return {};
    case kCod: seen.coding = true; return read_coding(content, stream);
    case kCoc:
      if (!seen.coding) return damaged("COC before COD");
      return read_component_coding(content, stream);
    case kQcd: seen.quantization = true; return {};
    case kQcc:
    case kTlm:
    case kPrf:
    case kPlm:
    case kCpf:
    case kCrg:
    case kCom: return {};
    case kRgn:
      stream.regions_of_interest = true;
      stream.divisible = false;
      return {};
    default: stream.divisible = false; return {};
  }
}

bool copied(std::uint16_t marker) { return marker == kCap || marker == kQcd || marker == kQcc; }
bool wanted(std::uint16_t marker) {
  return marker == kTlm || marker == kSiz || marker == kCod || marker == kCoc || copied(marker);
}

}  // namespace

std::string missing_feature(const CodeStream& stream) {
  if (stream.layers > 1) return "High-throughput JPEG 2000 with several quality layers is not supported.";
  if (stream.several_sets) return "High-throughput JPEG 2000 with several sets in a code block is not supported.";
  if (stream.regions_of_interest) return "High-throughput JPEG 2000 with regions of interest is not supported.";
  return "This kind of high-throughput JPEG 2000 is not supported.";
}

std::uint32_t CodeStream::tiles_across() const noexcept { return divide_up(x1 - tile_x0, tile_width); }
std::uint32_t CodeStream::tiles_down() const noexcept { return divide_up(y1 - tile_y0, tile_height); }

Result<CodeStream> read_code_stream(const base::ByteSource& file, std::uint64_t offset, std::uint64_t length,
                                    const Limits& limits) {
  CodeStream stream;
  stream.offset = offset;
  stream.length = length;
  std::array<std::uint8_t, 4> head{};
  if (length < 2) return damaged("no code stream");
  if (auto read = file.read(offset, std::span(head).first(2)); !read) return fail(read.error());
  if (head[0] != 0xFF || head[1] != 0x4F) return damaged("no SOC marker");

  Seen seen;
  std::uint64_t at = 2;
  for (std::uint32_t i = 0; i < kMaxMarkers; ++i) {
    if (length - at < 4) return damaged("the main header has no end");
    if (auto read = file.read(offset + at, head); !read) return fail(read.error());
    Cursor cursor(head);
    const std::uint16_t marker = cursor.u16();
    const std::uint16_t size = cursor.u16();
    if (marker == kSot) {
      if (!seen.size || !seen.coding || !seen.quantization) return damaged("the main header lacks SIZ, COD or QCD");
      stream.first_tile_part = at;
      stream.levels = 32;
      for (const Component& component : stream.components) stream.levels = std::min(stream.levels, component.levels);
      return stream;
    }
    if (marker < 0xFF00 || marker == kSod) return damaged(fmt::format("marker {:04x} in the main header", marker));
    if (size < 2 || std::uint64_t{size} + 2 > length - at) return damaged(fmt::format("marker {:04x}: length", marker));
    base::Bytes content;
    if (wanted(marker)) {
      content.resize(size - 2U);
      if (auto read = file.read(offset + at + 4, content); !read) return fail(read.error());
    }
    if (auto read = read_segment(marker, content, limits, stream, seen); !read) return fail(read.error());
    if (copied(marker)) {
      if (stream.copied.size() > kMaxCopied) return damaged("too many markers");
      stream.copied.insert(stream.copied.end(), head.begin(), head.end());
      stream.copied.insert(stream.copied.end(), content.begin(), content.end());
    }
    if (marker == kTlm) {
      if (stream.tile_lengths.size() >= kMaxTileLengths) return damaged("too many markers");
      stream.tile_lengths.push_back(std::move(content));
    }
    at += std::uint64_t{size} + 2;
  }
  return damaged("too many markers");
}

}  // namespace armarium::codec::jp2
