#pragma once
// The weights of one axis of a resampling: for each target sample the source samples that it is made of. Catmull-Rom, widened where the
// picture shrinks (antialiasing). Weights are 14-bit fixed point and add up to exactly one, so flat areas stay exact. Pure values; any thread.

#include <cstdint>
#include <vector>

namespace armarium::image {

inline constexpr int kWeightBits = 14;

class ResampleFilter {
 public:
  struct Taps {
    std::uint32_t first;  // source sample of the first weight
    std::uint32_t count;
    const std::int16_t* weights;
  };

  // The window [start, start + length) of a source of `source` samples becomes `target` samples. Weights beyond the source's ends
  // count for its first and last sample.
  ResampleFilter(double start, double length, std::uint32_t source, std::uint32_t target);

  Taps at(std::uint32_t index) const noexcept {
    const Span& span = spans_[index];
    return {span.first, span.count, weights_.data() + span.offset};
  }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(spans_.size()); }
  // How far the filter reaches beyond a window, in source samples.
  static double reach(double length, std::uint32_t target) noexcept;

 private:
  struct Span {
    std::uint32_t first;
    std::uint32_t count;
    std::size_t offset;
  };
  std::vector<Span> spans_;
  std::vector<std::int16_t> weights_;
};

}  // namespace armarium::image
