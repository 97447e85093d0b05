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

void plain_split(const std::uint8_t* rgb, std::size_t count, std::uint8_t* r, std::uint8_t* g, std::uint8_t* b) {
  for (std::size_t i = 0; i < count; ++i, rgb += 3) {
    r[i] = rgb[0];
    g[i] = rgb[1];
    b[i] = rgb[2];
  }
}

void plain_join(const std::uint8_t* r, const std::uint8_t* g, const std::uint8_t* b, std::size_t count,
                std::uint8_t* rgb) {
  for (std::size_t i = 0; i < count; ++i, rgb += 3) {
    rgb[0] = r[i];
    rgb[1] = g[i];
    rgb[2] = b[i];
  }
}

#if defined(__x86_64__)

#define ARMARIUM_AVX2 __attribute__((target("avx2")))

ARMARIUM_AVX2 inline __m256i words_of(const std::uint8_t* samples) noexcept {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(samples)));
}

// Sixteen words, clamped, as bytes.
ARMARIUM_AVX2 inline void store_words(__m256i words, std::uint8_t* out) noexcept {
  const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(words, words), 0x08);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(bytes));
}

// The product divided by 65536 and rounded: its upper half and the highest bit of the lower.
ARMARIUM_AVX2 inline __m256i scaled(__m256i words, std::int16_t factor) noexcept {
  const __m256i factors = _mm256_set1_epi16(factor);
  return _mm256_add_epi16(_mm256_mulhi_epi16(words, factors),
                          _mm256_srli_epi16(_mm256_mullo_epi16(words, factors), 15));
}

// As rgb_row does it, in words: of factors over 32767 the whole 65536 is taken out and added for itself.
ARMARIUM_AVX2 void avx2_to_rgb(const std::uint8_t* luma, const std::uint8_t* cb, const std::uint8_t* cr,
                               std::size_t count, std::uint8_t* r, std::uint8_t* g, std::uint8_t* b) {
  const __m256i middle = _mm256_set1_epi16(128);
  const __m256i factors =
      _mm256_set1_epi32(static_cast<int>((18734U << 16) | (static_cast<std::uint32_t>(-22554) & 0xFFFFU)));
  const __m256i half = _mm256_set1_epi32(kHalf);
  for (std::size_t i = 0; i < count; i += 16) {
    const __m256i y = words_of(luma + i);
    const __m256i blue = _mm256_sub_epi16(words_of(cb + i), middle);
    const __m256i red = _mm256_sub_epi16(words_of(cr + i), middle);
    store_words(_mm256_add_epi16(y, _mm256_add_epi16(red, scaled(red, 26345))), r + i);
    const __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi16(blue, red), factors);
    const __m256i high = _mm256_madd_epi16(_mm256_unpackhi_epi16(blue, red), factors);
    const __m256i both = _mm256_packs_epi32(_mm256_srai_epi32(_mm256_add_epi32(low, half), 16),
                                            _mm256_srai_epi32(_mm256_add_epi32(high, half), 16));
    store_words(_mm256_add_epi16(y, _mm256_sub_epi16(both, red)), g + i);
    store_words(_mm256_add_epi16(y, _mm256_add_epi16(_mm256_slli_epi16(blue, 1), scaled(blue, -14942))), b + i);
  }
}

// Sixteen pixels lie in three registers x, y, z; of each channel some samples are in every one of them.
ARMARIUM_AVX2 inline __m128i gather(__m128i x, __m128i y, __m128i z, __m128i from_x, __m128i from_y,
                                    __m128i from_z) noexcept {
  return _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(x, from_x), _mm_shuffle_epi8(y, from_y)),
                      _mm_shuffle_epi8(z, from_z));
}

