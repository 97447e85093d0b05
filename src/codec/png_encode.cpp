// PNG: small pictures in one piece (png_quick.h), large and bitonal ones row by row (png_strips.h).

#include <png.h>

#include <fmt/format.h>

#include "codec/png_quick.h"
#include "codec/png_strips.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

class PngEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return true; }
  std::uint32_t max_side() const noexcept override { return PNG_UINT_31_MAX; }
  std::string recipe(const EncodeOptions& options) const override {
    return fmt::format("png-{}-{}{}", png_strips_recipe(), quick_png_recipe(), options.bitonal ? "-1bit" : "");
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
    auto strips = begin_png({pixels.size(), format, {}}, options);
    if (!strips) return fail(std::move(strips.error()));
    base::Bytes out;
    out.reserve(pixels.bytes().size() / (options.bitonal ? 16 : 2) + 1024);
    if (auto added = (*strips)->add(pixels, out, cancel); !added) return fail(std::move(added.error()));
    if (auto finished = (*strips)->finish(out); !finished) return fail(std::move(finished.error()));
    return out;
  }

  bool in_strips() const noexcept override { return true; }
  Result<std::unique_ptr<StripEncoder>> begin(const StripFormat& format, const EncodeOptions& options) const override {
    return begin_png(format, options);
  }
};

}  // namespace

const Encoder& png_encoder() {
  static const PngEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
