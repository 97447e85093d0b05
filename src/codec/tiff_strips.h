#pragma once
// A TIFF file strip by strip: header, directory, then the rows as they are. The directory has to say where each strip lies before the first of them is written, which is known of uncompressed rows
// only; compressed ones would have to wait on disk until the last is made, with the client waiting, too. So it is larger than what the whole encoder writes, its length is known from the first
// byte on, and it costs no time. BigTIFF where it has to be.

#include <memory>

#include "codec/encoder.h"

namespace armarium::codec {

base::Result<std::unique_ptr<StripEncoder>> begin_tiff(const StripFormat& format, const EncodeOptions& options);
// The recipe of what it writes.
std::string tiff_strips_recipe(const EncodeOptions& options);

}  // namespace armarium::codec
