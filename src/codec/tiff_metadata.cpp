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
      for (std::size_t i = 0; i < 4; ++i)
        out.push_back(i < text.value.size() ? static_cast<std::uint8_t>(text.value[i]) : 0);
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
    if (TIFFGetField(tif, tag, &text) == 1 && text != nullptr)
      fields.push_back({tag, std::string(text).substr(0, kMaxText)});
  }
  std::vector<Text> taken;
  toff_t exif = 0;
  // The directory of the picture is not needed after this one.
  if (TIFFGetField(tif, TIFFTAG_EXIFIFD, &exif) == 1 && TIFFReadEXIFDirectory(tif, exif) != 0) {
    char* text = nullptr;
    if (TIFFGetField(tif, EXIFTAG_DATETIMEORIGINAL, &text) == 1 && text != nullptr)
      taken.push_back({EXIFTAG_DATETIMEORIGINAL, text});
  }
  if (fields.empty() && taken.empty()) return {};
  base::Bytes out{'I', 'I', 42, 0, 8, 0, 0, 0};
  put_directory(out, fields, taken.empty() ? 0 : 34665);
  if (!taken.empty()) put_directory(out, taken, 0);
  return out;
}

// A field of bytes; empty when it is missing or over the limit. `element` is the size in which libtiff keeps one of its numbers.
base::Bytes bytes_of(TIFF* tif, std::uint32_t tag, const Limits& limits, int& element) {
  std::uint32_t count = 0;
  void* data = nullptr;
  const TIFFField* field = TIFFFieldWithTag(tif, tag);
  element = field != nullptr ? TIFFFieldSetGetSize(field) : 0;
  if (element <= 0 || TIFFGetField(tif, tag, &count, &data) != 1 || data == nullptr) return {};
  const std::uint64_t size = std::uint64_t{count} * static_cast<unsigned>(element);
  if (size > limits.max_metadata) return {};
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  return {bytes, bytes + size};
}

base::Bytes iptc(TIFF* tif, const Limits& limits) {
  int element = 1;
  base::Bytes records = bytes_of(tif, TIFFTAG_RICHTIFFIPTC, limits, element);
  // Many writers call the records 32-bit numbers; libtiff then turns them round when the file's byte order is the other one.
  if (element == 4 && TIFFIsByteSwapped(tif) != 0) {
    for (std::size_t at = 0; at + 4 <= records.size(); at += 4)
      std::reverse(records.data() + at, records.data() + at + 4);
  }
  if (!records.empty()) return records;
  const base::Bytes resources = bytes_of(tif, TIFFTAG_PHOTOSHOP, limits, element);
  const base::ByteView found = photoshop_iptc(resources);
  return {found.begin(), found.end()};
}

}  // namespace

EmbeddedMetadata read_tiff_metadata(TiffFile& file, const Limits& limits) {
  TIFF* tif = file.handle();
  EmbeddedMetadata metadata;
  int element = 1;
  metadata.xmp = bytes_of(tif, TIFFTAG_XMLPACKET, limits, element);
  metadata.iptc = iptc(tif, limits);
  metadata.exif = exif_block(tif);
  return metadata;
}

}  // namespace armarium::codec
