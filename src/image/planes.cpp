#include "image/planes.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "image/channel_rows.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kAlign = 32;
constexpr std::uint64_t kLargestSide = 1U << 31;
constexpr int kHalf = 1 << 15;

std::uint64_t aligned(std::uint64_t value) noexcept { return (value + kAlign - 1) / kAlign * kAlign; }
std::uint8_t byte(int value) noexcept { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

int luma_of(const std::uint8_t* rgb) noexcept {
  return (19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + kHalf) >> 16;
}

// Chroma of the mean colour of a few pixels.
std::uint8_t chroma_of(const int* sums, int count, bool blue) noexcept {
  const std::int64_t r = sums[0];
  const std::int64_t g = sums[1];
  const std::int64_t b = sums[2];
  const std::int64_t value = blue ? -11059 * r - 21709 * g + 32768 * b : 32768 * r - 27439 * g - 5329 * b;
  return byte(static_cast<int>((value / count + (128 << 16) + kHalf - 1) >> 16));
}

}  // namespace

base::Result<Planes> Planes::allocate(Size size, Sampling sampling, std::uint64_t max_bytes) {
  const bool fits = !size.empty() && !sampling.none() && size.width < kLargestSide && size.height < kLargestSide &&
                    kAlign % sampling.x == 0 && kAlign % sampling.y == 0;
  const std::uint64_t luma = fits ? aligned(size.width) * aligned(size.height) : 0;
  if (!fits || luma > max_bytes / 3) {
    return base::fail(base::ErrorCode::resource_limit, "The picture needs more memory than the server allows.",
                      fmt::format("{}x{} in planes", size.width, size.height));
  }
  Planes planes;
  planes.size_ = size;
  planes.sampling_ = sampling;
  planes.stride_ = aligned(size.width);
  planes.rows_ = static_cast<std::uint32_t>(aligned(size.height));
  const std::size_t chroma = luma / sampling.x / sampling.y;
  planes.offsets_ = {0, luma, luma + chroma};
  planes.bytes_ = luma + 2 * chroma;
  planes.samples_ = std::make_unique_for_overwrite<std::uint8_t[]>(planes.bytes_);
  return planes;
}

void Planes::clear() noexcept {
  std::memset(samples_.get(), 0, offsets_[1]);
  std::memset(samples_.get() + offsets_[1], 128, bytes_ - offsets_[1]);
}

PlaneMosaics PlaneMosaics::of(const Planes& planes) {
  PlaneMosaics result{planes.size(), planes.sampling(), {}};
  for (std::uint32_t i = 0; i < 3; ++i)
    result.planes.emplace_back(planes.plane_size(i), 1, Mosaic::Piece{planes.row(i, 0), planes.stride(i)});
  return result;
}

base::Result<Planes> resample_planes(const PlaneMosaics& source, RectF window, Size target, Sampling sampling,
                                     const base::CancelToken& cancel) {
  auto result = Planes::allocate(target, sampling);
  if (!result) return result;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const Size size = result->plane_size(i);
    RectF part = window;
    if (i > 0) {
      // The last chroma sample may stand for pixels beyond the edge: the window grows as the target does.
      const double across = static_cast<double>(size.width) * sampling.x / target.width;
      const double down = static_cast<double>(size.height) * sampling.y / target.height;
      part = {window.x / source.sampling.x, window.y / source.sampling.y, window.width * across / source.sampling.x,
              window.height * down / source.sampling.y};
    }
    auto done =
        resample_mosaic(source.planes[i], part, size, Kernel::lanczos3, {result->row(i, 0), result->stride(i)}, cancel);
    if (!done) return base::fail(std::move(done.error()));
  }
  return result;
}

base::Result<Pixels> resample_luma(const PlaneMosaics& source, RectF window, Size target,
                                   const base::CancelToken& cancel) {
  auto result = Pixels::allocate(target, kGrey8);
  if (!result) return result;
  auto done =
      resample_mosaic(source.planes[0], window, target, Kernel::lanczos3, {result->row(0), result->stride()}, cancel);
  if (!done) return base::fail(std::move(done.error()));
  return result;
}

base::Result<Pixels> to_rgb(const Planes& planes) {
  if (!(planes.sampling() == kFullChroma)) {
    return base::fail(base::ErrorCode::internal, "The picture could not be converted.", "chroma is not full");
  }
  auto result = Pixels::allocate(planes.size(), kRgb8);
  if (!result) return result;
  ChannelRows rows(result->width());
  for (std::uint32_t y = 0; y < result->height(); ++y) {
    best_colour_kernels().to_rgb(planes.row(0, y), planes.row(1, y), planes.row(2, y), rows.width(), rows.channel(0),
                                 rows.channel(1), rows.channel(2));
    rows.store(result->row(y));
  }
  return result;
}

base::Result<Planes> to_planes(const Pixels& pixels, Sampling sampling) {
  const std::uint32_t channels = pixels.format().channels();
  if (pixels.format().bits != 8 || channels < 3 || pixels.format().model != ColourModel::rgb)
    return base::fail(base::ErrorCode::internal, "The picture could not be converted.", "planes are made of RGB");
  auto result = Planes::allocate(pixels.size(), sampling);
  if (!result) return result;
  for (std::uint32_t y = 0; y < pixels.height(); ++y) {
    const std::uint8_t* in = pixels.row(y);
    std::uint8_t* out = result->row(0, y);
    for (std::uint32_t x = 0; x < pixels.width(); ++x) out[x] = static_cast<std::uint8_t>(luma_of(in + x * channels));
  }
  const Size chroma = result->plane_size(1);
  for (std::uint32_t v = 0; v < chroma.height; ++v) {
    for (std::uint32_t u = 0; u < chroma.width; ++u) {
      int sums[3] = {};
      int count = 0;
      for (std::uint32_t y = v * sampling.y; y < std::min<std::uint32_t>((v + 1) * sampling.y, pixels.height()); ++y) {
        for (std::uint32_t x = u * sampling.x; x < std::min<std::uint32_t>((u + 1) * sampling.x, pixels.width());
             ++x, ++count) {
          for (std::uint32_t c = 0; c < 3; ++c) sums[c] += pixels.row(y)[x * channels + c];
        }
      }
      result->row(1, v)[u] = chroma_of(sums, count, true);
      result->row(2, v)[u] = chroma_of(sums, count, false);
    }
  }
  return result;
}

}  // namespace armarium::image
