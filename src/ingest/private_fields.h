#pragma once
// Whether embedded metadata says more than may be published: places, serial numbers, persons, keywords (which name both). Says yes in doubt: what cannot be read may
// hold anything. Hostile input: limits. Pure but for reading the source; any thread.

#include "base/byte_source.h"
#include "codec/decoder.h"

namespace armarium::ingest {

bool xmp_is_private(base::ByteView packet);
bool iptc_is_private(base::ByteView records);
// A TIFF file, or an EXIF block (which is one): every directory of it, with the XMP and IPTC in them.
bool tiff_is_private(const base::ByteSource& file);
// All three blocks.
bool is_private(const codec::EmbeddedMetadata& metadata);

}  // namespace armarium::ingest
