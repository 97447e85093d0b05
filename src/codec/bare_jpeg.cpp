#include <algorithm>
#include <cstring>

#include "codec/bare_file.h"
#include "codec/byte_reader.h"
#include "codec/exif.h"
#include "codec/jpeg_header.h"

// JPEG (ITU-T T.81, annex B): of the application segments JFIF, the colour profile and Adobe's colour transform stay. What follows the end of the picture goes:
// other pictures (CIPA DC-007), films, each with metadata of its own.

namespace armarium::codec {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostSegments = 200'000;
constexpr std::size_t kBuffer = 256U << 10;
constexpr std::string_view kExif = "Exif\0"sv;

class Walk {
 public:
  explicit Walk(const base::ByteSource& file) : file_(file), reader_(file), keep_(file.size()) {}

  base::Result<std::vector<base::Splice>> run() {
    std::uint16_t start = 0;
    if (!reader_.u16(start) || start != 0xFFD8) return damaged();
    keep_.range(0, 2);
    for (std::size_t count = 0; count < kMostSegments; ++count) {
      std::uint8_t marker = 0;
      if (!next_jpeg_marker(reader_, marker)) {
        // Cut off: a file that had begun its picture is given out as far as it goes.
        return in_picture_ ? keep_.done() : damaged();
      }
      const std::uint64_t begin = reader_.offset() - 2;
      if (marker == 0xD9) {
        keep_.range(begin, 2);
        return keep_.done();
      }
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
        keep_.range(begin, 2);
        continue;
      }
      if (!segment(marker, begin)) return damaged();
    }
    return damaged();
  }

 private:
  static tl::unexpected<base::Error> damaged() {
    return base::fail(base::ErrorCode::corrupt, "The JPEG file is damaged.", "its segments");
  }

  bool segment(std::uint8_t marker, std::uint64_t begin) {
    std::uint16_t length = 0;
    if (!reader_.u16(length) || length < 2 || reader_.remaining() < length - 2U) return false;
    const std::uint64_t end = begin + 2 + length;
    if (marker == 0xE1 && !oriented_) orientation(length - 2U);
    if (stays(marker, length - 2U, begin + 4)) keep_.range(begin, end - begin);
    reader_.seek(end);
    if (marker == 0xDA) {
      in_picture_ = true;
      return coded_data(end);
    }
    return true;
  }

  bool stays(std::uint8_t marker, std::size_t length, std::uint64_t body) {
    if (marker == 0xFE) return false;
    if (marker < 0xE0 || marker > 0xEF) return true;
    base::Bytes head(std::min<std::size_t>(length, 12));
    if (!file_.read(body, head)) return false;
    const std::string_view text = base::as_text(head);
    return (marker == 0xE0 && (text.starts_with("JFIF\0"sv) || text.starts_with("JFXX\0"sv))) ||
           (marker == 0xE2 && text.starts_with("ICC_PROFILE\0"sv)) || (marker == 0xEE && text.starts_with("Adobe"));
  }

  // The first EXIF block leaves its orientation behind.
  void orientation(std::size_t length) {
    base::Bytes body(length);
    if (length < 6 || !file_.read(reader_.offset(), body) || !base::as_text(body).starts_with(kExif)) return;
    oriented_ = true;
    const base::Bytes block = orientation_block(exif_orientation(base::ByteView(body).subspan(6)));
    if (block.empty()) return;
    base::Bytes segment = {0xFF, 0xE1, 0, static_cast<std::uint8_t>(block.size() + 8), 'E', 'x', 'i', 'f', 0, 0};
    segment.insert(segment.end(), block.begin(), block.end());
    keep_.bytes(std::move(segment));
  }

  // Up to the next marker that is no restart: B.1.1.5. False when it cannot be read: what was not looked at is not kept.
  bool coded_data(std::uint64_t begin) {
    base::Bytes buffer(kBuffer);
    std::uint64_t at = begin;
    bool after_ff = false;
    while (at < file_.size()) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), file_.size() - at));
      if (!file_.read(at, std::span(buffer).first(count))) return false;
      for (std::size_t i = 0; i < count; ++i) {
        if (!after_ff) {
          const void* found = std::memchr(buffer.data() + i, 0xFF, count - i);
          if (found == nullptr) break;
          i = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - buffer.data());
          after_ff = true;
          continue;
        }
        const std::uint8_t byte = buffer[i];
        if (byte == 0xFF) continue;  // fill
        after_ff = false;
        if (byte == 0 || (byte >= 0xD0 && byte <= 0xD7)) continue;
        const std::uint64_t end = at + i - 1;
        keep_.range(begin, end - begin);
        reader_.seek(end);
        return true;
      }
      at += count;
    }
    keep_.range(begin, file_.size() - begin);
    reader_.seek(file_.size());
    return true;
  }

  const base::ByteSource& file_;
  ByteReader reader_;
  Keeping keep_;
  bool oriented_ = false;
  bool in_picture_ = false;
};

}  // namespace

base::Result<std::vector<base::Splice>> bare_jpeg(const base::ByteSource& file) { return Walk(file).run(); }

}  // namespace armarium::codec
