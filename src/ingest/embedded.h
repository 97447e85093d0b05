#pragma once
// Descriptions that a picture carries: XMP, then IPTC, then EXIF, field by field. Privacy: only title, description, creator, credit, rights and date; everything
// else only when `with_others` is set (`embedded: all`), in `others`. Hostile input: limits, never a failure. Pure; any thread.

#include "codec/decoder.h"
#include "iiif/description.h"

namespace armarium::ingest {

struct Embedded {
  iiif::Description shown;
  std::vector<iiif::LabelValue> others;
};
Embedded read_embedded(const codec::EmbeddedMetadata& metadata, bool with_others);

}  // namespace armarium::ingest
