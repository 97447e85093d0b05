// GIF by giflib: one frame, a palette of its own.

#include <gif_lib.h>

#include <fmt/format.h>

#include "codec/palette.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

struct Closer {
  void operator()(GifFileType* file) const {
    int error = 0;
    EGifCloseFile(file, &error);
  }
};

int append(GifFileType* file, const GifByteType* data, int count) {
  auto* out = static_cast<base::Bytes*>(file->UserData);
  try {
    out->insert(out->end(), data, data + count);
  } catch (...) {
    return 0;
  }
  return count;
}

bool write_header(GifFileType* file, const Paletted& picture, int width, int height) {
  ColorMapObject* map = GifMakeMapObject(256, nullptr);
  if (map == nullptr) return false;
  for (std::size_t i = 0; i < picture.colours.size(); ++i) {
    map->Colors[i] = {picture.colours[i][0], picture.colours[i][1], picture.colours[i][2]};
  }
  const bool screen = EGifPutScreenDesc(file, width, height, 8, 0, map) == GIF_OK;
  GifFreeMapObject(map);
  if (!screen) return false;
  if (picture.transparent >= 0) {
    const GraphicsControlBlock control{DISPOSAL_UNSPECIFIED, false, 0, picture.transparent};
    GifByteType block[4];
    const auto length = static_cast<int>(EGifGCBToExtension(&control, block));
    if (EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, length, block) != GIF_OK) return false;
  }
  return EGifPutImageDesc(file, 0, 0, width, height, false, nullptr) == GIF_OK;
}

class GifEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return true; }
  std::uint32_t max_side() const noexcept override { return 65535; }
  std::string recipe(const EncodeOptions&) const override {
    return fmt::format("gif-{}.{}.{}-mc1", GIFLIB_MAJOR, GIFLIB_MINOR, GIFLIB_RELEASE);
  }

  Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions&,
                             const base::CancelToken& cancel) const override {
    const image::PixelFormat& format = pixels.format();
    if (format.bits != 8 || (format.model != image::ColourModel::grey && format.model != image::ColourModel::rgb)) {
      return fail(ErrorCode::internal, "The picture could not be written.", "GIF takes 8-bit grey or RGB");
    }
    if (pixels.width() > max_side() || pixels.height() > max_side()) {
      return fail(ErrorCode::over_limit, "A GIF file can be no larger than 65535 pixels on a side.");
    }
    auto picture = to_palette(pixels, cancel);
    if (!picture) return fail(std::move(picture.error()));
    base::Bytes out;
    int error = 0;
    std::unique_ptr<GifFileType, Closer> file(EGifOpen(&out, append, &error));
    if (file == nullptr) return fail(ErrorCode::resource_limit, "There is no memory to write the picture.");
    EGifSetGifVersion(file.get(), true);
    bool good = write_header(file.get(), *picture, static_cast<int>(pixels.width()), static_cast<int>(pixels.height()));
    for (std::uint32_t y = 0; good && y < pixels.height(); ++y) {
      if (auto go = cancel.check(); y % 64 == 0 && !go) return fail(std::move(go.error()));
      good = EGifPutLine(file.get(), picture->indices.data() + std::size_t{y} * pixels.width(),
                         static_cast<int>(pixels.width())) == GIF_OK;
    }
    file.reset();  // writes the trailer
    if (!good) return fail(ErrorCode::internal, "The picture could not be written.", "giflib failed");
    return out;
  }
};

}  // namespace

const Encoder& gif_encoder() {
  static const GifEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
