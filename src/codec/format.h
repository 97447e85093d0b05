#pragma once
// The formats that Armarium reads or writes, with their names, endings and media types in one table, and the sniff table that tells a file by its
// first bytes, never by its name. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace armarium::codec {

enum class Format : std::uint8_t {
  unknown,
  jpeg,
  tiff,
  jp2,
  png,
  webp,
  gif,
  avif,
  heic,
  jxl,
  pdf,
  svg,
  bmp,
  fits,
  openexr,
  hdr,
  pnm,
  other,
};

struct FormatInfo {
  Format format;
  std::string_view name;        // "jpeg", as logs and the store spell it
  std::string_view extension;   // as the Image API spells it ("jpg", "tif"); empty when no output format
  std::string_view media_type;  // "image/jpeg"
  std::string_view label;       // for people: "JPEG 2000"
};

const FormatInfo& info(Format format) noexcept;
std::optional<Format> by_name(std::string_view name) noexcept;            // "jpeg"
std::optional<Format> by_extension(std::string_view extension) noexcept;  // output formats only: "jpg"

// How many bytes of the front of a file the sniffers want at most.
inline constexpr std::size_t kSniffBytes = 4096;
// The format by content; unknown when nothing matches. HTJ2K and JPEG 2000 code streams, with or without boxes, are jp2.
Format sniff(base::ByteView head) noexcept;

}  // namespace armarium::codec
