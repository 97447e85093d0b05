// PNG: small pictures in one piece (png_quick.h), large and bitonal ones by libpng row by row, set for speed: one filter, a low compression level.

#include <csetjmp>
#include <cstring>

#include <png.h>

#include <fmt/format.h>

#include "codec/png_quick.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kLevel = 2;

struct Writing {
  ~Writing() { png_destroy_write_struct(&png, &info); }

  png_structp png = nullptr;
  png_infop info = nullptr;
  const image::Pixels* pixels = nullptr;
  base::Bytes out;
  base::Bytes packed;  // one row of bits
  const base::CancelToken* cancel = nullptr;
  int colour = PNG_COLOR_TYPE_RGB;
  bool bits = false;
  char message[128] = {};
};

extern "C" void png_encode_failed(png_structp png, png_const_charp message) {
  auto* writing = static_cast<Writing*>(png_get_error_ptr(png));
  std::strncpy(writing->message, message, sizeof writing->message - 1);
  png_longjmp(png, 1);
}

extern "C" void png_encode_warned(png_structp, png_const_charp) {}

extern "C" void png_encode_write(png_structp png, png_bytep data, std::size_t length) {
  auto* writing = static_cast<Writing*>(png_get_io_ptr(png));
  bool stored = true;
  try {
    writing->out.insert(writing->out.end(), data, data + length);
  } catch (...) {
    stored = false;
  }
  if (!stored) png_error(png, "no memory");
}

extern "C" void png_encode_flush(png_structp) {}

void pack(const std::uint8_t* row, std::uint8_t* out, std::size_t width) {
  std::memset(out, 0, (width + 7) / 8);
  for (std::size_t x = 0; x < width; ++x) {
    if (row[x] >= 128) out[x / 8] = static_cast<std::uint8_t>(out[x / 8] | 0x80 >> (x % 8));
  }
}

// No object with a destructor lives in this function: libpng leaves it by longjmp.
bool write_all(Writing* writing) {
  if (setjmp(png_jmpbuf(writing->png)) != 0) return false;
  png_structp png = writing->png;
  const image::Pixels* pixels = writing->pixels;
  png_set_compression_level(png, kLevel);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, writing->bits ? PNG_FILTER_NONE : PNG_FILTER_SUB);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png, writing->info, pixels->width(), pixels->height(), writing->bits ? 1 : 8, writing->colour,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, writing->info);
  for (png_uint_32 y = 0; y < pixels->height(); ++y) {
    if (y % 64 == 0 && writing->cancel->stop_requested()) return false;
    if (writing->bits) {
      pack(pixels->row(y), writing->packed.data(), pixels->width());
      png_write_row(png, writing->packed.data());
    } else {
      png_write_row(png, const_cast<png_bytep>(pixels->row(y)));
    }
  }
  png_write_end(png, nullptr);
  return true;
}

class PngEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return true; }
  std::uint32_t max_side() const noexcept override { return PNG_UINT_31_MAX; }
  std::string recipe(const EncodeOptions& options) const override {
    return fmt::format("png-{}-z{}-{}{}", PNG_LIBPNG_VER_STRING, kLevel, quick_png_recipe(),
                       options.bitonal ? "-1bit" : "");
  }

  Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                             const base::CancelToken& cancel) const override {
    const image::PixelFormat& format = pixels.format();
    const bool grey = format.model == image::ColourModel::grey;
    if (format.bits != 8 || (!grey && format.model != image::ColourModel::rgb)) {
      return fail(ErrorCode::internal, "The picture could not be written.", "PNG takes 8-bit grey or RGB");
    }
    if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
    if (!options.bitonal) {
      if (auto quick = quick_png(pixels)) return std::move(*quick);
    }
    Writing writing;
    writing.pixels = &pixels;
    writing.cancel = &cancel;
    writing.bits = options.bitonal && grey && !format.alpha;
    writing.colour = (grey ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB) | (format.alpha ? PNG_COLOR_MASK_ALPHA : 0);
    writing.packed.resize(writing.bits ? (pixels.width() + 7) / 8 : 0);
    writing.out.reserve(pixels.bytes().size() / (writing.bits ? 16 : 2) + 1024);
    writing.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writing, png_encode_failed, png_encode_warned);
    if (writing.png != nullptr) writing.info = png_create_info_struct(writing.png);
    if (writing.info == nullptr) return fail(ErrorCode::resource_limit, "There is no memory to write the picture.");
    png_set_write_fn(writing.png, &writing, png_encode_write, png_encode_flush);
    if (!write_all(&writing)) {
      if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
      return fail(ErrorCode::internal, "The picture could not be written.", writing.message);
    }
    return std::move(writing.out);
  }
};

}  // namespace

const Encoder& png_encoder() {
  static const PngEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
