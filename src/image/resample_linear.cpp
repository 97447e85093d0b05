// Scaling in linear light, in floating point: rows first, then columns, with the weights of image/resample_filter.h.

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "image/operations.h"
#include "image/resample_filter.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kRowsBetweenChecks = 32;
constexpr std::size_t kSteps = 1U << 14;  // of light; the curve is steepest where a step is a fifth of a level

// IEC 61966-2-1.
float light_of(double sample) {
  const double v = sample / 255;
  return static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
}

const std::array<float, 256>& light_table() {
  static const auto table = [] {
    std::array<float, 256> made{};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = light_of(static_cast<double>(i));
    return made;
  }();
  return table;
}

const std::array<std::uint8_t, kSteps + 1>& sample_table() {
  static const auto table = [] {
    std::array<std::uint8_t, kSteps + 1> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      const double light = static_cast<double>(i) / kSteps;
      const double v = light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
      made[i] = static_cast<std::uint8_t>(std::lround(v * 255));
    }
    return made;
  }();
  return table;
}

// Of a value that is not negative; lround is no single instruction.
std::size_t rounded(float value) {
  return static_cast<std::size_t>(value + 0.5F);  // NOLINT(bugprone-incorrect-roundings)
}

// What is mixed: light, of colours that are not opaque as much as is seen of it.
class LinearPasses {
 public:
  LinearPasses(const Pixels& source, std::shared_ptr<const ResampleFilter> columns,
               std::shared_ptr<const ResampleFilter> rows)
      : source_(source),
        columns_(std::move(columns)),
        rows_(std::move(rows)),
        channels_(source.format().channels()),
        line_(std::size_t{columns_->end() - columns_->begin()} * channels_) {}

  void run(std::uint32_t y, std::uint8_t* out) {
    std::fill(line_.begin(), line_.end(), 0.0F);
    const ResampleFilter::Taps taps = rows_->at(y);
    for (std::uint32_t k = 0; k < taps.count; ++k) {
      if (taps.weights[k] != 0) add_row(source_.row(taps.first + k), static_cast<float>(taps.weights[k]) * kUnit);
    }
    for (std::uint32_t x = 0; x < columns_->size(); ++x, out += channels_) mix_column(columns_->at(x), out);
  }

 private:
  static constexpr float kUnit = 1.0F / (1 << kWeightBits);

  void add_row(const std::uint8_t* row, float weight) {
    row += std::size_t{columns_->begin()} * channels_;
    if (!source_.format().alpha) {
      for (std::size_t i = 0; i < line_.size(); ++i) line_[i] += weight * light_[row[i]];
      return;
    }
    for (std::size_t i = 0; i < line_.size(); i += channels_) {
      const float alpha = weight * static_cast<float>(row[i + channels_ - 1]) / 255;
      for (std::uint32_t c = 0; c + 1 < channels_; ++c) line_[i + c] += alpha * light_[row[i + c]];
      line_[i + channels_ - 1] += alpha;
    }
  }

  void mix_column(ResampleFilter::Taps taps, std::uint8_t* out) const {
    std::array<float, 4> sum{};
    const float* in = line_.data() + std::size_t{taps.first - columns_->begin()} * channels_;
    for (std::uint32_t k = 0; k < taps.count; ++k, in += channels_) {
      for (std::uint32_t c = 0; c < channels_; ++c) sum[c] += static_cast<float>(taps.weights[k]) * kUnit * in[c];
    }
    std::uint32_t colours = channels_;
    if (source_.format().alpha) {
      const float alpha = std::clamp(sum[--colours], 0.0F, 1.0F);
      out[colours] = static_cast<std::uint8_t>(rounded(alpha * 255));
      for (std::uint32_t c = 0; c < colours; ++c) sum[c] = alpha > 0 ? sum[c] / alpha : 0;
    }
    for (std::uint32_t c = 0; c < colours; ++c) out[c] = samples_[rounded(std::clamp(sum[c], 0.0F, 1.0F) * kSteps)];
  }

  const Pixels& source_;
  std::shared_ptr<const ResampleFilter> columns_;
  std::shared_ptr<const ResampleFilter> rows_;
  std::uint32_t channels_;
  const std::array<float, 256>& light_ = light_table();
  const std::array<std::uint8_t, kSteps + 1>& samples_ = sample_table();
  std::vector<float> line_;
};

}  // namespace

base::Result<Pixels> resample_linear(const Pixels& source, RectF window, Size target, const base::CancelToken& cancel) {
  const PixelFormat format = source.format();
  const bool known = format.bits == 8 && (format.model == ColourModel::grey || format.model == ColourModel::rgb);
  if (!known || source.size().empty() || target.empty() || !(window.width > 0) || !(window.height > 0))
    return base::fail(base::ErrorCode::internal, "The picture could not be scaled.");
  auto result = Pixels::allocate(target, format);
  if (!result) return result;
  LinearPasses passes(source, ResampleFilter::kept(window.x, window.width, source.width(), target.width),
                      ResampleFilter::kept(window.y, window.height, source.height(), target.height));
  for (std::uint32_t y = 0; y < target.height; ++y) {
    if (y % kRowsBetweenChecks == 0) {
      if (auto go_on = cancel.check(); !go_on) return base::fail(std::move(go_on.error()));
    }
    passes.run(y, result->row(y));
  }
  return result;
}

}  // namespace armarium::image
