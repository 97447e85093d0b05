#include "image/resample_kernels.h"

#include <algorithm>

namespace armarium::image {
namespace {

void plain_rows(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t count, std::size_t samples,
                std::int16_t* out) {
  constexpr std::size_t kRun = 256;
  std::int32_t sums[kRun];
  for (std::size_t start = 0; start < samples; start += kRun) {
    const std::size_t run = std::min(kRun, samples - start);
    std::fill(sums, sums + run, 1 << (kRowShift - 1));
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint8_t* row = rows[k] + start;
      const std::int16_t weight = weights[k];
      for (std::size_t i = 0; i < run; ++i)
        sums[i] += std::int32_t{weight} * std::int32_t{static_cast<std::int16_t>(row[i])};
    }
    for (std::size_t i = 0; i < run; ++i) out[start + i] = static_cast<std::int16_t>(sums[i] >> kRowShift);
  }
}

void plain_columns(const std::int16_t* row, const ResampleFilter& filter, std::uint8_t* out) {
  for (std::uint32_t x = 0; x < filter.size(); ++x) {
    const ResampleFilter::Taps taps = filter.at(x);
    const std::int16_t* in = row + (taps.first - filter.begin());
    std::int32_t sum = 1 << (kColumnShift - 1);
    for (std::uint32_t k = 0; k < taps.count; ++k) sum += std::int32_t{taps.weights[k]} * in[k];
    out[x] = static_cast<std::uint8_t>(std::clamp(sum >> kColumnShift, 0, 255));
  }
}

void plain_split(const std::int16_t* in, std::size_t count, std::int16_t* a, std::int16_t* b, std::int16_t* c) {
  for (std::size_t i = 0; i < count; ++i, in += 3) {
    a[i] = in[0];
    b[i] = in[1];
    c[i] = in[2];
  }
}

void plain_join(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, std::size_t count,
                std::uint8_t* out) {
  for (std::size_t i = 0; i < count; ++i, out += 3) {
    out[0] = a[i];
    out[1] = b[i];
    out[2] = c[i];
  }
}

}  // namespace

const ResampleKernels& plain_kernels() noexcept {
  static constexpr ResampleKernels kPlain{plain_rows, plain_columns, plain_split, plain_join, "plain"};
  return kPlain;
}

const ResampleKernels& best_kernels() noexcept {
  static const ResampleKernels& best = []() -> const ResampleKernels& {
    if (const ResampleKernels* kernels = avx2_kernels()) return *kernels;
    if (const ResampleKernels* kernels = neon_kernels()) return *kernels;
    return plain_kernels();
  }();
  return best;
}

}  // namespace armarium::image
