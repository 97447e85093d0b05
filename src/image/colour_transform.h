#pragma once
// One way from decoded samples to the display space, made from a profile and a pixel format and kept for the next picture that has
// both. Immutable and shared between threads. lcms2 is known to this file's .cpp only.

#include <memory>

#include "image/pixels.h"

namespace armarium::image {

struct MatrixColour;

class ColourTransform {
 public:
  virtual ~ColourTransform() = default;
  // True when the samples are display samples already (8 bit grey or sRGB): nothing to do.
  virtual bool identity() const noexcept = 0;
  // Made from an embedded profile rather than from what the model usually means.
  virtual bool by_profile() const noexcept { return false; }
  // How it is done, where it is curves and a matrix on 8-bit RGB; else null.
  virtual const MatrixColour* matrix() const noexcept { return nullptr; }
  // Alpha is carried over.
  virtual void apply(const std::uint8_t* in, std::uint8_t* out, std::uint32_t pixels) const noexcept = 0;
};

// The format that display pixels of `format` have.
PixelFormat display_format(const PixelFormat& format) noexcept;

// A broken or unfitting profile counts as none; then the model's usual space is assumed.
std::shared_ptr<const ColourTransform> transform_for(const PixelFormat& format, base::ByteView icc);

}  // namespace armarium::image
