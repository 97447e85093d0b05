#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "codec/jp2_bytes.h"
#include "codec/jp2_header.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint32_t code(const char (&name)[5]) {
  return std::uint32_t{static_cast<std::uint8_t>(name[0])} << 24 |
         std::uint32_t{static_cast<std::uint8_t>(name[1])} << 16 |
         std::uint32_t{static_cast<std::uint8_t>(name[2])} << 8 | std::uint32_t{static_cast<std::uint8_t>(name[3])};
}

constexpr std::uint32_t kMaxBoxes = 20'000;
constexpr std::uint64_t kMaxSmallBox = std::uint64_t{4} << 20;  // palettes and channel tables

using Uuid = std::array<std::uint8_t, 16>;
constexpr Uuid kExif{'J', 'p', 'g', 'T', 'i', 'f', 'f', 'E', 'x', 'i', 'f', '-', '>', 'J', 'P', '2'};
constexpr Uuid kXmp{0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC};
constexpr Uuid kIptc{0x33, 0xC7, 0xA4, 0xD2, 0xB8, 0x1D, 0x47, 0x23, 0xA0, 0xBA, 0xF1, 0xA3, 0xE0, 0x97, 0xAD, 0x38};

struct ChannelDefinition {
  std::uint16_t channel;
  std::uint16_t type;         // 0 colour, 1 opacity, 2 premultiplied opacity
  std::uint16_t association;  // 0 the whole image, n the nth colour
};

struct Box {
  std::uint32_t type = 0;
  std::uint64_t content = 0;
  std::uint64_t end = 0;  // of the content; clipped to the file for a code stream that was cut
};

// Walks the boxes and keeps what matters. The first code stream and the first usable colour count (a JPX may hold more).
class BoxReader {
 public:
  BoxReader(const base::ByteSource& file, const Limits& limits) : file_(file), limits_(limits) { header_.boxed = true; }

  Result<Header> read() {
    const auto walked = walk(0, file_.size(), 0);
    if (!stream_found_) {
      if (!walked) return fail(walked.error());
      if (fragmented_) return fail(ErrorCode::unsupported, "JPEG 2000 files in fragments are not supported.");
      return fail(ErrorCode::corrupt, "The file holds no JPEG 2000 picture.");
    }
    // Damage after the code stream began costs metadata at most.
    auto stream = read_code_stream(file_, stream_.content, stream_.end - stream_.content, limits_);
    if (!stream) return fail(std::move(stream.error()));
    header_.stream = std::move(*stream);
    return std::move(header_);
  }
  const std::vector<Channel>& mapping() const { return mapping_; }
  const std::vector<ChannelDefinition>& definitions() const { return definitions_; }

 private:
  // I.4: length, type, perhaps the long length. Nothing when the boxes end here.
  Result<std::optional<Box>> box_at(std::uint64_t at, std::uint64_t end) {
    if (end - at < 8) return std::optional<Box>{};
    std::array<std::uint8_t, 16> bytes{};
    const std::size_t count = std::min<std::uint64_t>(16, end - at);
    if (auto read = file_.read(at, std::span(bytes).first(count)); !read) return fail(read.error());
    Cursor cursor(std::span<const std::uint8_t>(bytes).first(count));
    std::uint64_t length = cursor.u32();
    Box box;
    box.type = cursor.u32();
    std::uint64_t header = 8;
    if (length == 1) {
      length = cursor.u64();
      header = 16;
      if (cursor.failed()) return std::optional<Box>{};
    } else if (length == 0) {
      length = end - at;
    }
    if (length < header)
      return fail(ErrorCode::corrupt, "The JPEG 2000 file is damaged.",
                  fmt::format("box of {} bytes at {}", length, at));
    box.content = at + header;
    box.end = length > end - at ? end : at + length;
    return std::optional<Box>{box};
  }

  Result<> walk(std::uint64_t at, std::uint64_t end, std::uint32_t depth) {
    if (depth > std::min<std::uint32_t>(limits_.max_nesting, 16))
      return fail(ErrorCode::resource_limit, "The file is nested too deeply.");
    while (at < end) {
      if (++boxes_ > kMaxBoxes)
        return fail(ErrorCode::resource_limit, "The file has more parts than the server allows.");
      auto box = box_at(at, end);
      if (!box) return fail(box.error());
      if (!*box) return {};
      if (auto taken = take(**box, depth); !taken) return taken;
      at = (*box)->end;
    }
    return {};
  }

