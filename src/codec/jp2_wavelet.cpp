#include "codec/jp2_wavelet.h"

#include <algorithm>

namespace armarium::codec::jp2 {
namespace {

// Coordinates of one direction; in the transformed signal a low coefficient n stands at 2n, a high one at 2n + 1.
struct Span {
  std::uint32_t begin = 0, end = 0;
};
Span low_of(Span span) { return {(span.begin + 1) / 2, (span.end + 1) / 2}; }
Span high_of(Span span) { return {span.begin / 2, span.end / 2}; }

Span grown(Span span, std::uint32_t margin, Span bounds) {
  return {span.begin - std::min(margin, span.begin - bounds.begin), span.end + std::min(margin, bounds.end - span.end)};
}

// The lifting steps from the first to the last: each adds to every second sample what its two neighbours give.
// Samples of one step: those at even positions or those at odd ones.
template <class Sample>
struct Lifting;

template <>
struct Lifting<std::int32_t> {
  static constexpr std::uint32_t kSteps = 2;
  static constexpr std::uint32_t kMargin = 2;
  static constexpr bool is_even(std::uint32_t step) { return step == 0; }
  template <std::uint32_t Step>
  static std::int32_t lifted(std::int32_t sample, std::int32_t left, std::int32_t right) {
    // Coefficients of hostile files may be as large as they like: they wrap.
    const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(left) + static_cast<std::uint32_t>(right));
    const std::int32_t change =
        Step == 0 ? -(static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) + 2U) >> 2) : sum >> 1;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(sample) + static_cast<std::uint32_t>(change));
  }
  static std::int32_t alone(std::int32_t sample, bool even) { return even ? sample : sample / 2; }
};

template <>
struct Lifting<float> {
  static constexpr std::uint32_t kSteps = 4;
  static constexpr std::uint32_t kMargin = 4;
  static constexpr bool is_even(std::uint32_t step) { return step % 2 == 0; }
  template <std::uint32_t Step>
  static float lifted(float sample, float left, float right) {
    // Minus delta, gamma, beta, alpha of table F.4.
    constexpr float kWeights[] = {-0.443506852043971F, -0.882911075530934F, 0.052980118572961F, 1.586134342059924F};
    return sample + kWeights[Step] * (left + right);
  }
  // F.3.6; what comes was scaled as if it were not alone.
  static float alone(float sample, bool even) { return even ? sample / kWaveletK : sample * kWaveletK / 2; }
};

// One step along a row whose low and high samples lie apart. `own` are changed by `other`; sample i of `own` has other[i + shift] and other[i + shift + 1] beside it, mirrored at the ends.
template <class Sample, std::uint32_t Step>
void lift_apart(Sample* own, std::uint32_t count, const Sample* other, std::uint32_t others, int shift) {
  if (others == 0) return;
  const auto at = [&](int i) {
    const int last = static_cast<int>(others) - 1;
    return other[std::clamp(i, 0, last)];
  };
  const auto edge = [&](std::uint32_t i) {
    const int left = static_cast<int>(i) + shift;
    // At the ends of a signal the mirrored neighbour is the other one; inside it, what is cut off is margin.
    own[i] = Lifting<Sample>::template lifted<Step>(own[i], at(left), at(left + 1));
  };
  const std::uint32_t first = shift < 0 ? 1 : 0;
  const auto whole = std::max<int>(static_cast<int>(first),
                                   std::min<int>(static_cast<int>(count), static_cast<int>(others) - 1 - shift));
  for (std::uint32_t i = 0; i < std::min(first, count); ++i) edge(i);
  const Sample* left = other + shift;
  for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(whole); ++i)
    own[i] = Lifting<Sample>::template lifted<Step>(own[i], left[i], left[i + 1]);
  for (auto i = static_cast<std::uint32_t>(whole); i < count; ++i) edge(i);
}

template <class Sample>
class Joining {
 public:
  Joining(const BandAreas& areas, GridArea resolution) : areas_(areas), resolution_(resolution), out_(areas.samples) {
    low_.resize(areas.ll.x1 - areas.ll.x0);
    high_.resize(areas.hl.x1 - areas.hl.x0);
  }

  Samples<Sample> run(const Samples<Sample>& ll, const Samples<Sample>& hl, const Samples<Sample>& lh,
                      const Samples<Sample>& hh) {
    if (out_.values.empty()) return std::move(out_);
    const std::uint32_t margin = areas_.ll.x0 - ll.area.x0;  // of the join before
    for (std::uint32_t y = areas_.ll.y0; y < areas_.ll.y1; ++y)
      join_row(ll.row(y) + margin, hl.row(y), out_.row(2 * y));
    for (std::uint32_t y = areas_.lh.y0; y < areas_.lh.y1; ++y) join_row(lh.row(y), hh.row(y), out_.row(2 * y + 1));
    join_rows();
    return std::move(out_);
  }

