#pragma once
// Cleans the values of a description that may hold HTML: summary, metadata and requiredStatement values. Labels are plain text. Pure; any thread.

#include "iiif/description.h"

namespace armarium::ingest {

void clean(iiif::Description& description);

// The same everywhere in a document of the model (iiif/presentation/tree.h), and in bodies that say that they are HTML; marks of ours (catalogue/records.h) are taken out.
void clean(json::Object& tree);

}  // namespace armarium::ingest
