#pragma once
// The weights of one axis of a resampling: for each target sample the source samples that it is made of. Lanczos-3 or box, widened where the
// picture shrinks (antialiasing). Weights are 14-bit fixed point and add up to exactly one, so flat areas stay exact. Immutable; any thread.

#include <cstdint>
#include <memory>
#include <vector>

namespace armarium::image {

inline constexpr int kWeightBits = 14;

// lanczos3 is what pictures are scaled with; box is the mean of what a target sample covers, for coarse reductions.
enum class Kernel : std::uint8_t { lanczos3, box };

class ResampleFilter {
 public:
  struct Taps {
    std::uint32_t first;  // source sample of the first weight
    std::uint32_t count;
    const std::int16_t* weights;
  };

  // The window [start, start + length) of a source of `source` samples becomes `target` samples. Weights beyond the source's ends
  // count for its first and last sample.
  ResampleFilter(double start, double length, std::uint32_t source, std::uint32_t target,
                 Kernel kernel = Kernel::lanczos3);
  // The same, out of a small cache of the last shapes.
  static std::shared_ptr<const ResampleFilter> kept(double start, double length, std::uint32_t source,
                                                    std::uint32_t target, Kernel kernel = Kernel::lanczos3);

  Taps at(std::uint32_t index) const noexcept {
    return {spans_[index].first, spans_[index].count, weights_.data() + std::size_t{index} * stride_};
  }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(spans_.size()); }
  // Weights of neighbouring target samples lie this far apart: a multiple of 8, at least every count; zeros fill up.
  std::uint32_t stride() const noexcept { return stride_; }
  // The source samples that are used at all: [begin, end).
  std::uint32_t begin() const noexcept { return begin_; }
  std::uint32_t end() const noexcept { return end_; }
  std::size_t bytes() const noexcept { return weights_.size() * sizeof(std::int16_t) + spans_.size() * sizeof(Span); }

  // How far the filter reaches beyond a window, in source samples.
  static double reach(double length, std::uint32_t target, Kernel kernel = Kernel::lanczos3) noexcept;

 private:
  struct Span {
    std::uint32_t first;
    std::uint32_t count;
  };
  std::vector<Span> spans_;
  std::vector<std::int16_t> weights_;
  std::uint32_t stride_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

}  // namespace armarium::image