 private:
  void join_row(const Sample* low, const Sample* high, Sample* out) {
    const GridArea& area = areas_.samples;
    std::copy_n(low, low_.size(), low_.begin());
    std::copy_n(high, high_.size(), high_.begin());
    const bool even_first = area.x0 % 2 == 0;
    if (resolution_.x1 - resolution_.x0 == 1) {
      out[0] = Lifting<Sample>::alone(even_first ? low_[0] : high_[0], even_first);
      return;
    }
    lift_row<0>(even_first);
    Sample* even = out + (even_first ? 0 : 1);
    Sample* odd = out + (even_first ? 1 : 0);
    for (std::size_t i = 0; i < low_.size(); ++i) even[2 * i] = low_[i];
    for (std::size_t i = 0; i < high_.size(); ++i) odd[2 * i] = high_[i];
  }

  template <std::uint32_t Step>
  void lift_row(bool even_first) {
    if constexpr (Step < Lifting<Sample>::kSteps) {
      const auto lows = static_cast<std::uint32_t>(low_.size());
      const auto highs = static_cast<std::uint32_t>(high_.size());
      if constexpr (Lifting<Sample>::is_even(Step)) {
        lift_apart<Sample, Step>(low_.data(), lows, high_.data(), highs, even_first ? -1 : 0);
      } else {
        lift_apart<Sample, Step>(high_.data(), highs, low_.data(), lows, even_first ? 0 : -1);
      }
      lift_row<Step + 1>(even_first);
    }
  }

  void join_rows() {
    if (resolution_.y1 - resolution_.y0 == 1) {
      const bool even = areas_.samples.y0 % 2 == 0;
      for (Sample& sample : out_.values) sample = Lifting<Sample>::alone(sample, even);
      return;
    }
    // A few columns at a time, so that all steps find them in the cache.
    constexpr std::uint32_t kColumns = 64;
    for (std::uint32_t x = 0; x < out_.width(); x += kColumns) lift_columns<0>(x, std::min(kColumns, out_.width() - x));
  }

  template <std::uint32_t Step>
  void lift_columns(std::uint32_t x, std::uint32_t count) {
    if constexpr (Step < Lifting<Sample>::kSteps) {
      const GridArea& area = areas_.samples;
      const std::uint32_t parity = Lifting<Sample>::is_even(Step) ? 0 : 1;
      for (std::uint32_t y = area.y0 + (area.y0 % 2 == parity ? 0 : 1); y < area.y1; y += 2) {
        const bool first = y == area.y0;
        const bool last = y + 1 == area.y1;
        if (first && last) continue;
        Sample* own = out_.row(y) + x;
        const Sample* above = out_.row(first ? y + 1 : y - 1) + x;
        const Sample* below = out_.row(last ? y - 1 : y + 1) + x;
        for (std::uint32_t i = 0; i < count; ++i)
          own[i] = Lifting<Sample>::template lifted<Step>(own[i], above[i], below[i]);
      }
      lift_columns<Step + 1>(x, count);
    }
  }

  const BandAreas& areas_;
  GridArea resolution_;
  Samples<Sample> out_;
  std::vector<Sample> low_;
  std::vector<Sample> high_;
};

}  // namespace

BandAreas band_areas(GridArea area, GridArea resolution, bool reversible) noexcept {
  const std::uint32_t margin = reversible ? Lifting<std::int32_t>::kMargin : Lifting<float>::kMargin;
  const Span x = grown({area.x0, area.x1}, margin, {resolution.x0, resolution.x1});
  const Span y = grown({area.y0, area.y1}, margin, {resolution.y0, resolution.y1});
  const Span low_x = low_of(x);
  const Span low_y = low_of(y);
  const Span high_x = high_of(x);
  const Span high_y = high_of(y);
  BandAreas areas;
  areas.samples = {x.begin, y.begin, x.end, y.end};
  areas.ll = {low_x.begin, low_y.begin, low_x.end, low_y.end};
  areas.hl = {high_x.begin, low_y.begin, high_x.end, low_y.end};
  areas.lh = {low_x.begin, high_y.begin, low_x.end, high_y.end};
  areas.hh = {high_x.begin, high_y.begin, high_x.end, high_y.end};
  return areas;
}

Samples<std::int32_t> join_bands(const BandAreas& areas, GridArea resolution, const Samples<std::int32_t>& ll,
                                 const Samples<std::int32_t>& hl, const Samples<std::int32_t>& lh,
                                 const Samples<std::int32_t>& hh) {
  return Joining<std::int32_t>(areas, resolution).run(ll, hl, lh, hh);
}

Samples<float> join_bands(const BandAreas& areas, GridArea resolution, const Samples<float>& ll,
                          const Samples<float>& hl, const Samples<float>& lh, const Samples<float>& hh) {
  return Joining<float>(areas, resolution).run(ll, hl, lh, hh);
}

}  // namespace armarium::codec::jp2
