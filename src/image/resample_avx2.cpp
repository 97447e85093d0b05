// The loops for x86 processors with AVX2. Only these functions are compiled for it; the rest of the program runs on any x86-64.

#include "image/resample_kernels.h"

#if defined(__x86_64__)

#include <cstring>

#include <immintrin.h>

namespace armarium::image {
namespace {

#define ARMARIUM_AVX2 __attribute__((target("avx2")))

ARMARIUM_AVX2 inline __m256i load(const void* at) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(at));
}

// Sums of 32 neighbouring samples: the rows go in pairs, as madd adds two products.
ARMARIUM_AVX2 inline void sum_rows(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t count,
                                   std::size_t at, std::int16_t* out) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  __m256i sum0 = _mm256_set1_epi32(1 << (kRowShift - 1));
  __m256i sum1 = sum0;
  __m256i sum2 = sum0;
  __m256i sum3 = sum0;
  for (std::uint32_t k = 0; k < count; k += 2) {
    const bool pair = k + 1 < count;
    const auto low = static_cast<std::uint16_t>(weights[k]);
    const auto high = static_cast<std::uint16_t>(pair ? weights[k + 1] : 0);
    const __m256i both = _mm256_set1_epi32(static_cast<std::int32_t>(low | std::uint32_t{high} << 16));
    const __m256i first = load(rows[k] + at);
    const __m256i second = pair ? load(rows[k + 1] + at) : zero;
    const __m256i front = _mm256_unpacklo_epi8(first, second);
    const __m256i back = _mm256_unpackhi_epi8(first, second);
    sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(_mm256_unpacklo_epi8(front, zero), both));
    sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(_mm256_unpackhi_epi8(front, zero), both));
    sum2 = _mm256_add_epi32(sum2, _mm256_madd_epi16(_mm256_unpacklo_epi8(back, zero), both));
    sum3 = _mm256_add_epi32(sum3, _mm256_madd_epi16(_mm256_unpackhi_epi8(back, zero), both));
  }
  const __m256i left = _mm256_packs_epi32(_mm256_srai_epi32(sum0, kRowShift), _mm256_srai_epi32(sum1, kRowShift));
  const __m256i right = _mm256_packs_epi32(_mm256_srai_epi32(sum2, kRowShift), _mm256_srai_epi32(sum3, kRowShift));
  // Each half of a register went its own way: put them in order again.
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), _mm256_permute2x128_si256(left, right, 0x20));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at + 16), _mm256_permute2x128_si256(left, right, 0x31));
}

ARMARIUM_AVX2 void avx2_rows(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t count,
                             std::size_t samples, std::int16_t* out) {
  if (samples < 32) return plain_kernels().rows(rows, weights, count, samples, out);
  for (std::size_t at = 0; at + 32 <= samples; at += 32) sum_rows(rows, weights, count, at, out);
  if (samples % 32 != 0) sum_rows(rows, weights, count, samples - 32, out);
}

// The products of one target sample, not yet added up.
ARMARIUM_AVX2 inline __m256i products(const std::int16_t* in, const std::int16_t* weights,
                                      std::uint32_t count) noexcept {
  __m256i sum = _mm256_setzero_si256();
  std::uint32_t k = 0;
  for (; k + 16 <= count; k += 16) sum = _mm256_add_epi32(sum, _mm256_madd_epi16(load(in + k), load(weights + k)));
  if (k < count) {
    const __m128i rest = _mm_madd_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + k)),
                                        _mm_loadu_si128(reinterpret_cast<const __m128i*>(weights + k)));
    sum = _mm256_add_epi32(sum, _mm256_inserti128_si256(_mm256_setzero_si256(), rest, 0));
  }
  return sum;
}

