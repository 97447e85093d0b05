// What a TIFF file says about itself: XMP and IPTC as they are; the descriptive TIFF and EXIF fields are written into a small EXIF block, so that ingest/
// reads one form whatever the file is.

#include <algorithm>
#include <array>

#include <tiffio.h>

#include "codec/photoshop.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"

namespace armarium::codec {
namespace {

// ImageDescription, Make, Model, Software, DateTime, Artist, Copyright.
constexpr std::array<std::uint32_t, 7> kTextTags{270, 271, 272, 305, 306, 315, 33432};
constexpr std::size_t kMaxText = 65536;

void put16(base::Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}
void put32(base::Bytes& out, std::uint32_t value) {
  put16(out, value);
  put16(out, value >> 16);
}

struct Text {
  std::uint32_t tag;
  std::string value;
};

// A directory of ASCII fields in ascending order; `extra` is one more LONG field (tag, value) at its end, or nothing.
void put_directory(base::Bytes& out, const std::vector<Text>& fields, std::uint32_t extra_tag) {
  const std::size_t entries = fields.size() + (extra_tag != 0 ? 1 : 0);
  std::size_t data = out.size() + 2 + 12 * entries + 4;
  const std::size_t start = out.size();
  put16(out, static_cast<std::uint32_t>(entries));
  for (const Text& text : fields) {
    const std::size_t length = text.value.size() + 1;
    put16(out, text.tag);
    put16(out, 2);
    put32(out, static_cast<std::uint32_t>(length));
    if (length <= 4) {
      for (std::size_t i = 0; i < 4; ++i) out.push_back(i < text.value.size() ? static_cast<std::uint8_t>(text.value[i]) : 0);
    } else {
      put32(out, static_cast<std::uint32_t>(data));
      data += length;
    }
  }
  if (extra_tag != 0) {
    put16(out, extra_tag);
    put16(out, 4);
    put32(out, 1);
    put32(out, static_cast<std::uint32_t>(data));
  }
  out.resize(start + 2 + 12 * entries, 0);
  put32(out, 0);
  for (const Text& text : fields) {
    if (text.value.size() + 1 <= 4) continue;
    out.insert(out.end(), text.value.begin(), text.value.end());
    out.push_back(0);
  }
}

base::Bytes exif_block(TIFF* tif) {
  std::vector<Text> fields;
  for (const std::uint32_t tag : kTextTags) {
    char* text = nullptr;
    if (TIFFGetField(tif, tag, &text) == 1 && text != nullptr) fields.push_back({tag, std::string(text).substr(0, kMaxText)});
  }
  std::vector<Text> taken;
  toff_t exif = 0;
  // The directory of the picture is not needed after this one.
  if (TIFFGetField(tif, TIFFTAG_EXIFIFD, &exif) == 1 && TIFFReadEXIFDirectory(tif, exif) != 0) {
    char* text = nullptr;
    if (TIFFGetField(tif, EXIFTAG_DATETIMEORIGINAL, &text) == 1 && text != nullptr) taken.push_back({EXIFTAG_DATETIMEORIGINAL, text});
  }
  if (fields.empty() && taken.empty()) return {};
  base::Bytes out{'I', 'I', 42, 0, 8, 0, 0, 0};
  put_directory(out, fields, taken.empty() ? 0 : 34665);
  if (!taken.empty()) put_directory(out, taken, 0);
  return out;
}

base::Bytes iptc(TIFF* tif, const Limits& limits) {
  std::uint32_t count = 0;
  void* data = nullptr;
  // libtiff takes the field for 32-bit numbers and turns them round when the file's byte order is the other one.
  if (TIFFGetField(tif, TIFFTAG_RICHTIFFIPTC, &count, &data) == 1 && data != nullptr && std::uint64_t{count} * 4 <= limits.max_metadata) {
    // Written as bytes, the field arrives with one byte in each number.
    const auto* numbers = static_cast<const std::uint32_t*>(data);
    if (std::all_of(numbers, numbers + count, [](std::uint32_t number) { return number < 256; })) return {numbers, numbers + count};
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    base::Bytes out(bytes, bytes + std::size_t{count} * 4);
    if (TIFFIsByteSwapped(tif) != 0) {
      for (std::size_t i = 0; i + 4 <= out.size(); i += 4) {
        std::swap(out[i], out[i + 3]);
        std::swap(out[i + 1], out[i + 2]);
      }
    }
    return out;
  }
  if (TIFFGetField(tif, TIFFTAG_PHOTOSHOP, &count, &data) == 1 && data != nullptr && count <= limits.max_metadata) {
    const base::ByteView found = photoshop_iptc({static_cast<const std::uint8_t*>(data), count});
    return {found.begin(), found.end()};
  }
  return {};
}

}  // namespace

EmbeddedMetadata read_tiff_metadata(TiffFile& file, const Limits& limits) {
  TIFF* tif = file.handle();
  EmbeddedMetadata metadata;
  std::uint32_t count = 0;
  void* data = nullptr;
  if (TIFFGetField(tif, TIFFTAG_XMLPACKET, &count, &data) == 1 && data != nullptr && count <= limits.max_metadata) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    metadata.xmp.assign(bytes, bytes + count);
  }
  metadata.iptc = iptc(tif, limits);
  metadata.exif = exif_block(tif);
  return metadata;
}

}  // namespace armarium::codec
