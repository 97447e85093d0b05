#pragma once
// The marker segments of a JPEG stream (ITU-T T.81, B.1) up to its first scan. Internal to the jpeg_*.cpp files.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace armarium::codec {

// ITU-T T.81, table B.1.
namespace jpeg_marker {
inline constexpr std::uint8_t kStart = 0xD8;
inline constexpr std::uint8_t kEnd = 0xD9;
inline constexpr std::uint8_t kScan = 0xDA;
inline constexpr std::uint8_t kHuffmanTables = 0xC4;
inline constexpr std::uint8_t kQuantizationTables = 0xDB;
inline constexpr std::uint8_t kRestartInterval = 0xDD;
inline constexpr std::uint8_t kBaseline = 0xC0;
inline constexpr std::uint8_t kExtended = 0xC1;
}  // namespace jpeg_marker

struct JpegSegment {
  std::uint8_t marker = 0;
  std::size_t start = 0;  // of its body
  std::size_t length = 0;
  std::size_t next = 0;
};

// The marker segment at `at`; length 0 where the marker has none. False at the end or where there is no marker.
inline bool jpeg_segment_at(base::ByteView stream, std::size_t at, JpegSegment& segment) {
  while (at + 1 < stream.size() && stream[at] == 0xFF && stream[at + 1] == 0xFF) ++at;  // fill bytes
  if (at + 2 > stream.size() || stream[at] != 0xFF) return false;
  segment = {stream[at + 1], at + 2, 0, at + 2};
  if (segment.marker == jpeg_marker::kStart || segment.marker == jpeg_marker::kEnd) return true;
  if (at + 4 > stream.size()) return false;
  const std::size_t length = std::size_t{stream[at + 2]} << 8 | stream[at + 3];
  if (length < 2 || length > stream.size() - (at + 2)) return false;
  segment = {stream[at + 1], at + 4, length - 2, at + 2 + length};
  return true;
}

}  // namespace armarium::codec
