#pragma once
// Presentation 2.1.1 from a tree of 3.0 (write_3 with its marks kept). What 3.0 says is said in the nearest way: requiredStatement becomes attribution, rights license, summary
// description, homepage related, behavior viewingHint, partOf within, a provider's logo the logo and its name an entry of metadata; sound and film are offered as `rendering`.
// Pure; any thread.

#include "json/json.h"

namespace armarium::iiif::presentation {

// Any resource, without @context; of a Manifest everything but its sequences and structures.
json::Object write_2(const json::Object& resource);
// Of a Manifest: its one Sequence without its Canvases, and its Ranges in one flat list, the parent first.
json::Object sequence_2(const json::Object& manifest);
json::Array structures_2(const json::Array& ranges);

}  // namespace armarium::iiif::presentation
