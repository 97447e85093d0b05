#include "image/resample_filter.h"

#include <algorithm>
#include <cmath>

namespace armarium::image {
namespace {

constexpr double kRadius = 2.0;
constexpr double kOne = 1 << kWeightBits;

double catmull_rom(double x) noexcept {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

// To fixed point with the exact sum: what rounding left over goes to the heaviest weight.
void quantize(const std::vector<double>& exact, std::vector<std::int16_t>& out) {
  double total = 0;
  for (const double weight : exact) total += weight;
  int left = 1 << kWeightBits;
  std::size_t heaviest = out.size();
  const std::size_t first = out.size();
  for (const double weight : exact) {
    const int fixed = static_cast<int>(std::lround(weight / total * kOne));
    left -= fixed;
    out.push_back(static_cast<std::int16_t>(fixed));
    if (out.back() > out[heaviest]) heaviest = out.size() - 1;
  }
  if (out.size() > first) out[heaviest] = static_cast<std::int16_t>(out[heaviest] + left);
}

}  // namespace

double ResampleFilter::reach(double length, std::uint32_t target) noexcept {
  return kRadius * std::max(1.0, length / target);
}

ResampleFilter::ResampleFilter(double start, double length, std::uint32_t source, std::uint32_t target) {
  const double scale = length / target;
  const double stretch = std::max(1.0, scale);
  const double radius = kRadius * stretch;
  const auto last = static_cast<std::int64_t>(source) - 1;
  std::vector<double> exact;
  spans_.reserve(target);
  for (std::uint32_t i = 0; i < target; ++i) {
    const double centre = start + (i + 0.5) * scale;
    const auto from = static_cast<std::int64_t>(std::ceil(centre - radius - 0.5));
    const auto to = static_cast<std::int64_t>(std::floor(centre + radius - 0.5));
    const std::int64_t first = std::clamp<std::int64_t>(from, 0, last);
    exact.assign(static_cast<std::size_t>(std::clamp<std::int64_t>(to, first, last) - first + 1), 0.0);
    for (std::int64_t j = from; j <= to; ++j) {
      const double weight = catmull_rom((static_cast<double>(j) + 0.5 - centre) / stretch);
      const std::int64_t index =
          std::clamp<std::int64_t>(j, first, first + static_cast<std::int64_t>(exact.size()) - 1);
      exact[static_cast<std::size_t>(index - first)] += weight;
    }
    spans_.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(exact.size()), weights_.size()});
    quantize(exact, weights_);
  }
}

}  // namespace armarium::image
