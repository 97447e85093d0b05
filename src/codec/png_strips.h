#pragma once
// A PNG file strip by strip, by libpng: one filter, a low compression level. Large pictures and bitonal ones are always written so.

#include <memory>

#include "codec/encoder.h"

namespace armarium::codec {

base::Result<std::unique_ptr<StripEncoder>> begin_png(const StripFormat& format, const EncodeOptions& options);
// Part of the encoder's recipe.
std::string png_strips_recipe();

}  // namespace armarium::codec
