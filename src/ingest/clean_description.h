#pragma once
// Cleans the values of a description that may hold HTML: summary, metadata and requiredStatement values. Labels are plain text. Pure; any thread.

#include "iiif/description.h"

namespace armarium::ingest {

void clean(iiif::Description& description);

}  // namespace armarium::ingest
