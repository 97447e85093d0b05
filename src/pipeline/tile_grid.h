#pragma once
// Keeps tiles and levels on one grid. Pure; any thread.

#include "codec/decoder.h"

namespace armarium::pipeline {

// A size that is its region divided by a power of two and rounded up is a tile or a level as info.json announces them (Image API 3.0, 5.4 and
// implementation notes): there pixel n covers [n f, (n + 1) f), the last one perhaps in part. Gives the window that says so, in place of one that
// is stretched by up to a pixel; so all tiles side by side are the level. `level` is the decoded one and `full` the picture, both upright.
image::RectF on_grid(image::RectF window, const codec::Request& request, image::Size full, image::Size level);

}  // namespace armarium::pipeline
