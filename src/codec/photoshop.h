#pragma once
// Photoshop image resources ("8BIM" blocks), as JPEG's APP13 and TIFF's tag 34377 hold them: finds the IPTC records. Pure; any thread.

#include "base/bytes.h"

namespace armarium::codec {

// The IIM records (resource 0x0404) inside `resources`; empty when there are none.
base::ByteView photoshop_iptc(base::ByteView resources) noexcept;

}  // namespace armarium::codec
