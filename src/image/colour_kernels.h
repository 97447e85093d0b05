#pragma once
// Inner loops of colour conversion on rows of separate channels: luma and chroma to RGB and back, and RGB of a profile made of curves and a matrix to sRGB. In plain C++
// and for AVX2; which runs is chosen once. Rows are read and written in steps of 32 samples: buffers are padded. Pure; any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace armarium::image {

inline constexpr std::size_t kColourStep = 32;

// From samples by a curve for each channel to light, by the matrix to sRGB's light, by a table to its samples.
struct MatrixColour {
  static constexpr int kTop = 16383;
  std::array<std::array<float, 256>, 3> light{};
  std::array<float, 9> matrix{};      // row by row; light of 1 is kTop
  std::vector<std::uint8_t> encoded;  // kTop + 1 and a few to read over
};

struct ColourKernels {
  // JFIF 1.02.
  void (*to_rgb)(const std::uint8_t* luma, const std::uint8_t* cb, const std::uint8_t* cr, std::size_t count,
                 std::uint8_t* r, std::uint8_t* g, std::uint8_t* b);
  void (*to_luma)(const std::uint8_t* r, const std::uint8_t* g, const std::uint8_t* b, std::size_t count,
                  std::uint8_t* luma);
  // In place.
  void (*matrix)(const MatrixColour& colour, std::size_t count, std::uint8_t* r, std::uint8_t* g, std::uint8_t* b);
  // Three interleaved channels to rows of their own and back; exactly `count` pixels.
  void (*split)(const std::uint8_t* rgb, std::size_t count, std::uint8_t* r, std::uint8_t* g, std::uint8_t* b);
  void (*join)(const std::uint8_t* r, const std::uint8_t* g, const std::uint8_t* b, std::size_t count,
               std::uint8_t* rgb);
};

const ColourKernels& plain_colour_kernels() noexcept;
// Null where this machine has no AVX2.
const ColourKernels* avx2_colour_kernels() noexcept;
const ColourKernels& best_colour_kernels() noexcept;

}  // namespace armarium::image
