#pragma once
// The eight ways to lay a picture by flips and a transposition, exact for any pixel format. What mirroring, quarter turns and EXIF orientations
// are made of. Pure; any thread.

#include "image/pixels.h"

namespace armarium::image {

// The result's pixel (x, y) is the source's (u, v) with (u, v) = (y, x) when `transpose`, then u and v counted from the far
// edge when `flip_x` or `flip_y`.
struct Turn {
  bool transpose = false;
  bool flip_x = false;
  bool flip_y = false;
};

base::Result<Pixels> turn(const Pixels& source, Turn how);

}  // namespace armarium::image
