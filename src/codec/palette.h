#pragma once
// Reduces a picture to at most 256 colours, for formats with palettes: exactly when it has no more, else by median cut with error diffusion. The same pixels
// give the same palette. Pure; any thread.

#include <array>
#include <vector>

#include "base/cancel.h"
#include "image/pixels.h"

namespace armarium::codec {

struct Paletted {
  std::vector<std::array<std::uint8_t, 3>> colours;
  int transparent = -1;               // the entry that shows nothing, or -1
  std::vector<std::uint8_t> indices;  // row by row
};

// 8-bit grey or RGB, with or without alpha; alpha below one half becomes the transparent entry.
base::Result<Paletted> to_palette(const image::Pixels& pixels, const base::CancelToken& cancel);

}  // namespace armarium::codec