  Result<> take(const Box& box, std::uint32_t depth) {
    switch (box.type) {
      case code("jp2h"):
      case code("jpch"):
      case code("jplh"):
      case code("cgrp"): return walk(box.content, box.end, depth + 1);
      case code("jp2c"):
        if (!stream_found_) stream_ = box;
        stream_found_ = true;
        return {};
      case code("ftbl"): fragmented_ = true; return {};
      case code("colr"):
        return header_.space == Space::unknown ? with_content(box, limits_.max_metadata, &BoxReader::colour)
                                               : Result<>{};
      case code("pclr"): return header_.palette ? Result<>{} : with_content(box, kMaxSmallBox, &BoxReader::palette);
      case code("cmap"):
        return mapping_.empty() ? with_content(box, kMaxSmallBox, &BoxReader::component_mapping) : Result<>{};
      case code("cdef"):
        return definitions_.empty() ? with_content(box, kMaxSmallBox, &BoxReader::channel_definition) : Result<>{};
      case code("uuid"):
        // Too much metadata is passed over: it costs no pixel.
        return box.end - box.content <= limits_.max_metadata + 16
                   ? with_content(box, limits_.max_metadata + 16, &BoxReader::uuid)
                   : Result<>{};
      default: return {};
    }
  }

  Result<> with_content(const Box& box, std::uint64_t limit, Result<> (BoxReader::*reader)(base::ByteView)) {
    const std::uint64_t length = box.end - box.content;
    if (length > limit) return fail(ErrorCode::resource_limit, "The file's header is larger than the server allows.");
    base::Bytes bytes(length);
    if (auto read = file_.read(box.content, bytes); !read) return fail(read.error());
    return (this->*reader)(bytes);
  }

  // I.5.3.3; 15444-2, M.11.7.3 for the methods and spaces of JPX.
  Result<> colour(base::ByteView content) {
    Cursor cursor(content);
    const std::uint8_t method = cursor.u8();
    cursor.u16();  // precedence, approximation
    if (method == 2 || method == 3) {
      if (cursor.left() < 128) return {};
      const base::ByteView profile = cursor.rest();
      header_.icc = std::make_shared<const base::Bytes>(profile.begin(), profile.end());
      header_.space = Space::profile;
      return {};
    }
    if (method != 1) return {};
    switch (cursor.u32()) {
      case 12: header_.space = Space::cmyk; break;
      case 14:
        header_.space = Space::lab;
        lab_scale(cursor);
        break;
      case 16: header_.space = Space::srgb; break;
      case 17: header_.space = Space::grey; break;
      case 18: header_.space = Space::sycc; break;
      default: break;
    }
    return {};
  }

  void lab_scale(Cursor& cursor) {
    LabScale scale;
    for (std::size_t i = 0; i < 3; ++i) {
      scale.range[i] = cursor.u32();
      scale.offset[i] = cursor.u32();
    }
    if (!cursor.failed()) header_.lab = scale;
  }

  // I.5.3.4
  Result<> palette(base::ByteView content) {
    Cursor cursor(content);
    Palette palette;
    palette.entries = cursor.u16();
    const std::uint8_t columns = cursor.u8();
    if (palette.entries == 0 || palette.entries > 1024 || columns == 0)
      return fail(ErrorCode::corrupt, "The JPEG 2000 palette is damaged.");
    std::vector<bool> is_signed;
    for (std::uint32_t i = 0; i < columns; ++i) {
      const std::uint8_t depth = cursor.u8();
      palette.bits.push_back(static_cast<std::uint8_t>((depth & 0x7FU) + 1));
      is_signed.push_back((depth & 0x80U) != 0);
      if (palette.bits.back() > 32) return fail(ErrorCode::corrupt, "The JPEG 2000 palette is damaged.");
    }
    palette.values.reserve(std::size_t{palette.entries} * columns);
    for (std::uint32_t i = 0; i < palette.entries * columns; ++i) {
      const std::uint8_t bits = palette.bits[i % columns];
      auto value = static_cast<std::uint32_t>(cursor.unsigned_of((bits + 7U) / 8U));
      const std::uint32_t mask = bits == 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << bits) - 1;
      if (is_signed[i % columns]) value += std::uint32_t{1} << (bits - 1U);
      palette.values.push_back(value & mask);
    }
    if (cursor.failed()) return fail(ErrorCode::corrupt, "The JPEG 2000 palette is damaged.");
    header_.palette = std::move(palette);
    return {};
  }

  // I.5.3.5
  Result<> component_mapping(base::ByteView content) {
    Cursor cursor(content);
    while (cursor.left() >= 4 && mapping_.size() < 255) {
      Channel channel;
      channel.component = cursor.u16();
      const std::uint8_t type = cursor.u8();
      const std::uint8_t column = cursor.u8();
      if (type == 1) channel.column = column;
      mapping_.push_back(channel);
    }
    return {};
  }

  // I.5.3.6
  Result<> channel_definition(base::ByteView content) {
    Cursor cursor(content);
    const std::uint16_t count = cursor.u16();
    for (std::uint32_t i = 0; i < count && cursor.left() >= 6; ++i) {
      ChannelDefinition definition{};
      definition.channel = cursor.u16();
      definition.type = cursor.u16();
      definition.association = cursor.u16();
      definitions_.push_back(definition);
    }
    return {};
  }

  Result<> uuid(base::ByteView content) {
    if (content.size() < 16) return {};
    const base::ByteView body = content.subspan(16);
    auto is = [&](const Uuid& id) { return std::memcmp(content.data(), id.data(), id.size()) == 0; };
    auto keep = [&](base::Bytes& into) {
      if (into.empty()) into.assign(body.begin(), body.end());
    };
    if (is(kExif)) keep(header_.metadata.exif);
    if (is(kXmp)) keep(header_.metadata.xmp);
    if (is(kIptc)) keep(header_.metadata.iptc);
    return {};
  }

  const base::ByteSource& file_;
  const Limits& limits_;
  Header header_;
  Box stream_;
  bool stream_found_ = false;
  bool fragmented_ = false;
  std::uint32_t boxes_ = 0;
  std::vector<Channel> mapping_;
  std::vector<ChannelDefinition> definitions_;
};