ARMARIUM_AVX2 void avx2_split(const std::uint8_t* rgb, std::size_t count, std::uint8_t* r, std::uint8_t* g,
                              std::uint8_t* b) {
  constexpr char n = -1;
  const __m128i rx = _mm_setr_epi8(0, 3, 6, 9, 12, 15, n, n, n, n, n, n, n, n, n, n);
  const __m128i ry = _mm_setr_epi8(n, n, n, n, n, n, 2, 5, 8, 11, 14, n, n, n, n, n);
  const __m128i rz = _mm_setr_epi8(n, n, n, n, n, n, n, n, n, n, n, 1, 4, 7, 10, 13);
  const __m128i gx = _mm_setr_epi8(1, 4, 7, 10, 13, n, n, n, n, n, n, n, n, n, n, n);
  const __m128i gy = _mm_setr_epi8(n, n, n, n, n, 0, 3, 6, 9, 12, 15, n, n, n, n, n);
  const __m128i gz = _mm_setr_epi8(n, n, n, n, n, n, n, n, n, n, n, 2, 5, 8, 11, 14);
  const __m128i bx = _mm_setr_epi8(2, 5, 8, 11, 14, n, n, n, n, n, n, n, n, n, n, n);
  const __m128i by = _mm_setr_epi8(n, n, n, n, n, 1, 4, 7, 10, 13, n, n, n, n, n, n);
  const __m128i bz = _mm_setr_epi8(n, n, n, n, n, n, n, n, n, n, 0, 3, 6, 9, 12, 15);
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const auto* in = reinterpret_cast<const __m128i*>(rgb + 3 * i);
    const __m128i x = _mm_loadu_si128(in);
    const __m128i y = _mm_loadu_si128(in + 1);
    const __m128i z = _mm_loadu_si128(in + 2);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(r + i), gather(x, y, z, rx, ry, rz));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(g + i), gather(x, y, z, gx, gy, gz));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(b + i), gather(x, y, z, bx, by, bz));
  }
  plain_split(rgb + 3 * i, count - i, r + i, g + i, b + i);
}

ARMARIUM_AVX2 void avx2_join(const std::uint8_t* r, const std::uint8_t* g, const std::uint8_t* b, std::size_t count,
                             std::uint8_t* rgb) {
  constexpr char n = -1;
  const __m128i xr = _mm_setr_epi8(0, n, n, 1, n, n, 2, n, n, 3, n, n, 4, n, n, 5);
  const __m128i xg = _mm_setr_epi8(n, 0, n, n, 1, n, n, 2, n, n, 3, n, n, 4, n, n);
  const __m128i xb = _mm_setr_epi8(n, n, 0, n, n, 1, n, n, 2, n, n, 3, n, n, 4, n);
  const __m128i yr = _mm_setr_epi8(n, n, 6, n, n, 7, n, n, 8, n, n, 9, n, n, 10, n);
  const __m128i yg = _mm_setr_epi8(5, n, n, 6, n, n, 7, n, n, 8, n, n, 9, n, n, 10);
  const __m128i yb = _mm_setr_epi8(n, 5, n, n, 6, n, n, 7, n, n, 8, n, n, 9, n, n);
  const __m128i zr = _mm_setr_epi8(n, 11, n, n, 12, n, n, 13, n, n, 14, n, n, 15, n, n);
  const __m128i zg = _mm_setr_epi8(n, n, 11, n, n, 12, n, n, 13, n, n, 14, n, n, 15, n);
  const __m128i zb = _mm_setr_epi8(10, n, n, 11, n, n, 12, n, n, 13, n, n, 14, n, n, 15);
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m128i red = _mm_loadu_si128(reinterpret_cast<const __m128i*>(r + i));
    const __m128i green = _mm_loadu_si128(reinterpret_cast<const __m128i*>(g + i));
    const __m128i blue = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + i));
    auto* out = reinterpret_cast<__m128i*>(rgb + 3 * i);
    _mm_storeu_si128(out, gather(red, green, blue, xr, xg, xb));
    _mm_storeu_si128(out + 1, gather(red, green, blue, yr, yg, yb));
    _mm_storeu_si128(out + 2, gather(red, green, blue, zr, zg, zb));
  }
  plain_join(r + i, g + i, b + i, count - i, rgb + 3 * i);
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
  static constexpr ColourKernels kPlain{plain_to_rgb, plain_to_luma, plain_matrix, plain_split, plain_join};
  return kPlain;
}

const ColourKernels* avx2_colour_kernels() noexcept {
#if defined(__x86_64__)
  static constexpr ColourKernels kAvx2{avx2_to_rgb, avx2_to_luma, avx2_matrix, avx2_split, avx2_join};
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
