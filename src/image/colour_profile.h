#pragma once
// lcms2 behind two functions, so that its header stays in one file. Any thread.

#include <memory>

#include "image/colour_transform.h"

namespace armarium::image {

// A transform by the embedded profile, relative colorimetric with black point compensation; null when the profile is broken or is not of the
// format's model.
std::shared_ptr<const ColourTransform> profile_transform(const PixelFormat& format, base::ByteView icc);
// CIELAB with D50 white, encoded as ICC version 4 has it (8 bit: L 0..255, a and b plus 128).
std::shared_ptr<const ColourTransform> lab_transform(const PixelFormat& format);

}  // namespace armarium::image
