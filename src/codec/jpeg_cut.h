#pragma once
// The top left part of a baseline JPEG by its bits: those of the blocks that stay are copied, the rest is only walked over, nothing is dequantized. Several times
// as fast as going by coefficients. Pure; any thread.

#include <optional>

#include "base/bytes.h"
#include "image/geometry.h"

namespace armarium::codec {

// A stream with the blocks of the top left `wanted` pixels, everything before the scan as it was but for the frame's size. Nothing where the stream is damaged, of another kind (progressive,
// several scans, restarts), smaller than that, or its tables lack a code that is needed now: then it takes libjpeg.
std::optional<base::Bytes> cut_jpeg(base::ByteView stream, image::Size wanted);

}  // namespace armarium::codec
