#include "codec/png_strips.h"

#include <csetjmp>
#include <cstring>

#include <png.h>

#include <fmt/format.h>

#include "codec/bits.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kLevel = 2;

struct Writing {
  Writing() = default;
  ~Writing() { png_destroy_write_struct(&png, &info); }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

  png_structp png = nullptr;
  png_infop info = nullptr;
  base::Bytes* out = nullptr;
  char message[128] = {};
};

extern "C" void png_strips_failed(png_structp png, png_const_charp message) {
  auto* writing = static_cast<Writing*>(png_get_error_ptr(png));
  std::strncpy(writing->message, message, sizeof writing->message - 1);
  png_longjmp(png, 1);
}

extern "C" void png_strips_warned(png_structp, png_const_charp) {}

extern "C" void png_strips_write(png_structp png, png_bytep data, std::size_t length) {
  auto* writing = static_cast<Writing*>(png_get_io_ptr(png));
  bool stored = true;
  try {
    writing->out->insert(writing->out->end(), data, data + length);
  } catch (...) {
    stored = false;
  }
  if (!stored) png_error(png, "no memory");
}

extern "C" void png_strips_flush(png_structp) {}

class PngStrips final : public StripEncoder {
 public:
  PngStrips(const StripFormat& format, bool bits) : StripEncoder(format), bits_(bits) {
    const bool grey = format.pixels.model == image::ColourModel::grey;
    colour_ = (grey ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB) | (format.pixels.alpha ? PNG_COLOR_MASK_ALPHA : 0);
    packed_.resize(bits ? packed_length(format.size.width) : 0);
    writing_.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writing_, png_strips_failed, png_strips_warned);
    if (writing_.png != nullptr) writing_.info = png_create_info_struct(writing_.png);
    if (writing_.info != nullptr) png_set_write_fn(writing_.png, &writing_, png_strips_write, png_strips_flush);
  }
  bool ready() const noexcept { return writing_.info != nullptr; }

 private:
  Result<> write(const image::Pixels& strip, base::Bytes& out, const base::CancelToken& cancel) override {
    writing_.out = &out;
    const bool good = run(strip, cancel);
    writing_.out = nullptr;
    return good ? Result<>() : why(cancel);
  }
  Result<> end(base::Bytes& out) override {
    writing_.out = &out;
    const bool good = run_end();
    writing_.out = nullptr;
    return good ? Result<>() : why({});
  }
  Result<> why(const base::CancelToken& cancel) const {
    if (auto go = cancel.check(); !go) return go;
    return fail(ErrorCode::internal, "The picture could not be written.", writing_.message);
  }

  // From here on no object with a destructor: libpng leaves these by longjmp.
  void prepare() {
    if (started_) return;
    png_structp png = writing_.png;
    png_set_compression_level(png, kLevel);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, bits_ ? PNG_FILTER_NONE : PNG_FILTER_SUB);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(png, writing_.info, format().size.width, format().size.height, bits_ ? 1 : 8, colour_,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, writing_.info);
    started_ = true;
  }
  bool run(const image::Pixels& strip, const base::CancelToken& cancel) {
    if (setjmp(png_jmpbuf(writing_.png)) != 0) return false;
    prepare();
    for (png_uint_32 y = 0; y < strip.height(); ++y) {
      if (cancel.stop_requested()) return false;
      if (bits_) {
        pack_bits(strip.row(y), packed_.data(), strip.width());
        png_write_row(writing_.png, packed_.data());
      } else {
        png_write_row(writing_.png, const_cast<png_bytep>(strip.row(y)));
      }
    }
    return true;
  }
  bool run_end() {
    if (setjmp(png_jmpbuf(writing_.png)) != 0) return false;
    png_write_end(writing_.png, nullptr);
    return true;
  }

  Writing writing_;
  base::Bytes packed_;  // one row of bits
  int colour_ = PNG_COLOR_TYPE_RGB;
  bool bits_;
  bool started_ = false;
};

}  // namespace

Result<std::unique_ptr<StripEncoder>> begin_png(const StripFormat& format, const EncodeOptions& options) {
  const bool grey = format.pixels.model == image::ColourModel::grey;
  if (format.pixels.bits != 8 || !format.planes.none() || (!grey && format.pixels.model != image::ColourModel::rgb))
    return fail(ErrorCode::internal, "The picture could not be written.", "PNG takes 8-bit grey or RGB");
  auto strips = std::make_unique<PngStrips>(format, options.bitonal && grey && !format.pixels.alpha);
  if (!strips->ready()) return fail(ErrorCode::resource_limit, "There is no memory to write the picture.");
  return strips;
}

std::string png_strips_recipe() { return fmt::format("{}-z{}", PNG_LIBPNG_VER_STRING, kLevel); }

}  // namespace armarium::codec
