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
    best_colour_kernels().split(rgb, width_, channel(0), channel(1), channel(2));
  }
  void store(std::uint8_t* rgb) noexcept {
    best_colour_kernels().join(channel(0), channel(1), channel(2), width_, rgb);
  }

 private:
  std::size_t width_;
  std::vector<std::uint8_t> samples_;
};

}  // namespace armarium::image
