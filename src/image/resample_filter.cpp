#include "image/resample_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <list>
#include <mutex>
#include <numbers>

namespace armarium::image {
namespace {

constexpr double kOne = 1 << kWeightBits;
constexpr std::uint32_t kStep = 8;  // weights are padded for vector registers
constexpr std::size_t kKept = 64;
constexpr std::size_t kKeptBytes = 1U << 18;  // of one filter

double sinc(double x) noexcept { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

// The kernel at steps of 1/1024, read with linear interpolation: its error is far below that of the weights' fixed point.
class LanczosTable {
 public:
  LanczosTable() {
    for (std::size_t i = 0; i + 2 < values_.size(); ++i) {
      const double x = static_cast<double>(i) / kSteps;
      values_[i] = sinc(x) * sinc(x / 3);
    }
  }
  double operator()(double x) const noexcept {
    x = std::abs(x) * kSteps;
    if (x >= 3.0 * kSteps) return 0;
    const auto index = static_cast<std::size_t>(x);
    return values_[index] + (values_[index + 1] - values_[index]) * (x - static_cast<double>(index));
  }

 private:
  static constexpr std::size_t kSteps = 1024;
  std::array<double, 3 * kSteps + 2> values_{};  // zero from 3 on
};

// Of the source sample whose middle is `distance` away; `stretch` source samples are one of the target (at least 1).
double weight_of(Kernel kernel, double distance, double stretch) noexcept {
  static const LanczosTable kLanczos;
  if (kernel == Kernel::lanczos3) return kLanczos(distance / stretch);
  return std::clamp(stretch / 2 + 0.5 - std::abs(distance), 0.0, 1.0);  // how much of the sample is covered
}

// Half the width of the kernel in source samples.
double radius_of(Kernel kernel, double stretch) noexcept {
  return kernel == Kernel::lanczos3 ? 3 * stretch : stretch / 2 + 0.5;
}

// To fixed point with the exact sum: what rounding left over goes to the heaviest weight.
void quantize(const std::vector<double>& exact, std::vector<std::int16_t>& out) {
  double total = 0;
  for (const double weight : exact) total += weight;
  int left = 1 << kWeightBits;
  std::size_t heaviest = 0;
  out.clear();
  for (const double weight : exact) {
    const int fixed = static_cast<int>(std::lround(weight / total * kOne));
    left -= fixed;
    out.push_back(static_cast<std::int16_t>(fixed));
    if (out.back() > out[heaviest]) heaviest = out.size() - 1;
  }
  out[heaviest] = static_cast<std::int16_t>(out[heaviest] + left);
}

// Weights of zero at the ends need no sample.
void trim(std::vector<std::int16_t>& weights, std::uint32_t& first) {
  while (weights.size() > 1 && weights.back() == 0) weights.pop_back();
  std::size_t zeros = 0;
  while (zeros + 1 < weights.size() && weights[zeros] == 0) ++zeros;
  weights.erase(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(zeros));
  first += static_cast<std::uint32_t>(zeros);
}

struct Shape {
  double start;
  double length;
  std::uint32_t source;
  std::uint32_t target;
  Kernel kernel;
  friend bool operator==(const Shape&, const Shape&) = default;
};

// The last filters, newest first: few enough to be looked through.
class KeptFilters {
 public:
  std::shared_ptr<const ResampleFilter> find(const Shape& shape) {
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (!(entry->first == shape)) continue;
      entries_.splice(entries_.begin(), entries_, entry);
      return entry->second;
    }
    return nullptr;
  }
  void put(const Shape& shape, std::shared_ptr<const ResampleFilter> filter) {
    const std::lock_guard lock(mutex_);
    entries_.emplace_front(shape, std::move(filter));
    if (entries_.size() > kKept) entries_.pop_back();
  }

 private:
  std::mutex mutex_;
  std::list<std::pair<Shape, std::shared_ptr<const ResampleFilter>>> entries_;
};

}  // namespace

double ResampleFilter::reach(double length, std::uint32_t target, Kernel kernel) noexcept {
  return radius_of(kernel, std::max(1.0, length / target));
}

ResampleFilter::ResampleFilter(double start, double length, std::uint32_t source, std::uint32_t target, Kernel kernel) {
  const double scale = length / target;
  const double stretch = std::max(1.0, scale);
  const double radius = radius_of(kernel, stretch);
  const auto last = static_cast<std::int64_t>(source) - 1;
  std::vector<double> exact;
  std::vector<std::vector<std::int16_t>> all(target);
  std::size_t widest = 1;
  spans_.reserve(target);
  begin_ = source;
  for (std::uint32_t i = 0; i < target; ++i) {
    const double centre = start + (i + 0.5) * scale;
    const auto from = static_cast<std::int64_t>(std::ceil(centre - radius - 0.5));
    const auto to = static_cast<std::int64_t>(std::floor(centre + radius - 0.5));
    auto first = static_cast<std::uint32_t>(std::clamp<std::int64_t>(from, 0, last));
    exact.assign(static_cast<std::size_t>(std::clamp<std::int64_t>(to, first, last) - first + 1), 0.0);
    for (std::int64_t j = from; j <= to; ++j) {
      const std::int64_t index =
          std::clamp<std::int64_t>(j, first, first + static_cast<std::int64_t>(exact.size()) - 1);
      exact[static_cast<std::size_t>(index - first)] +=
          weight_of(kernel, static_cast<double>(j) + 0.5 - centre, stretch);
    }
    quantize(exact, all[i]);
    trim(all[i], first);
    const auto count = static_cast<std::uint32_t>(all[i].size());
    spans_.push_back({first, count});
    widest = std::max(widest, all[i].size());
    begin_ = std::min(begin_, first);
    end_ = std::max(end_, first + count);
  }
  stride_ = static_cast<std::uint32_t>((widest + kStep - 1) / kStep * kStep);
  weights_.assign(std::size_t{target} * stride_, 0);
  for (std::uint32_t i = 0; i < target; ++i)
    std::copy(all[i].begin(), all[i].end(), weights_.begin() + static_cast<std::ptrdiff_t>(std::size_t{i} * stride_));
}

std::shared_ptr<const ResampleFilter> ResampleFilter::kept(double start, double length, std::uint32_t source,
                                                           std::uint32_t target, Kernel kernel) {
  static KeptFilters filters;
  const Shape shape{start, length, source, target, kernel};
  if (auto found = filters.find(shape)) return found;
  auto made = std::make_shared<const ResampleFilter>(start, length, source, target, kernel);
  if (made->bytes() <= kKeptBytes) filters.put(shape, made);
  return made;
}

}  // namespace armarium::image
