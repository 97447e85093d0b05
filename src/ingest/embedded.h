#pragma once
// Descriptions that a picture carries: XMP, then IPTC, then EXIF, field by field. Privacy: only title, description, creator, credit, rights and date; everything
// else only when `with_others` is set (`embedded: all`), in `others`. Hostile input: limits, never a failure. Pure; any thread.

#include "codec/decoder.h"
#include "iiif/description.h"
#include "ingest/crosswalk.h"

namespace armarium::ingest {

struct Embedded {
  iiif::Description shown;
  std::vector<iiif::LabelValue> others;
};
// Entries are called by their fields until publish_embedded names them.
Embedded read_embedded(const codec::EmbeddedMetadata& metadata, bool with_others);

// What is published of it, by the table; `others` where they are meant to be.
iiif::Description publish_embedded(const Crosswalk& crosswalk, const iiif::Description& shown,
                                   const std::vector<iiif::LabelValue>& others);

}  // namespace armarium::ingest
