#pragma once
// A few rows of separate channels, padded as colour_kernels.h asks, and the ways between them and interleaved samples. One thread.

#include <array>
#include <vector>

#include "image/colour_kernels.h"

namespace armarium::image {

class ChannelRows {
 public:
  explicit ChannelRows(std::size_t width)
      : width_(width), samples_(3 * ((width + kColourStep - 1) / kColourStep * kColourStep)) {}

  std::size_t width() const noexcept { return width_; }
  std::uint8_t* channel(std::size_t index) noexcept { return samples_.data() + index * (samples_.size() / 3); }

  void load(const std::uint8_t* rgb) noexcept {
    std::uint8_t* r = channel(0);
    std::uint8_t* g = channel(1);
    std::uint8_t* b = channel(2);
    for (std::size_t i = 0; i < width_; ++i, rgb += 3) {
      r[i] = rgb[0];
      g[i] = rgb[1];
      b[i] = rgb[2];
    }
  }
  void store(std::uint8_t* rgb) noexcept {
    const std::uint8_t* r = channel(0);
    const std::uint8_t* g = channel(1);
    const std::uint8_t* b = channel(2);
    for (std::size_t i = 0; i < width_; ++i, rgb += 3) {
      rgb[0] = r[i];
      rgb[1] = g[i];
      rgb[2] = b[i];
    }
  }

 private:
  std::size_t width_;
  std::vector<std::uint8_t> samples_;
};

}  // namespace armarium::image
