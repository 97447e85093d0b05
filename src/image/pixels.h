#pragma once
// Pixels in memory: interleaved samples, rows without padding, alpha (when there is one) last and not premultiplied. A decoder gives
// any model at 8 or 16 bits with its ICC profile; image::to_display turns that into what the encoders and operations take: 8-bit grey or sRGB,
// with or without alpha. Owns its samples; move-only in spirit (copying is explicit by copy()). Not for sharing while being written.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "image/geometry.h"

namespace armarium::image {

// lab is encoded as in ICC version 4: L over the whole range, a and b with 128 (8 bit) or 0x8080 (16 bit) for zero.
enum class ColourModel : std::uint8_t { grey, rgb, cmyk, lab };

struct PixelFormat {
  ColourModel model = ColourModel::rgb;
  std::uint8_t bits = 8;  // 8 or 16 for a sample; 16-bit samples in the byte order of the machine
  bool alpha = false;
  bool inverted = false;  // CMYK as Adobe's JPEGs hold it: 0 is full ink

  std::uint32_t channels() const noexcept;  // alpha counted
  std::uint32_t bytes_per_pixel() const noexcept { return channels() * (bits / 8U); }
  friend bool operator==(const PixelFormat&, const PixelFormat&) = default;
};

inline constexpr PixelFormat kGrey8{ColourModel::grey, 8, false, false};
inline constexpr PixelFormat kRgb8{ColourModel::rgb, 8, false, false};
inline constexpr PixelFormat kRgba8{ColourModel::rgb, 8, true, false};

class Pixels {
 public:
  Pixels() = default;
  // Allocates without clearing to a value; resource_limit when `size` times the format is over `max_bytes`.
  static base::Result<Pixels> allocate(Size size, PixelFormat format, std::uint64_t max_bytes = std::uint64_t{4} << 30);

  Pixels(Pixels&&) noexcept = default;
  Pixels& operator=(Pixels&&) noexcept = default;
  Pixels(const Pixels&) = delete;
  Pixels& operator=(const Pixels&) = delete;
  Pixels copy() const;

  Size size() const noexcept { return size_; }
  std::uint32_t width() const noexcept { return size_.width; }
  std::uint32_t height() const noexcept { return size_.height; }
  const PixelFormat& format() const noexcept { return format_; }
  std::size_t stride() const noexcept { return std::size_t{size_.width} * format_.bytes_per_pixel(); }

  std::uint8_t* row(std::uint32_t y) noexcept { return samples_.get() + y * stride(); }
  const std::uint8_t* row(std::uint32_t y) const noexcept { return samples_.get() + y * stride(); }
  std::span<std::uint8_t> bytes() noexcept { return {samples_.get(), stride() * size_.height}; }
  std::span<const std::uint8_t> bytes() const noexcept { return {samples_.get(), stride() * size_.height}; }

 private:
  Size size_;
  PixelFormat format_;
  std::unique_ptr<std::uint8_t[]> samples_;
};

}  // namespace armarium::image
