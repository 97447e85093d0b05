#pragma once
// Pictures for the tests of this folder and of those above it, made from a formula.

#include "image/pixels.h"

namespace armarium::image::testing {

// `sample(x, y, channel)` for every sample of an 8-bit picture.
template <class Formula>
Pixels make(Size size, PixelFormat format, Formula sample) {
  auto pixels = Pixels::allocate(size, format);
  const std::uint32_t channels = format.channels();
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      for (std::uint32_t c = 0; c < channels; ++c)
        pixels->row(y)[x * channels + c] = static_cast<std::uint8_t>(sample(x, y, c));
    }
  }
  return std::move(*pixels);
}

inline std::uint8_t at(const Pixels& pixels, std::uint32_t x, std::uint32_t y, std::uint32_t channel = 0) {
  return pixels.row(y)[x * pixels.format().channels() + channel];
}

}  // namespace armarium::image::testing
