// WebP by libwebp, lossy with lossless alpha.

#include <webp/encode.h>

#include <fmt/format.h>

#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kMethod = 2;  // 0 (fast) to 6

struct Work {
  Work() {
    good = WebPPictureInit(&picture) != 0;
    WebPMemoryWriterInit(&writer);
  }
  ~Work() {
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&writer);
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  WebPPicture picture;
  WebPMemoryWriter writer;
  bool good = false;
};

int progressed(int, const WebPPicture* picture) {
  return static_cast<const base::CancelToken*>(picture->user_data)->stop_requested() ? 0 : 1;
}

// libwebp wants three or four channels.
bool import(WebPPicture& picture, const image::Pixels& pixels) {
  const image::PixelFormat& format = pixels.format();
  const auto stride = static_cast<int>(pixels.stride());
  if (format.model == image::ColourModel::rgb) {
    return (format.alpha ? WebPPictureImportRGBA(&picture, pixels.row(0), stride)
                         : WebPPictureImportRGB(&picture, pixels.row(0), stride)) != 0;
  }
  const std::size_t channels = format.alpha ? 4 : 3;
  base::Bytes wide(pixels.size().area() * channels);
  std::uint8_t* out = wide.data();
  for (std::uint32_t y = 0; y < pixels.height(); ++y) {
    const std::uint8_t* row = pixels.row(y);
    for (std::uint32_t x = 0; x < pixels.width(); ++x) {
      for (int c = 0; c < 3; ++c) *out++ = *row;
      ++row;
      if (format.alpha) *out++ = *row++;
    }
  }
  const auto wide_stride = static_cast<int>(pixels.width() * channels);
  return (format.alpha ? WebPPictureImportRGBA(&picture, wide.data(), wide_stride)
                       : WebPPictureImportRGB(&picture, wide.data(), wide_stride)) != 0;
}

class WebpEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return true; }
  std::uint32_t max_side() const noexcept override { return WEBP_MAX_DIMENSION; }
  std::string recipe(const EncodeOptions& options) const override {
    return fmt::format("webp-{:x}-q{}-m{}", WebPGetEncoderVersion(), options.quality, kMethod);
  }

  Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                             const base::CancelToken& cancel) const override {
    const image::PixelFormat& format = pixels.format();
    if (format.bits != 8 || (format.model != image::ColourModel::grey && format.model != image::ColourModel::rgb)) {
      return fail(ErrorCode::internal, "The picture could not be written.", "WebP takes 8-bit grey or RGB");
    }
    if (pixels.width() > max_side() || pixels.height() > max_side()) {
      return fail(ErrorCode::over_limit, "A WebP file can be no larger than 16383 pixels on a side.");
    }
    if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
    WebPConfig config;
    Work work;
    if (!work.good || WebPConfigInit(&config) == 0)
      return fail(ErrorCode::internal, "The picture could not be written.", "libwebp does not fit");
    config.quality = static_cast<float>(options.quality);
    config.method = kMethod;
    work.picture.width = static_cast<int>(pixels.width());
    work.picture.height = static_cast<int>(pixels.height());
    work.picture.writer = WebPMemoryWrite;
    work.picture.custom_ptr = &work.writer;
    work.picture.progress_hook = progressed;
    work.picture.user_data = const_cast<base::CancelToken*>(&cancel);
    if (!import(work.picture, pixels))
      return fail(ErrorCode::resource_limit, "There is no memory to write the picture.");
    if (WebPEncode(&config, &work.picture) == 0) {
      if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
      return fail(ErrorCode::internal, "The picture could not be written.",
                  fmt::format("libwebp error {}", static_cast<int>(work.picture.error_code)));
    }
    return base::Bytes(work.writer.mem, work.writer.mem + work.writer.size);
  }
};

}  // namespace

const Encoder& webp_encoder() {
  static const WebpEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
