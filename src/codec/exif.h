#pragma once
// The one thing that opening a picture needs from EXIF: the orientation. Everything else in it is read by ingest/. Pure; any thread.

#include "base/bytes.h"

namespace armarium::codec {

// Orientation (tag 0x0112 of IFD 0), 1 to 8; 1 when there is none or the block is damaged. `exif` starts at its TIFF header.
int exif_orientation(base::ByteView exif) noexcept;

}  // namespace armarium::codec
