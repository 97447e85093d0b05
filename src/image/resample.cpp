// Rows first, then columns, in fixed point: the first pass runs over whole rows of samples, which compilers turn into vector code; the second works on what is
// left of them.

#include <algorithm>
#include <cmath>
#include <vector>

#include "image/operations.h"
#include "image/resample_filter.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kRowsBetweenChecks = 32;
constexpr int kRowShift = 8;  // leaves 6 bits below one between the passes
constexpr int kColumnShift = 2 * kWeightBits - kRowShift;

// One row of the first pass: the weighted sum of source rows, samples times 64.
void combine_rows(const Pixels& source, ResampleFilter::Taps taps, std::vector<std::int32_t>& sums,
                  std::vector<std::int16_t>& out) {
  const std::size_t count = sums.size();
  std::fill(sums.begin(), sums.end(), 1 << (kRowShift - 1));
  for (std::uint32_t k = 0; k < taps.count; ++k) {
    const std::uint8_t* row = source.row(taps.first + k);
    const std::int16_t weight = taps.weights[k];
    if (weight == 0) continue;
    std::int32_t* sum = sums.data();
    for (std::size_t i = 0; i < count; ++i)
      sum[i] += std::int32_t{weight} * std::int32_t{static_cast<std::int16_t>(row[i])};
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::int16_t>(sums[i] >> kRowShift);
}

template <std::uint32_t Channels>
void combine_columns(const std::vector<std::int16_t>& row, const ResampleFilter& filter, std::uint8_t* out) {
  for (std::uint32_t x = 0; x < filter.size(); ++x) {
    const ResampleFilter::Taps taps = filter.at(x);
    const std::int16_t* in = row.data() + std::size_t{taps.first} * Channels;
    std::int32_t sums[Channels];
    for (std::uint32_t c = 0; c < Channels; ++c) sums[c] = 1 << (kColumnShift - 1);
    for (std::uint32_t k = 0; k < taps.count; ++k, in += Channels) {
      for (std::uint32_t c = 0; c < Channels; ++c) sums[c] += std::int32_t{taps.weights[k]} * in[c];
    }
    for (std::uint32_t c = 0; c < Channels; ++c)
      *out++ = static_cast<std::uint8_t>(std::clamp(sums[c] >> kColumnShift, 0, 255));
  }
}

void combine_columns(std::uint32_t channels, const std::vector<std::int16_t>& row, const ResampleFilter& filter,
                     std::uint8_t* out) {
  switch (channels) {
    case 1: return combine_columns<1>(row, filter, out);
    case 2: return combine_columns<2>(row, filter, out);
    case 3: return combine_columns<3>(row, filter, out);
    default: return combine_columns<4>(row, filter, out);
  }
}

base::Result<Pixels> resample_samples(const Pixels& source, RectF window, Size target,
                                      const base::CancelToken& cancel) {
  auto result = Pixels::allocate(target, source.format());
  if (!result) return result;
  const ResampleFilter columns(window.x, window.width, source.width(), target.width);
  const ResampleFilter rows(window.y, window.height, source.height(), target.height);
  const std::size_t samples = std::size_t{source.width()} * source.format().channels();
  std::vector<std::int32_t> sums(samples);
  std::vector<std::int16_t> row(samples);
  for (std::uint32_t y = 0; y < target.height; ++y) {
    if (y % kRowsBetweenChecks == 0) {
      if (auto go_on = cancel.check(); !go_on) return base::fail(std::move(go_on.error()));
    }
    combine_rows(source, rows.at(y), sums, row);
    combine_columns(source.format().channels(), row, columns, result->row(y));
  }
  return result;
}

// Colours of transparent pixels must not bleed into their neighbours, so they are weighted by alpha while they are mixed.
Pixels premultiplied(const Pixels& source) {
  Pixels result = source.copy();
  const std::uint32_t colours = source.format().channels() - 1;
  std::uint8_t* pixel = result.bytes().data();
  for (std::uint64_t i = 0; i < source.size().area(); ++i, pixel += colours + 1) {
    const std::uint32_t alpha = pixel[colours];
    for (std::uint32_t c = 0; c < colours; ++c) pixel[c] = static_cast<std::uint8_t>((pixel[c] * alpha + 127U) / 255U);
  }
  return result;
}

void undo_premultiplication(Pixels& pixels) {
  const std::uint32_t colours = pixels.format().channels() - 1;
  std::uint8_t* pixel = pixels.bytes().data();
  for (std::uint64_t i = 0; i < pixels.size().area(); ++i, pixel += colours + 1) {
    const std::uint32_t alpha = pixel[colours];
    if (alpha == 0 || alpha == 255) continue;
    for (std::uint32_t c = 0; c < colours; ++c) {
      pixel[c] = static_cast<std::uint8_t>(std::min(255U, (pixel[c] * 255U + alpha / 2) / alpha));
    }
  }
}

// The pixels that the filter can reach from the window. All of a large picture need not be looked at for one tile.
Rect reached(Size source, RectF window, Size target) noexcept {
  auto axis = [](double start, double length, std::uint32_t samples, std::uint32_t wanted) {
    const double reach = ResampleFilter::reach(length, wanted) + 1;
    const double last = samples - 1.0;
    const auto first = static_cast<std::uint32_t>(std::clamp(std::floor(start - reach), 0.0, last));
    const auto end = static_cast<std::uint32_t>(std::clamp(std::ceil(start + length + reach), first + 1.0, last + 1));
    return std::pair{first, end - first};
  };
  const auto [x, width] = axis(window.x, window.width, source.width, target.width);
  const auto [y, height] = axis(window.y, window.height, source.height, target.height);
  return {x, y, width, height};
}

bool is_opaque(const Pixels& pixels) noexcept {
  const std::uint32_t channels = pixels.format().channels();
  const auto samples = pixels.bytes();
  for (std::size_t i = channels - 1; i < samples.size(); i += channels) {
    if (samples[i] != 255) return false;
  }
  return true;
}

bool is_whole(double value) noexcept { return std::abs(value - std::round(value)) < 1e-9; }

// A window on whole pixels that keeps its size is a plain part: the filter would give the same.
bool is_plain_part(const Pixels& source, RectF window, Size target) noexcept {
  return is_whole(window.x) && is_whole(window.y) && std::abs(window.width - target.width) < 1e-9 &&
         std::abs(window.height - target.height) < 1e-9 && window.x > -0.5 && window.y > -0.5 &&
         std::llround(window.x) + target.width <= source.width() &&
         std::llround(window.y) + target.height <= source.height();
}

}  // namespace

base::Result<Pixels> resample(const Pixels& source, RectF window, Size target, const base::CancelToken& cancel) {
  const PixelFormat format = source.format();
  const bool known = format.bits == 8 && (format.model == ColourModel::grey || format.model == ColourModel::rgb);
  if (!known || source.size().empty() || target.empty() || !(window.width > 0) || !(window.height > 0)) {
    return base::fail(base::ErrorCode::internal, "The picture could not be scaled.");
  }
  if (is_plain_part(source, window, target)) {
    return crop(source, {static_cast<std::uint32_t>(std::llround(window.x)),
                         static_cast<std::uint32_t>(std::llround(window.y)), target.width, target.height});
  }
  const Rect needed = reached(source.size(), window, target);
  if (needed != Rect::of(source.size())) {
    auto part = crop(source, needed);
    if (!part) return part;
    return resample(*part, {window.x - needed.x, window.y - needed.y, window.width, window.height}, target, cancel);
  }
  if (!format.alpha || is_opaque(source)) return resample_samples(source, window, target, cancel);
  auto result = resample_samples(premultiplied(source), window, target, cancel);
  if (result) undo_premultiplication(*result);
  return result;
}

}  // namespace armarium::image
