#pragma once
// The two inner loops of a resampling, once in plain C++ and once for each kind of vector unit. All give the same result to the bit (sums of
// integers); which one runs is chosen once, by what the processor says. Pure; any thread.

#include <cstddef>
#include <cstdint>

#include "image/resample_filter.h"

namespace armarium::image {

inline constexpr int kRowShift = 8;  // leaves 6 bits below one between the passes
inline constexpr int kColumnShift = 2 * kWeightBits - kRowShift;

struct ResampleKernels {
  // out[i] = the weighted sum of rows[k][i], samples times 64. Overshoot stays: it fits, for no filter's weights reach 1.9
  // in sum without their signs.
  void (*rows)(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t count, std::size_t samples,
               std::int16_t* out);
  // One row of bytes from one row of `rows`; row[0] is source sample filter.begin(). Up to filter.stride() samples behind the last one that counts are
  // read, too, and multiplied by zero.
  void (*columns)(const std::int16_t* row, const ResampleFilter& filter, std::uint8_t* out);
  // Three interleaved channels to rows of their own and back.
  void (*split)(const std::int16_t* in, std::size_t count, std::int16_t* a, std::int16_t* b, std::int16_t* c);
  void (*join)(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, std::size_t count,
               std::uint8_t* out);
  const char* name;
};

const ResampleKernels& plain_kernels() noexcept;
// Null where this program was not compiled for such a processor, or does not run on one.
const ResampleKernels* avx2_kernels() noexcept;
const ResampleKernels* neon_kernels() noexcept;
// The fastest that this machine can run.
const ResampleKernels& best_kernels() noexcept;

}  // namespace armarium::image
