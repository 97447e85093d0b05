// Rows first, then columns, in fixed point (image/resample_kernels.h): the first pass runs over whole rows of samples, the second works on what is left of them.

#include "image/mosaic.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "image/resample_kernels.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kRowsBetweenChecks = 32;

bool is_whole(double value) noexcept { return std::abs(value - std::round(value)) < 1e-9; }

// The two passes and what they keep between rows.
class Passes {
 public:
  Passes(const Mosaic& source, std::shared_ptr<const ResampleFilter> columns,
         std::shared_ptr<const ResampleFilter> rows)
      : source_(source),
        columns_(std::move(columns)),
        rows_(std::move(rows)),
        line_((columns_->end() - columns_->begin()) * std::size_t{source.channels()} + columns_->stride()) {
    if (source.channels() == 1) return;
    plane_.resize(columns_->end() - columns_->begin() + columns_->stride());
    bytes_.resize(columns_->size());
  }

  void run(std::uint32_t y, std::uint8_t* out) {
    combine_rows(rows_->at(y));
    const std::uint32_t channels = source_.channels();
    if (channels == 1) return kernels_.columns(line_.data(), *columns_, out);
    const std::size_t width = columns_->end() - columns_->begin();
    if (channels == 3) return run_colours(width, out);
    for (std::uint32_t c = 0; c < channels; ++c) {
      const std::int16_t* in = line_.data() + c;
      for (std::size_t x = 0; x < width; ++x) plane_[x] = in[x * channels];
      kernels_.columns(plane_.data(), *columns_, bytes_.data());
      for (std::size_t x = 0; x < bytes_.size(); ++x) out[x * channels + c] = bytes_[x];
    }
  }

 private:
  void run_colours(std::size_t width, std::uint8_t* out) {
    const std::size_t plane = width + columns_->stride();
    plane_.resize(3 * plane);
    bytes_.resize(3 * std::size_t{columns_->size()});
    kernels_.split(line_.data(), width, plane_.data(), plane_.data() + plane, plane_.data() + 2 * plane);
    const std::size_t count = columns_->size();
    for (std::size_t c = 0; c < 3; ++c)
      kernels_.columns(plane_.data() + c * plane, *columns_, bytes_.data() + c * count);
    kernels_.join(bytes_.data(), bytes_.data() + count, bytes_.data() + 2 * count, count, out);
  }

  void combine_rows(ResampleFilter::Taps taps) {
    pointers_.resize(taps.count);
    const std::vector<std::uint32_t>& edges = source_.columns();
    const std::uint32_t first_row = source_.grid_row(taps.first);
    for (std::uint32_t column = 0; column + 1 < edges.size(); ++column) {
      const std::uint32_t left = std::max(edges[column], columns_->begin());
      const std::uint32_t right = std::min(edges[column + 1], columns_->end());
      if (left >= right) continue;
      std::uint32_t grid_row = first_row;
      for (std::uint32_t k = 0; k < taps.count; ++k) {
        while (taps.first + k >= source_.row_end(grid_row)) ++grid_row;
        pointers_[k] =
            source_.row(column, grid_row, taps.first + k) + std::size_t{left - edges[column]} * source_.channels();
      }
      kernels_.rows(pointers_.data(), taps.weights, taps.count, std::size_t{right - left} * source_.channels(),
                    line_.data() + std::size_t{left - columns_->begin()} * source_.channels());
    }
  }

  const Mosaic& source_;
  std::shared_ptr<const ResampleFilter> columns_;
  std::shared_ptr<const ResampleFilter> rows_;
  const ResampleKernels& kernels_ = best_kernels();
  std::vector<const std::uint8_t*> pointers_;
  std::vector<std::int16_t> line_;
  std::vector<std::int16_t> plane_;  // one channel of the line
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

bool is_plain_part(Size source, RectF window, Size target) noexcept {
  return is_whole(window.x) && is_whole(window.y) && std::abs(window.width - target.width) < 1e-9 &&
         std::abs(window.height - target.height) < 1e-9 && window.x > -0.5 && window.y > -0.5 &&
         std::llround(window.x) + target.width <= source.width &&
         std::llround(window.y) + target.height <= source.height;
}

std::uint32_t Mosaic::grid_row(std::uint32_t y) const noexcept {
  return static_cast<std::uint32_t>(std::upper_bound(rows_.begin(), rows_.end(), y) - rows_.begin() - 1);
}

void Mosaic::copy_row(std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint8_t* out) const noexcept {
  const std::uint32_t grid = grid_row(y);
  for (std::uint32_t column = 0; column + 1 < columns_.size(); ++column) {
    const std::uint32_t left = std::max(columns_[column], x);
    const std::uint32_t right = std::min(columns_[column + 1], x + width);
    if (left >= right) continue;
    std::memcpy(out + std::size_t{left - x} * channels_,
                row(column, grid, y) + std::size_t{left - columns_[column]} * channels_,
                std::size_t{right - left} * channels_);
  }
}

base::Result<> resample_mosaic(const Mosaic& source, RectF window, Size target, Kernel kernel, Canvas out,
                               const base::CancelToken& cancel) {
  if (is_plain_part(source.size(), window, target)) {
    const auto x = static_cast<std::uint32_t>(std::llround(window.x));
    const auto y = static_cast<std::uint32_t>(std::llround(window.y));
    for (std::uint32_t i = 0; i < target.height; ++i)
      source.copy_row(x, y + i, target.width, out.samples + i * out.stride);
    return {};
  }
  Passes passes(source, ResampleFilter::kept(window.x, window.width, source.size().width, target.width, kernel),
                ResampleFilter::kept(window.y, window.height, source.size().height, target.height, kernel));
  for (std::uint32_t y = 0; y < target.height; ++y) {
    if (y % kRowsBetweenChecks == 0) {
      if (auto go_on = cancel.check(); !go_on) return go_on;
    }
    passes.run(y, out.samples + y * out.stride);
  }
  return {};
}

}  // namespace armarium::image
