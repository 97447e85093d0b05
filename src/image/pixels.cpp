#include "image/pixels.h"

#include <algorithm>

#include <fmt/format.h>

namespace armarium::image {

std::uint32_t PixelFormat::channels() const noexcept {
  std::uint32_t colours = 3;
  if (model == ColourModel::grey) colours = 1;
  if (model == ColourModel::cmyk) colours = 4;
  return colours + (alpha ? 1 : 0);
}

base::Result<Pixels> Pixels::allocate(Size size, PixelFormat format, std::uint64_t max_bytes) {
  const std::uint64_t pixel = format.bytes_per_pixel();
  if (size.empty() || size.area() > max_bytes / pixel) {
    return base::fail(base::ErrorCode::resource_limit, "The picture needs more memory than the server allows.",
                      fmt::format("{}x{}", size.width, size.height));
  }
  Pixels pixels;
  pixels.size_ = size;
  pixels.format_ = format;
  pixels.samples_ = std::make_unique_for_overwrite<std::uint8_t[]>(size.area() * pixel);
  return pixels;
}

Pixels Pixels::copy() const {
  Pixels other;
  other.size_ = size_;
  other.format_ = format_;
  other.samples_ = std::make_unique_for_overwrite<std::uint8_t[]>(bytes().size());
  std::copy(bytes().begin(), bytes().end(), other.samples_.get());
  return other;
}

}  // namespace armarium::image
