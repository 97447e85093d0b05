#pragma once
// Descriptions that a picture carries (EXIF, IPTC, XMP). Privacy: only title, description, creator, credit, rights and date are for everybody; everything else goes
// into `rest`, which is published only under `embedded: all`. Hostile input: limits, never a failure. Pure; any thread.

#include "codec/decoder.h"
#include "iiif/description.h"

namespace armarium::ingest {

void read_embedded(const codec::EmbeddedMetadata& metadata, iiif::Description& shown, iiif::Description& rest);

}  // namespace armarium::ingest
