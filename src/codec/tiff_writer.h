#pragma once
// TIFF files of every layout for the unit tests of this folder: libtiff writing into memory.

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tiffio.h>

#include "codec/testing.h"

namespace armarium::codec::testing {

// libtiff writing into memory.
struct Sink {
  base::Bytes bytes;
  std::uint64_t position = 0;
};

inline tmsize_t sink_read(thandle_t self, void* out, tmsize_t count) {
  auto& sink = *static_cast<Sink*>(self);
  const auto have = sink.position < sink.bytes.size() ? sink.bytes.size() - sink.position : 0;
  const auto length = std::min<std::size_t>(have, static_cast<std::size_t>(count));
  std::copy_n(sink.bytes.data() + sink.position, length, static_cast<std::uint8_t*>(out));
  sink.position += length;
  return static_cast<tmsize_t>(length);
}
inline tmsize_t sink_write(thandle_t self, void* data, tmsize_t count) {
  auto& sink = *static_cast<Sink*>(self);
  if (sink.bytes.size() < sink.position + count) sink.bytes.resize(sink.position + count);
  std::copy_n(static_cast<const std::uint8_t*>(data), count, sink.bytes.data() + sink.position);
  sink.position += count;
  return count;
}
inline toff_t sink_seek(thandle_t self, toff_t offset, int whence) {
  auto& sink = *static_cast<Sink*>(self);
  sink.position = whence == SEEK_SET   ? offset
                  : whence == SEEK_CUR ? sink.position + offset
                                       : sink.bytes.size() + offset;
  return sink.position;
}
inline int sink_close(thandle_t) { return 0; }
inline toff_t sink_size(thandle_t self) { return static_cast<Sink*>(self)->bytes.size(); }

struct Kind {
  const char* mode = "w";  // w, wb (big-endian), w8 (BigTIFF)
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint32_t tile = 0;   // 0: strips
  std::uint32_t rows = 16;  // of a strip
  bool separate = false;
  std::uint16_t photometric = PHOTOMETRIC_RGB;
  std::uint32_t subfile = 0;
  int page = -1;  // PageNumber
  int orientation = 0;
  std::uint16_t extra = EXTRASAMPLE_UNASSALPHA;
  std::uint16_t predictor = 0;  // 0: no such field
};

class Writer {
 public:
  explicit Writer(const char* mode = "w")
      : tif_(TIFFClientOpen("fixture", mode, &sink_, sink_read, sink_write, sink_seek, sink_close, sink_size, nullptr,
                            nullptr)) {}
  ~Writer() { EXPECT_EQ(tif_, nullptr); }

  void add(const image::Pixels& pixels, const Kind& kind) {
    const std::uint32_t channels = pixels.format().channels();
    TIFFSetField(tif_, TIFFTAG_IMAGEWIDTH, pixels.width());
    TIFFSetField(tif_, TIFFTAG_IMAGELENGTH, pixels.height());
    TIFFSetField(tif_, TIFFTAG_BITSPERSAMPLE, pixels.format().bits);
    TIFFSetField(tif_, TIFFTAG_SAMPLESPERPIXEL, channels);
    TIFFSetField(tif_, TIFFTAG_PHOTOMETRIC, kind.photometric);
    TIFFSetField(tif_, TIFFTAG_COMPRESSION, kind.compression);
    TIFFSetField(tif_, TIFFTAG_PLANARCONFIG, kind.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    if (pixels.format().alpha) TIFFSetField(tif_, TIFFTAG_EXTRASAMPLES, 1, &kind.extra);
    if (kind.subfile != 0) TIFFSetField(tif_, TIFFTAG_SUBFILETYPE, kind.subfile);
    if (kind.page >= 0) TIFFSetField(tif_, TIFFTAG_PAGENUMBER, kind.page, 0);
    if (kind.orientation != 0) TIFFSetField(tif_, TIFFTAG_ORIENTATION, kind.orientation);
    if (kind.predictor != 0) TIFFSetField(tif_, TIFFTAG_PREDICTOR, kind.predictor);
    if (kind.compression == COMPRESSION_JPEG) TIFFSetField(tif_, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (kind.compression == COMPRESSION_JPEG) TIFFSetField(tif_, TIFFTAG_JPEGQUALITY, 95);
    if (kind.tile != 0) {
      TIFFSetField(tif_, TIFFTAG_TILEWIDTH, kind.tile);
      TIFFSetField(tif_, TIFFTAG_TILELENGTH, kind.tile);
    } else {
      TIFFSetField(tif_, TIFFTAG_ROWSPERSTRIP, kind.rows);
    }
    if (!icc.empty()) TIFFSetField(tif_, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(icc.size()), icc.data());
    if (!description.empty()) TIFFSetField(tif_, TIFFTAG_IMAGEDESCRIPTION, description.c_str());
    for (std::uint32_t plane = 0; plane < (kind.separate ? channels : 1); ++plane) {
      if (kind.tile != 0)
        tiles(pixels, kind, plane);
      else
        rows(pixels, kind, plane);
    }
    TIFFWriteDirectory(tif_);
  }

  void announce_children(std::uint16_t count) {
    const std::vector<std::uint64_t> none(count, 0);
    TIFFSetField(tif_, TIFFTAG_SUBIFD, count, none.data());
  }

  base::Bytes take() {
    TIFFClose(tif_);
    tif_ = nullptr;
    return std::move(sink_.bytes);
  }

  TIFF* handle() { return tif_; }
  std::string icc;
  std::string description;

 private:
  // Bytes of pixels of a rectangle (repeated beyond the edge), of one plane or all.
  base::Bytes cut(const image::Pixels& pixels, image::Rect rect, bool separate, std::uint32_t plane) const {
    const std::size_t sample = pixels.format().bits / 8U;
    const std::size_t pixel = pixels.format().bytes_per_pixel();
    const std::size_t length = separate ? sample : pixel;
    base::Bytes out;
    for (std::uint32_t y = rect.y; y < rect.bottom(); ++y) {
      for (std::uint32_t x = rect.x; x < rect.right(); ++x) {
        const std::uint8_t* at = pixels.row(std::min(y, pixels.height() - 1)) +
                                 std::min(x, pixels.width() - 1) * pixel + (separate ? plane * sample : 0);
        out.insert(out.end(), at, at + length);
      }
    }
    return out;
  }

  void rows(const image::Pixels& pixels, const Kind& kind, std::uint32_t plane) {
    for (std::uint32_t y = 0; y < pixels.height(); ++y) {
      base::Bytes row = cut(pixels, {0, y, pixels.width(), 1}, kind.separate, plane);
      ASSERT_EQ(TIFFWriteScanline(tif_, row.data(), y, static_cast<std::uint16_t>(plane)), 1);
    }
  }

  void tiles(const image::Pixels& pixels, const Kind& kind, std::uint32_t plane) {
    for (std::uint32_t y = 0; y < pixels.height(); y += kind.tile) {
      for (std::uint32_t x = 0; x < pixels.width(); x += kind.tile) {
        base::Bytes tile = cut(pixels, {x, y, kind.tile, kind.tile}, kind.separate, plane);
        ASSERT_GT(TIFFWriteTile(tif_, tile.data(), x, y, 0, static_cast<std::uint16_t>(plane)), 0);
      }
    }
  }

  Sink sink_;
  TIFF* tif_;
};

inline base::Bytes written(const image::Pixels& pixels, const Kind& kind) {
  Writer writer(kind.mode);
  writer.add(pixels, kind);
  return writer.take();
}

}  // namespace armarium::codec::testing
