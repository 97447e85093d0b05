#pragma once
// A JPEG file strip by strip, the same bytes as the whole picture gives. Used by the encoders of JPEG and PDF.

#include <memory>

#include "codec/encoder.h"

namespace armarium::codec {

// over_limit where a side is longer than a JPEG file can say.
base::Result<std::unique_ptr<StripEncoder>> begin_jpeg(const StripFormat& format, const EncodeOptions& options);

}  // namespace armarium::codec
