#pragma once
// A picture as luma and two chroma planes, 8 bits, as JPEG has them: full range, ITU-R BT.601 (JFIF 1.02), chroma samples in the middle of the pixels that
// they stand for. Decoding, scaling and encoding in planes needs no conversion of colours and half the memory. Owns its samples; move-only.

#include <array>
#include <variant>

#include "image/mosaic.h"
#include "image/pixels.h"

namespace armarium::image {

// How many pixels across and down share a chroma sample: 2 x 2 is "4:2:0". 0 x 0 stands for no planes at all.
struct Sampling {
  std::uint8_t x = 0;
  std::uint8_t y = 0;
  bool none() const noexcept { return x == 0 || y == 0; }
  // Where planes of a picture of this size have their last sample.
  Size chroma(Size size) const noexcept { return {scaled_up(size.width, x), scaled_up(size.height, y)}; }
  friend bool operator==(const Sampling&, const Sampling&) = default;
};
inline constexpr Sampling kFullChroma{1, 1};
inline constexpr Sampling kHalfChroma{2, 2};

class Planes {
 public:
  Planes() = default;
  // Rows are padded to multiples of 32 luma samples, and there are that many rows, so that whole JPEG blocks can be written. Not cleared.
  static base::Result<Planes> allocate(Size size, Sampling sampling, std::uint64_t max_bytes = std::uint64_t{4} << 30);

  Size size() const noexcept { return size_; }
  Sampling sampling() const noexcept { return sampling_; }
  // 0 is luma, 1 and 2 are Cb and Cr.
  Size plane_size(std::uint32_t plane) const noexcept { return plane == 0 ? size_ : sampling_.chroma(size_); }
  std::size_t stride(std::uint32_t plane) const noexcept { return plane == 0 ? stride_ : stride_ / sampling_.x; }
  std::uint32_t padded_rows(std::uint32_t plane) const noexcept { return plane == 0 ? rows_ : rows_ / sampling_.y; }
  std::uint8_t* row(std::uint32_t plane, std::uint32_t y) noexcept {
    return samples_.get() + offsets_[plane] + y * stride(plane);
  }
  const std::uint8_t* row(std::uint32_t plane, std::uint32_t y) const noexcept {
    return samples_.get() + offsets_[plane] + y * stride(plane);
  }
  std::size_t bytes() const noexcept { return bytes_; }
  // Luma black, chroma none.
  void clear() noexcept;

 private:
  Size size_;
  Sampling sampling_;
  std::size_t stride_ = 0;
  std::uint32_t rows_ = 0;
  std::size_t bytes_ = 0;
  std::array<std::size_t, 3> offsets_{};
  std::unique_ptr<std::uint8_t[]> samples_;
};

// What a reading gives: pixels, or planes where nothing needs RGB.
using Raster = std::variant<Pixels, Planes>;

// Luma, Cb and Cr of a picture or of a part of it, in pieces; `size` in pixels.
struct PlaneMosaics {
  Size size;
  Sampling sampling;
  std::vector<Mosaic> planes;  // three

  static PlaneMosaics of(const Planes& planes);
};

// Scales the part `window` of `source` (in pixels) to `target`, with chroma as `sampling` says. As resample of operations.h.
base::Result<Planes> resample_planes(const PlaneMosaics& source, RectF window, Size target, Sampling sampling,
                                     const base::CancelToken& cancel);
base::Result<Pixels> resample_luma(const PlaneMosaics& source, RectF window, Size target,
                                   const base::CancelToken& cancel);

// The planes' colours by an embedded profile to sRGB, as to_display of operations.h, chroma shared as before.
base::Result<Planes> to_display(Planes source, base::ByteView icc, const base::CancelToken& cancel);

// To RGB; `planes` must have full chroma.
base::Result<Pixels> to_rgb(const Planes& planes);
// From 8-bit grey or RGB, alpha left out; chroma is the mean of the pixels that share it.
base::Result<Planes> to_planes(const Pixels& pixels, Sampling sampling);

}  // namespace armarium::image
