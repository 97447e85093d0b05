#include "ingest/embedded.h"

namespace armarium::ingest {

void read_embedded(const codec::EmbeddedMetadata&, iiif::Description&, iiif::Description&) {}

}  // namespace armarium::ingest
