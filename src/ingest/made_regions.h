#pragma once
// What a document that a reader made leaves open until the pictures are known: the extents of its Canvases, and the scale of regions. Pure; any thread.

#include "json/json.h"

namespace armarium::ingest {

// A Canvas without an extent gets its neighbour's, else 1000 × 1000; regions (#xywh=) of those that have readers::kSpaceMark are brought from that space to their extents, in the Ranges, and stay inside.
// To be called when match_pictures has given the Canvases their pictures.
void settle_canvases(json::Object& tree);

}  // namespace armarium::ingest
