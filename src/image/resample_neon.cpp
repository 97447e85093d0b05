// The loops for 64-bit ARM, where NEON is always there.

#include "image/resample_kernels.h"

#if defined(__aarch64__)

#include <arm_neon.h>

namespace armarium::image {
namespace {

// Sums of 16 neighbouring samples.
inline void sum_rows(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t count, std::size_t at,
                     std::int16_t* out) noexcept {
  int32x4_t sum[4];
  for (int32x4_t& part : sum) part = vdupq_n_s32(1 << (kRowShift - 1));
  for (std::uint32_t k = 0; k < count; ++k) {
    const uint8x16_t samples = vld1q_u8(rows[k] + at);
    const int16x8_t low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(samples)));
    const int16x8_t high = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(samples)));
    sum[0] = vmlal_n_s16(sum[0], vget_low_s16(low), weights[k]);
    sum[1] = vmlal_n_s16(sum[1], vget_high_s16(low), weights[k]);
    sum[2] = vmlal_n_s16(sum[2], vget_low_s16(high), weights[k]);
    sum[3] = vmlal_n_s16(sum[3], vget_high_s16(high), weights[k]);
  }
  for (int half = 0; half < 2; ++half) {
    const int16x8_t words = vcombine_s16(vqmovn_s32(vshrq_n_s32(sum[2 * half], kRowShift)),
                                         vqmovn_s32(vshrq_n_s32(sum[2 * half + 1], kRowShift)));
    vst1q_s16(out + at + 8 * half, words);
  }
}

void neon_rows(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t count, std::size_t samples,
               std::int16_t* out) {
  if (samples < 16) return plain_kernels().rows(rows, weights, count, samples, out);
  for (std::size_t at = 0; at + 16 <= samples; at += 16) sum_rows(rows, weights, count, at, out);
  if (samples % 16 != 0) sum_rows(rows, weights, count, samples - 16, out);
}

void neon_columns(const std::int16_t* row, const ResampleFilter& filter, std::uint8_t* out) {
  for (std::uint32_t x = 0; x < filter.size(); ++x) {
    const ResampleFilter::Taps taps = filter.at(x);
    int32x4_t sum = vdupq_n_s32(0);
    for (std::uint32_t k = 0; k < filter.stride(); k += 8) {
      const int16x8_t in = vld1q_s16(row + (taps.first - filter.begin()) + k);
      const int16x8_t weights = vld1q_s16(taps.weights + k);
      sum = vmlal_s16(sum, vget_low_s16(in), vget_low_s16(weights));
      sum = vmlal_s16(sum, vget_high_s16(in), vget_high_s16(weights));
    }
    const std::int32_t value = (vaddvq_s32(sum) + (1 << (kColumnShift - 1))) >> kColumnShift;
    out[x] = static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
  }
}

void neon_split(const std::int16_t* in, std::size_t count, std::int16_t* a, std::int16_t* b, std::int16_t* c) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const int16x8x3_t parts = vld3q_s16(in + 3 * i);
    vst1q_s16(a + i, parts.val[0]);
    vst1q_s16(b + i, parts.val[1]);
    vst1q_s16(c + i, parts.val[2]);
  }
  plain_kernels().split(in + 3 * i, count - i, a + i, b + i, c + i);
}

void neon_join(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, std::size_t count,
               std::uint8_t* out) {
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) vst3q_u8(out + 3 * i, {{vld1q_u8(a + i), vld1q_u8(b + i), vld1q_u8(c + i)}});
  plain_kernels().join(a + i, b + i, c + i, count - i, out + 3 * i);
}

}  // namespace

const ResampleKernels* neon_kernels() noexcept {
  static constexpr ResampleKernels kNeon{neon_rows, neon_columns, neon_split, neon_join, "neon"};
  return &kNeon;
}

}  // namespace armarium::image

#else

namespace armarium::image {
const ResampleKernels* neon_kernels() noexcept { return nullptr; }
}  // namespace armarium::image

#endif
