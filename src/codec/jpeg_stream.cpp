#include "codec/jpeg_stream.h"

#include <algorithm>
#include <array>

#include "codec/jpeg_segments.h"

namespace armarium::codec {
namespace {

using namespace jpeg_marker;  // NOLINT(google-build-using-namespace): constants of this format

// JFIF 1.02 without units and thumbnail; Adobe's marker with transform 0: the components are red, green, blue (ITU-T T.872, 6.5.3).
constexpr std::array<std::uint8_t, 18> kJfif = {0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0};
constexpr std::array<std::uint8_t, 16> kAdobeRgb = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};

using Segment = JpegSegment;

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
    if (!jpeg_segment_at(tables, at, segment)) return {};
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
  if (!jpeg_segment_at(head, 2, first)) return result;
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
  for (std::size_t at = 0; jpeg_segment_at(stream, at, segment); at = segment.next) {
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
