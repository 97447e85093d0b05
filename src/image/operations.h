#pragma once
// What happens to decoded pixels, in the order of the Image API: region (done by the decoder), size, mirroring, rotation, quality. Every function
// takes and gives 8-bit grey or RGB with or without alpha unless it says otherwise, owns its result, and checks the token between
// bands of rows. Pure; any thread; no function creates threads.

#include <optional>

#include "base/cancel.h"
#include "image/pixels.h"

namespace armarium::image {

// Scales the part `window` of `source` (coordinates between pixels, may be fractional) to `target` with an antialiasing filter whose phase
// depends on the window only, so that neighbouring tiles meet without a seam. Samples beyond the edge repeat the edge.
base::Result<Pixels> resample(const Pixels& source, RectF window, Size target, const base::CancelToken& cancel);

// The same in linear light: what is mixed are amounts of light (by sRGB's curve), so that fine bright lines on dark stay as bright as they were. Several times slower.
base::Result<Pixels> resample_linear(const Pixels& source, RectF window, Size target, const base::CancelToken& cancel);

// A part of the pixels, copied. `area` must lie inside.
base::Result<Pixels> crop(const Pixels& source, Rect area);

// The eight orientations of EXIF (1 to 8), as a view needs them: result upright. Any format.
base::Result<Pixels> apply_orientation(const Pixels& source, int orientation);

base::Result<Pixels> mirror(const Pixels& source);

// Clockwise by any angle in degrees [0, 360]; quarter turns are exact. Other angles enlarge the canvas to abs(w cos)+abs(h sin) by
// abs(w sin)+abs(h cos), without margin or scaling. Corners are transparent when `transparent` (the result then has alpha), else `fill` grey.
base::Result<Pixels> rotate(const Pixels& source, double degrees, bool transparent, std::uint8_t fill,
                            const base::CancelToken& cancel);
// The size that rotate gives.
Size rotated_size(Size size, double degrees) noexcept;

// Luma (ITU-R BT.601, as the display space is sRGB); keeps alpha.
base::Result<Pixels> to_grey(const Pixels& source);
// Two values, 0 and 255, by a fixed threshold on luma, so that a tile equals its part of the whole. Grey, no alpha.
base::Result<Pixels> to_bitonal(const Pixels& source);
// Over a background, for formats without alpha; no change where there is none.
base::Result<Pixels> flatten(Pixels source, std::uint8_t background);

// 8-bit grey or sRGB from any model and depth. `icc` is the embedded profile (may be empty or broken: then the model's usual space is assumed: sRGB,
// grey gamma 2.2, a generic CMYK, CIELAB D50). Transforms are cached by profile; the result of a tile equals that of the whole.
// Relative colorimetric with black point compensation.
base::Result<Pixels> to_display(Pixels source, base::ByteView icc, const base::CancelToken& cancel);
// Whether the profile can be read and is one of samples like these.
bool has_usable_profile(const PixelFormat& format, base::ByteView icc);
// Whether to_display would leave such samples as they are.
bool is_display(const PixelFormat& format, base::ByteView icc);

}  // namespace armarium::image