// ICC.1:2010, 7.2.6: the colour space of a profile's data. Others than these four cannot be shown: the profile is dropped.
std::size_t profile_colours(const base::Bytes& profile) {
  const std::string_view space = base::as_text(profile).substr(16, 4);
  if (space == "GRAY") return 1;
  if (space == "RGB " || space == "Lab ") return 3;
  if (space == "CMYK") return 4;
  return 0;
}

std::size_t colours_of(Header& header, std::size_t available) {
  std::size_t wanted = 0;
  if (header.space == Space::profile) wanted = profile_colours(*header.icc);
  if (header.space == Space::grey) wanted = 1;
  if (header.space == Space::srgb || header.space == Space::sycc || header.space == Space::lab) wanted = 3;
  if (header.space == Space::cmyk) wanted = 4;
  if (wanted != 0 && wanted <= available) return wanted;
  header.space = Space::unknown;
  header.icc = std::make_shared<const base::Bytes>();
  return available >= 3 ? 3 : 1;
}

// The channels in colour order, and the opacity. A bare code stream says nothing: a second or fourth component is taken for opacity,
// as other readers do.
Result<> settle_channels(Header& header, std::vector<Channel> mapping,
                         const std::vector<ChannelDefinition>& definitions) {
  const std::size_t components = header.stream.components.size();
  if (!header.palette || mapping.empty()) {
    mapping.clear();
    const std::size_t count = header.palette ? header.palette->bits.size() : components;
    for (std::size_t i = 0; i < count; ++i) {
      Channel channel;
      if (header.palette)
        channel.column = static_cast<std::uint8_t>(i);
      else
        channel.component = static_cast<std::uint16_t>(i);
      mapping.push_back(channel);
    }
  }
  for (const Channel& channel : mapping) {
    if (channel.component >= components || (channel.column && *channel.column >= header.palette->bits.size())) {
      return fail(ErrorCode::corrupt, "The JPEG 2000 palette is damaged.", "cmap points at nothing");
    }
  }
  std::vector<std::optional<Channel>> ordered(mapping.size());
  bool known = false;
  for (const ChannelDefinition& definition : definitions) {
    if (definition.channel >= mapping.size()) continue;
    const Channel& channel = mapping[definition.channel];
    if (definition.type == 0 && definition.association >= 1 && definition.association <= ordered.size()) {
      ordered[definition.association - 1U] = channel;
      known = true;
    } else if ((definition.type == 1 || definition.type == 2) && !header.alpha) {
      header.alpha = channel;
      header.premultiplied = definition.type == 2;
    }
  }
  for (std::size_t i = 0; i < mapping.size() && (!known || ordered[i].has_value()); ++i) {
    header.channels.push_back(known ? *ordered[i] : mapping[i]);
  }
  if (!known && header.alpha && header.channels.size() > 1) header.channels.pop_back();
  if (header.channels.empty()) return fail(ErrorCode::corrupt, "The JPEG 2000 channels are damaged.");
  if (!header.boxed && (mapping.size() == 2 || mapping.size() == 4)) header.alpha = mapping.back();
  header.channels.resize(colours_of(header, header.channels.size()));
  return {};
}

}  // namespace

Result<Header> read_header(const base::ByteSource& file, const Limits& limits) {
  std::array<std::uint8_t, 4> head{};
  if (auto read = file.read(0, head); !read) return fail(read.error());
  Header header;
  std::vector<Channel> mapping;
  std::vector<ChannelDefinition> definitions;
  if (head[0] == 0xFF && head[1] == 0x4F) {
    auto stream = read_code_stream(file, 0, file.size(), limits);
    if (!stream) return fail(std::move(stream.error()));
    header.stream = std::move(*stream);
  } else {
    BoxReader reader(file, limits);
    auto read = reader.read();
    if (!read) return fail(std::move(read.error()));
    header = std::move(*read);
    mapping = reader.mapping();
    definitions = reader.definitions();
  }
  if (!header.icc) header.icc = std::make_shared<const base::Bytes>();
  if (auto settled = settle_channels(header, std::move(mapping), definitions); !settled)
    return fail(std::move(settled.error()));
  return header;
}

}  // namespace armarium::codec::jp2
