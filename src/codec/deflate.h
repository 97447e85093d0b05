#pragma once
// A piece of data in the zlib format (RFC 1950) by libdeflate, as TIFF's tiles are kept. Pure; any thread.

#include "base/bytes.h"
#include "base/error.h"

namespace armarium::codec {

// `level` 1 to 12. resource_limit when memory is short.
base::Result<base::Bytes> deflated(base::ByteView data, int level);

}  // namespace armarium::codec
