#include "codec/stored_picture.h"

#include <cstring>

#include "codec/jpeg_stream.h"

namespace armarium::codec {
namespace {

std::uint32_t little(const std::uint8_t* at, int bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= std::uint32_t{at[i]} << (8 * i);
  return value;
}

// WebP Container Specification; VP8 frame header (RFC 6386, 9.1), VP8L image header, VP8X canvas.
image::Size webp_size(base::ByteView file) {
  if (file.size() < 30 || std::memcmp(file.data(), "RIFF", 4) != 0 || std::memcmp(file.data() + 8, "WEBPVP8", 7) != 0)
    return {};
  const std::uint8_t* body = file.data() + 20;
  switch (file[15]) {
    case ' ':
      if (body[3] != 0x9D || body[4] != 0x01 || body[5] != 0x2A) return {};
      return {little(body + 6, 2) & 0x3FFF, little(body + 8, 2) & 0x3FFF};
    case 'L': {
      if (body[0] != 0x2F) return {};
      const std::uint32_t bits = little(body + 1, 4);
      return {(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
    }
    case 'X': {
      constexpr std::uint8_t kMetadata = 0x08 | 0x04;  // EXIF, XMP: not to be published along with a tile
      if ((body[0] & kMetadata) != 0) return {};
      return {little(body + 4, 3) + 1, little(body + 7, 3) + 1};
    }
    default: return {};
  }
}

}  // namespace

bool complete(const StoredPicture& what, std::span<std::uint8_t> picture) {
  if (what.format == Format::webp) return what.wanted == what.stored && webp_size(picture) == what.stored;
  if (what.format != Format::jpeg) return false;
  // Cut by coefficients, the frame stays as it is until then.
  const std::uint32_t height = what.narrower() ? what.stored.height : what.wanted.height;
  return fit_jpeg_frame(picture, what.head->size(), {what.stored, what.components, height});
}

base::Result<base::Bytes> crop(const StoredPicture& what, base::ByteView picture) {
  if (what.format != Format::jpeg)
    return base::fail(base::ErrorCode::unsupported, "This kind of tile cannot be cut without decoding.");
  return crop_jpeg(picture, what.wanted);
}

}  // namespace armarium::codec