ARMARIUM_AVX2 void avx2_columns(const std::int16_t* row, const ResampleFilter& filter, std::uint8_t* out) {
  const std::uint32_t stride = filter.stride();
  const __m256i half = _mm256_set1_epi32(1 << (kColumnShift - 1));
  for (std::uint32_t x = 0; x < filter.size(); x += 8) {
    const std::uint32_t here = filter.size() - x < 8 ? filter.size() - x : 8;
    __m256i sum[8];
    for (std::uint32_t j = 0; j < 8; ++j) {
      const ResampleFilter::Taps taps = filter.at(j < here ? x + j : x);
      sum[j] = products(row + (taps.first - filter.begin()), taps.weights, stride);
    }
    const __m256i a = _mm256_hadd_epi32(_mm256_hadd_epi32(sum[0], sum[1]), _mm256_hadd_epi32(sum[2], sum[3]));
    const __m256i b = _mm256_hadd_epi32(_mm256_hadd_epi32(sum[4], sum[5]), _mm256_hadd_epi32(sum[6], sum[7]));
    __m256i all = _mm256_add_epi32(_mm256_permute2x128_si256(a, b, 0x20), _mm256_permute2x128_si256(a, b, 0x31));
    all = _mm256_srai_epi32(_mm256_add_epi32(all, half), kColumnShift);
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
    const std::int64_t bytes = _mm_cvtsi128_si64(_mm_packus_epi16(words, words));
    std::memcpy(out + x, &bytes, here);
  }
}

ARMARIUM_AVX2 inline __m128i load_half(const std::int16_t* at) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

ARMARIUM_AVX2 inline void store_half(std::int16_t* at, __m128i value) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(at), value);
}

// Eight pixels lie in three registers x, y, z; of each channel some samples are in every one of them.
ARMARIUM_AVX2 void avx2_split(const std::int16_t* in, std::size_t count, std::int16_t* a, std::int16_t* b,
                              std::int16_t* c) {
  constexpr char n = -1;
  const __m128i ax = _mm_setr_epi8(0, 1, 6, 7, 12, 13, n, n, n, n, n, n, n, n, n, n);
  const __m128i ay = _mm_setr_epi8(n, n, n, n, n, n, 2, 3, 8, 9, 14, 15, n, n, n, n);
  const __m128i az = _mm_setr_epi8(n, n, n, n, n, n, n, n, n, n, n, n, 4, 5, 10, 11);
  const __m128i bx = _mm_setr_epi8(2, 3, 8, 9, 14, 15, n, n, n, n, n, n, n, n, n, n);
  const __m128i by = _mm_setr_epi8(n, n, n, n, n, n, 4, 5, 10, 11, n, n, n, n, n, n);
  const __m128i bz = _mm_setr_epi8(n, n, n, n, n, n, n, n, n, n, 0, 1, 6, 7, 12, 13);
  const __m128i cx = _mm_setr_epi8(4, 5, 10, 11, n, n, n, n, n, n, n, n, n, n, n, n);
  const __m128i cy = _mm_setr_epi8(n, n, n, n, 0, 1, 6, 7, 12, 13, n, n, n, n, n, n);
  const __m128i cz = _mm_setr_epi8(n, n, n, n, n, n, n, n, n, n, 2, 3, 8, 9, 14, 15);
  const auto gather = [](__m128i x, __m128i y, __m128i z, __m128i from_x, __m128i from_y, __m128i from_z)
                          ARMARIUM_AVX2 {
                            return _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(x, from_x), _mm_shuffle_epi8(y, from_y)),
                                                _mm_shuffle_epi8(z, from_z));
                          };
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i x = load_half(in + 3 * i);
    const __m128i y = load_half(in + 3 * i + 8);
    const __m128i z = load_half(in + 3 * i + 16);
    store_half(a + i, gather(x, y, z, ax, ay, az));
    store_half(b + i, gather(x, y, z, bx, by, bz));
    store_half(c + i, gather(x, y, z, cx, cy, cz));
  }
  plain_kernels().split(in + 3 * i, count - i, a + i, b + i, c + i);
}

}  // namespace

const ResampleKernels* avx2_kernels() noexcept {
  static const ResampleKernels kAvx2{avx2_rows, avx2_columns, avx2_split, plain_kernels().join, "avx2"};
  return __builtin_cpu_supports("avx2") != 0 ? &kAvx2 : nullptr;
}

}  // namespace armarium::image

#else

namespace armarium::image {
const ResampleKernels* avx2_kernels() noexcept { return nullptr; }
}  // namespace armarium::image

#endif
