// TIFF by libtiff: deflate in strips, or Group 4 for bitonal pictures. What is written while it is made is another layout: tiff_strips.h.

#include <algorithm>
#include <cstring>

#include <tiffio.h>

#include <fmt/format.h>

#include "codec/registry.h"
#include "codec/tiff_strips.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kLevel = 4;                     // deflate
constexpr std::size_t kStripBytes = 1 << 17;  // about

// What libtiff writes, in memory.
struct Sink {
  base::Bytes bytes;
  std::uint64_t position = 0;

  static tmsize_t read(thandle_t, void*, tmsize_t) { return 0; }
  static tmsize_t write(thandle_t self, void* data, tmsize_t count) {
    auto& sink = *static_cast<Sink*>(self);
    try {
      const std::uint64_t end = sink.position + static_cast<std::uint64_t>(count);
      if (sink.bytes.size() < end) sink.bytes.resize(end);
    } catch (...) {
      return -1;
    }
    std::memcpy(sink.bytes.data() + sink.position, data, static_cast<std::size_t>(count));
    sink.position += static_cast<std::uint64_t>(count);
    return count;
  }
  static toff_t seek(thandle_t self, toff_t offset, int whence) {
    auto& sink = *static_cast<Sink*>(self);
    sink.position = whence == SEEK_SET   ? offset
                    : whence == SEEK_CUR ? sink.position + offset
                                         : sink.bytes.size() + offset;
    return sink.position;
  }
  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t self) { return static_cast<Sink*>(self)->bytes.size(); }
  static int silent(TIFF*, void*, const char*, const char*, va_list) { return 1; }
};

TIFF* open(Sink& sink) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  if (options == nullptr) return nullptr;
  TIFFOpenOptionsSetErrorHandlerExtR(options, Sink::silent, nullptr);
  TIFFOpenOptionsSetWarningHandlerExtR(options, Sink::silent, nullptr);
  TIFF* tif = TIFFClientOpenExt("picture", "wm", &sink, Sink::read, Sink::write, Sink::seek, Sink::close, Sink::size,
                                nullptr, nullptr, options);
  TIFFOpenOptionsFree(options);
  return tif;
}

void describe(TIFF* tif, const image::Pixels& pixels, bool bits) {
  const image::PixelFormat& format = pixels.format();
  const bool grey = format.model == image::ColourModel::grey;
  TIFFSetField(tif, TIFFTAG_IMAGEWIDTH, pixels.width());
  TIFFSetField(tif, TIFFTAG_IMAGELENGTH, pixels.height());
  TIFFSetField(tif, TIFFTAG_BITSPERSAMPLE, bits ? 1 : 8);
  TIFFSetField(tif, TIFFTAG_SAMPLESPERPIXEL, format.channels());
  TIFFSetField(tif, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tif, TIFFTAG_PHOTOMETRIC,
               bits   ? PHOTOMETRIC_MINISWHITE
               : grey ? PHOTOMETRIC_MINISBLACK
                      : PHOTOMETRIC_RGB);
  TIFFSetField(tif, TIFFTAG_COMPRESSION, bits ? COMPRESSION_CCITTFAX4 : COMPRESSION_ADOBE_DEFLATE);
  if (!bits) {
    TIFFSetField(tif, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    TIFFSetField(tif, TIFFTAG_ZIPQUALITY, kLevel);
  }
  const std::size_t rows =
      bits ? pixels.height() : std::clamp<std::size_t>(kStripBytes / pixels.stride(), 1, pixels.height());
  TIFFSetField(tif, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(rows));
  const std::uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
  if (format.alpha) TIFFSetField(tif, TIFFTAG_EXTRASAMPLES, 1, &alpha);
}

bool write_rows(TIFF* tif, const image::Pixels& pixels, bool bits, const base::CancelToken& cancel) {
  base::Bytes row(bits ? (pixels.width() + 7) / 8 : pixels.stride());  // libtiff may change what it is given
  for (std::uint32_t y = 0; y < pixels.height(); ++y) {
    if (y % 64 == 0 && cancel.stop_requested()) return false;
    if (bits) {
      std::fill(row.begin(), row.end(), std::uint8_t{0});
      for (std::uint32_t x = 0; x < pixels.width(); ++x) {
        if (pixels.row(y)[x] < 128) row[x / 8] = static_cast<std::uint8_t>(row[x / 8] | 0x80 >> (x % 8));
      }
    } else {
      std::memcpy(row.data(), pixels.row(y), row.size());
    }
    if (TIFFWriteScanline(tif, row.data(), y, 0) != 1) return false;
  }
  return true;
}

class TiffEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return true; }
  std::uint32_t max_side() const noexcept override { return INT32_MAX; }
  std::string recipe(const EncodeOptions& options) const override {
    if (options.in_strips) return "tiff-" + tiff_strips_recipe(options);
    return fmt::format("tiff-{}-{}", TIFFLIB_VERSION, options.bitonal ? "g4" : fmt::format("z{}p2", kLevel));
  }

  Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                             const base::CancelToken& cancel) const override {
    const image::PixelFormat& format = pixels.format();
    const bool grey = format.model == image::ColourModel::grey;
    if (format.bits != 8 || (!grey && format.model != image::ColourModel::rgb)) {
      return fail(ErrorCode::internal, "The picture could not be written.", "TIFF takes 8-bit grey or RGB");
    }
    if (pixels.bytes().size() > UINT32_MAX - (64U << 20))
      return fail(ErrorCode::over_limit, "The picture is too large for a TIFF file.");
    const bool bits = options.bitonal && grey && !format.alpha;
    Sink sink;
    TIFF* tif = open(sink);
    if (tif == nullptr) return fail(ErrorCode::resource_limit, "There is no memory to write the picture.");
    describe(tif, pixels, bits);
    const bool written = write_rows(tif, pixels, bits, cancel) && TIFFWriteDirectory(tif) == 1;
    TIFFClose(tif);
    if (auto go = cancel.check(); !written && !go) return fail(std::move(go.error()));
    if (!written) return fail(ErrorCode::internal, "The picture could not be written.", "libtiff failed");
    return std::move(sink.bytes);
  }

  bool in_strips() const noexcept override { return true; }
  Result<std::unique_ptr<StripEncoder>> begin(const StripFormat& format, const EncodeOptions& options) const override {
    return begin_tiff(format, options);
  }
};

}  // namespace

const Encoder& tiff_encoder() {
  static const TiffEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
