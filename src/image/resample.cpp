// Scaling of interleaved pixels, with and without alpha; the arithmetic is in image/mosaic.cpp.

#include <algorithm>
#include <cmath>

#include "image/mosaic.h"
#include "image/operations.h"

namespace armarium::image {
namespace {

base::Result<Pixels> resample_samples(const Pixels& source, RectF window, Size target,
                                      const base::CancelToken& cancel) {
  auto result = Pixels::allocate(target, source.format());
  if (!result) return result;
  const Mosaic mosaic(source.size(), source.format().channels(), {source.row(0), source.stride()});
  auto done = resample_mosaic(mosaic, window, target, Kernel::lanczos3, {result->row(0), result->stride()}, cancel);
  if (!done) return base::fail(std::move(done.error()));
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

bool is_opaque(const Pixels& pixels) noexcept {
  const std::uint32_t channels = pixels.format().channels();
  const auto samples = pixels.bytes();
  for (std::size_t i = channels - 1; i < samples.size(); i += channels) {
    if (samples[i] != 255) return false;
  }
  return true;
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

}  // namespace

base::Result<Pixels> resample(const Pixels& source, RectF window, Size target, const base::CancelToken& cancel) {
  const PixelFormat format = source.format();
  const bool known = format.bits == 8 && (format.model == ColourModel::grey || format.model == ColourModel::rgb);
  if (!known || source.size().empty() || target.empty() || !(window.width > 0) || !(window.height > 0)) {
    return base::fail(base::ErrorCode::internal, "The picture could not be scaled.");
  }
  if (!format.alpha || is_plain_part(source.size(), window, target))
    return resample_samples(source, window, target, cancel);
  const Rect needed = reached(source.size(), window, target);
  if (needed != Rect::of(source.size())) {
    auto part = crop(source, needed);
    if (!part) return part;
    return resample(*part, {window.x - needed.x, window.y - needed.y, window.width, window.height}, target, cancel);
  }
  if (is_opaque(source)) return resample_samples(source, window, target, cancel);
  auto result = resample_samples(premultiplied(source), window, target, cancel);
  if (result) undo_premultiplication(*result);
  return result;
}

}  // namespace armarium::image
