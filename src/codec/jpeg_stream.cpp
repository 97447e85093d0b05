#include "codec/jpeg_stream.h"

#include <algorithm>
#include <array>

namespace armarium::codec {
namespace {

// ITU-T T.81, table B.1.
constexpr std::uint8_t kStart = 0xD8;
constexpr std::uint8_t kEnd = 0xD9;
constexpr std::uint8_t kScan = 0xDA;
constexpr std::uint8_t kHuffmanTables = 0xC4;
constexpr std::uint8_t kQuantizationTables = 0xDB;
constexpr std::uint8_t kRestartInterval = 0xDD;
constexpr std::uint8_t kBaseline = 0xC0;
constexpr std::uint8_t kExtended = 0xC1;

// JFIF 1.02 without units and thumbnail; Adobe's marker with transform 0: the components are red, green, blue (ITU-T T.872, 6.5.3).
constexpr std::array<std::uint8_t, 18> kJfif = {0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0};
constexpr std::array<std::uint8_t, 16> kAdobeRgb = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};

struct Segment {
  std::uint8_t marker = 0;
  std::size_t start = 0;  // of its body
  std::size_t length = 0;
  std::size_t next = 0;
};

// The marker segment at `at`; length 0 where the marker has none. False at the end or where there is no marker.
bool segment_at(base::ByteView stream, std::size_t at, Segment& segment) {
  while (at + 1 < stream.size() && stream[at] == 0xFF && stream[at + 1] == 0xFF) ++at;  // fill bytes
  if (at + 2 > stream.size() || stream[at] != 0xFF) return false;
  segment = {stream[at + 1], at + 2, 0, at + 2};
  if (segment.marker == kStart || segment.marker == kEnd) return true;
  if (at + 4 > stream.size()) return false;
  const std::size_t length = std::size_t{stream[at + 2]} << 8 | stream[at + 3];
  if (length < 2 || length > stream.size() - (at + 2)) return false;
  segment = {stream[at + 1], at + 4, length - 2, at + 2 + length};
  return true;
}

// APPn and comments: colours, profiles, metadata.
bool says_something(std::uint8_t marker) { return (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE; }

bool is_other_frame(std::uint8_t marker) {
  return marker >= 0xC2 && marker <= 0xCF && marker != kHuffmanTables && marker != 0xC8 && marker != 0xCC;
}

}  // namespace

base::Bytes jpeg_head(base::ByteView tables, JpegColour colour) {
  base::Bytes head = {0xFF, kStart};
  const auto append = [&head](base::ByteView bytes) { head.insert(head.end(), bytes.begin(), bytes.end()); };
  append(colour == JpegColour::rgb ? base::ByteView(kAdobeRgb) : base::ByteView(kJfif));
  Segment segment;
  for (std::size_t at = 0; at < tables.size(); at = segment.next) {
    if (!segment_at(tables, at, segment)) return {};
    if (segment.marker == kEnd) break;
    if (segment.marker == kStart) continue;
    if (segment.marker != kHuffmanTables && segment.marker != kQuantizationTables && segment.marker != kRestartInterval)
      return {};
    append(tables.subspan(segment.start - 4, segment.length + 4));
  }
  return head;
}

base::Bytes with_profile(base::ByteView head, base::ByteView icc) {
  static constexpr std::array<std::uint8_t, 14> kSignature = {'I', 'C', 'C', '_', 'P', 'R', 'O',
                                                              'F', 'I', 'L', 'E', 0,   1,   1};
  Segment first;
  base::Bytes result(head.begin(), head.end());
  if (!segment_at(head, 2, first)) return result;
  const std::size_t length = 2 + kSignature.size() + icc.size();
  base::Bytes segment = {0xFF, 0xE2, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  segment.insert(segment.end(), kSignature.begin(), kSignature.end());
  segment.insert(segment.end(), icc.begin(), icc.end());
  result.insert(result.begin() + static_cast<std::ptrdiff_t>(first.next), segment.begin(), segment.end());
  return result;
}

bool fit_jpeg_frame(std::span<std::uint8_t> stream, std::size_t own, const JpegFrame& wanted) {
  bool framed = false;
  Segment segment;
  for (std::size_t at = 0; segment_at(stream, at, segment); at = segment.next) {
    if (segment.marker == kScan) {
      // One scan with everything in it: with several, what is cut off would stand between them.
      return framed && segment.length >= 1 && stream[segment.start] == wanted.components;
    }
    if (segment.marker == kEnd || is_other_frame(segment.marker) || (at >= own && says_something(segment.marker)))
      return false;
    if (segment.marker != kBaseline && segment.marker != kExtended) continue;
    if (framed || segment.length < 6) return false;
    std::uint8_t* frame = stream.data() + segment.start;
    const image::Size size{std::uint32_t{frame[3]} << 8 | frame[4], std::uint32_t{frame[1]} << 8 | frame[2]};
    if (frame[0] != 8 || size != wanted.stored || frame[5] != wanted.components || wanted.height == 0 ||
        wanted.height > size.height) {
      return false;
    }
    frame[1] = static_cast<std::uint8_t>(wanted.height >> 8);
    frame[2] = static_cast<std::uint8_t>(wanted.height);
    framed = true;
  }
  return false;
}

}  // namespace armarium::codec
