#pragma once
// Where a region lies in a decoded level, to a fraction of a pixel. Pure; any thread.

#include "codec/decoder.h"

namespace armarium::pipeline {

// The power of two by which `size` comes from `region`, rounded up as tiles and levels are; 0 when there is none.
std::uint32_t factor_between(image::Size region, image::Size size) noexcept;

// What a level is to its picture, upright.
struct LevelPlace {
  image::Size full;
  image::Size level;
  int orientation = 1;   // EXIF: tells at which edges a level's last, perhaps partial pixel lies
  bool wavelet = false;  // pixel n is centred on pixel n f of the picture (JPEG 2000), not on the middle of its square
};

// The window of a plan, made exact. Pixel n of a level that is the picture divided by a power of two covers [n f, (n + 1) f), the last one perhaps in
// part: so a region ends at its own fraction of a pixel. But a size that is its region divided by a power of two and rounded up is a tile or a level as
// info.json announces them (Image API 3.0, 5.4 and implementation notes): its own last pixel is partial, too, and the window ends where that pixel
// does. So all tiles side by side are the level; those of a wavelet's own level stay as they are, half a pixel off as they are everywhere.
image::RectF exact_window(image::RectF window, const codec::Request& request, const LevelPlace& place);

// A rectangle of a stored level as it lies when the level is upright. `stored` is the level's size as stored.
image::Rect upright(image::Rect area, image::Size stored, int orientation);

// A window in an upright level as it lies in the level as stored; `stored` is the stored level's size.
image::RectF as_stored(image::RectF window, image::Size stored, int orientation);
image::Size as_stored(image::Size size, int orientation);

}  // namespace armarium::pipeline
