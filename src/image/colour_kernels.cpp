#include "image/colour_kernels.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace armarium::image {
namespace {

constexpr int kHalf = 1 << 15;

inline __attribute__((always_inline)) std::uint8_t byte(int value) noexcept {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

// The bodies, which each unit's compiler makes vectors of.
inline __attribute__((always_inline)) void rgb_row(const std::uint8_t* luma, const std::uint8_t* cb,
                                                   const std::uint8_t* cr, std::size_t count, std::uint8_t* r,
                                                   std::uint8_t* g, std::uint8_t* b) noexcept {
  for (std::size_t start = 0; start < count; start += kColourStep) {
    for (std::size_t i = start; i < start + kColourStep; ++i) {
      const int y = luma[i];
      const int blue = cb[i] - 128;
      const int red = cr[i] - 128;
      r[i] = byte(y + ((91881 * red + kHalf) >> 16));
      g[i] = byte(y + ((-22554 * blue - 46802 * red + kHalf) >> 16));
      b[i] = byte(y + ((116130 * blue + kHalf) >> 16));
    }
  }
}

inline __attribute__((always_inline)) void luma_row(const std::uint8_t* r, const std::uint8_t* g, const std::uint8_t* b,
                                                    std::size_t count, std::uint8_t* luma) noexcept {
  for (std::size_t start = 0; start < count; start += kColourStep) {
    for (std::size_t i = start; i < start + kColourStep; ++i)
      luma[i] = static_cast<std::uint8_t>((19595 * r[i] + 38470 * g[i] + 7471 * b[i] + kHalf) >> 16);
  }
}

void plain_to_rgb(const std::uint8_t* luma, const std::uint8_t* cb, const std::uint8_t* cr, std::size_t count,
                  std::uint8_t* r, std::uint8_t* g, std::uint8_t* b) {
  rgb_row(luma, cb, cr, count, r, g, b);
}

void plain_to_luma(const std::uint8_t* r, const std::uint8_t* g, const std::uint8_t* b, std::size_t count,
                   std::uint8_t* luma) {
  luma_row(r, g, b, count, luma);
}

void plain_matrix(const MatrixColour& colour, std::size_t count, std::uint8_t* r, std::uint8_t* g, std::uint8_t* b) {
  const float* m = colour.matrix.data();
  for (std::size_t i = 0; i < count; ++i) {
    const float red = colour.light[0][r[i]];
    const float green = colour.light[1][g[i]];
    const float blue = colour.light[2][b[i]];
    const auto encode = [&](const float* row) {
      const float light = row[0] * red + row[1] * green + row[2] * blue;
      // NOLINTNEXTLINE(bugprone-incorrect-roundings): never negative, and lround is no single instruction
      return colour.encoded[static_cast<std::size_t>(std::clamp(light, 0.0F, float{MatrixColour::kTop}) + 0.5F)];
    };
    r[i] = encode(m);
    g[i] = encode(m + 3);
    b[i] = encode(m + 6);
  }
}

#if defined(__x86_64__)

#define ARMARIUM_AVX2 __attribute__((target("avx2")))

ARMARIUM_AVX2 void avx2_to_rgb(const std::uint8_t* luma, const std::uint8_t* cb, const std::uint8_t* cr,
                               std::size_t count, std::uint8_t* r, std::uint8_t* g, std::uint8_t* b) {
  rgb_row(luma, cb, cr, count, r, g, b);
}

ARMARIUM_AVX2 void avx2_to_luma(const std::uint8_t* r, const std::uint8_t* g, const std::uint8_t* b, std::size_t count,
                                std::uint8_t* luma) {
  luma_row(r, g, b, count, luma);
}

ARMARIUM_AVX2 inline __m256 light_of(const std::array<float, 256>& table, const std::uint8_t* samples) noexcept {
  const __m256i index = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(samples)));
  return _mm256_i32gather_ps(table.data(), index, 4);
}

ARMARIUM_AVX2 inline void encode(const MatrixColour& colour, const float* row, __m256 red, __m256 green, __m256 blue,
                                 std::uint8_t* out) noexcept {
  __m256 light = _mm256_mul_ps(_mm256_set1_ps(row[0]), red);
  light = _mm256_add_ps(light, _mm256_mul_ps(_mm256_set1_ps(row[1]), green));
  light = _mm256_add_ps(light, _mm256_mul_ps(_mm256_set1_ps(row[2]), blue));
  light = _mm256_min_ps(_mm256_max_ps(light, _mm256_setzero_ps()), _mm256_set1_ps(float{MatrixColour::kTop}));
  const __m256i index = _mm256_cvttps_epi32(_mm256_add_ps(light, _mm256_set1_ps(0.5F)));
  // Four bytes are read for each sample; the lowest counts.
  __m256i samples = _mm256_i32gather_epi32(reinterpret_cast<const int*>(colour.encoded.data()), index, 1);
  samples = _mm256_and_si256(samples, _mm256_set1_epi32(255));
  const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(samples), _mm256_extracti128_si256(samples, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(words, words));
}

ARMARIUM_AVX2 void avx2_matrix(const MatrixColour& colour, std::size_t count, std::uint8_t* r, std::uint8_t* g,
                               std::uint8_t* b) {
  const float* m = colour.matrix.data();
  for (std::size_t i = 0; i < count; i += 8) {
    const __m256 red = light_of(colour.light[0], r + i);
    const __m256 green = light_of(colour.light[1], g + i);
    const __m256 blue = light_of(colour.light[2], b + i);
    encode(colour, m, red, green, blue, r + i);
    encode(colour, m + 3, red, green, blue, g + i);
    encode(colour, m + 6, red, green, blue, b + i);
  }
}

#endif

}  // namespace

const ColourKernels& plain_colour_kernels() noexcept {
  static constexpr ColourKernels kPlain{plain_to_rgb, plain_to_luma, plain_matrix};
  return kPlain;
}

const ColourKernels* avx2_colour_kernels() noexcept {
#if defined(__x86_64__)
  static constexpr ColourKernels kAvx2{avx2_to_rgb, avx2_to_luma, avx2_matrix};
  if (__builtin_cpu_supports("avx2") != 0) return &kAvx2;
#endif
  return nullptr;
}

const ColourKernels& best_colour_kernels() noexcept {
  static const ColourKernels& best = []() -> const ColourKernels& {
    if (const ColourKernels* kernels = avx2_colour_kernels()) return *kernels;
    return plain_colour_kernels();
  }();
  return best;
}

}  // namespace armarium::image
