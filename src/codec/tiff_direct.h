#pragma once
// Blocks of a TIFF file that need no libtiff: samples of whole or half words as they are or deflated, also by their differences (TIFF 6.0, section 14). What
// comes out is what libtiff gives, to the byte; whatever is unusual or damaged is left to it. Any thread.

#include <span>

#include "codec/tiff_directory.h"

namespace armarium::codec {

// Whether blocks of this directory are of that kind; `predictor` as in the file (1 where there is none).
bool is_direct_tiff(const TiffDirectory& directory, std::uint16_t predictor);

// Fills all of `out` (whole rows from the block's top, as many as the block holds) from the block's bytes in the file. False, and `out` undefined, where libtiff
// has to look: damage, or more or less in it than announced.
[[nodiscard]] bool decode_direct_tiff(const TiffDirectory& directory, base::ByteView coded,
                                      std::span<std::uint8_t> out);

}  // namespace armarium::codec
