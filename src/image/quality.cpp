// Grey, two values, and pictures over a background: Image API 3.0, 4.4.

#include "image/operations.h"

namespace armarium::image {
namespace {

constexpr std::uint8_t kThreshold = 128;

// ITU-R BT.601 in thousandths, rounded.
std::uint8_t luma(const std::uint8_t* rgb) noexcept {
  return static_cast<std::uint8_t>((299U * rgb[0] + 587U * rgb[1] + 114U * rgb[2] + 500U) / 1000U);
}

std::uint8_t over(std::uint8_t colour, std::uint8_t alpha, std::uint8_t background) noexcept {
  return static_cast<std::uint8_t>((colour * std::uint32_t{alpha} + background * (255U - alpha) + 127U) / 255U);
}

}  // namespace

base::Result<Pixels> to_grey(const Pixels& source) {
  if (source.format().model == ColourModel::grey) return source.copy();
  PixelFormat format = kGrey8;
  format.alpha = source.format().alpha;
  auto result = Pixels::allocate(source.size(), format);
  if (!result) return result;
  for (std::uint32_t y = 0; y < source.height(); ++y) {
    const std::uint8_t* in = source.row(y);
    std::uint8_t* out = result->row(y);
    for (std::uint32_t x = 0; x < source.width(); ++x) {
      *out++ = luma(in);
      if (format.alpha) *out++ = in[3];
      in += format.alpha ? 4 : 3;
    }
  }
  return result;
}

base::Result<Pixels> to_bitonal(const Pixels& source) {
  auto grey = to_grey(source);
  if (!grey) return grey;
  auto result = flatten(std::move(*grey), 255);
  if (!result) return result;
  for (std::uint8_t& sample : result->bytes()) sample = sample >= kThreshold ? 255 : 0;
  return result;
}

base::Result<Pixels> flatten(Pixels source, std::uint8_t background) {
  if (!source.format().alpha) return source;
  PixelFormat format = source.format();
  format.alpha = false;
  auto result = Pixels::allocate(source.size(), format);
  if (!result) return result;
  const std::uint32_t colours = format.channels();
  for (std::uint32_t y = 0; y < source.height(); ++y) {
    const std::uint8_t* in = source.row(y);
    std::uint8_t* out = result->row(y);
    for (std::uint32_t x = 0; x < source.width(); ++x) {
      const std::uint8_t alpha = in[colours];
      for (std::uint32_t c = 0; c < colours; ++c) *out++ = over(in[c], alpha, background);
      in += colours + 1;
    }
  }
  return result;
}

}  // namespace armarium::image
