#pragma once
// A document of Presentation 3.0 (and W3C annotations) in the shapes of the model; see tree.h. What is looser than 3.0 allows is taken where its meaning is plain: one object where
// an array is due, a plain string where a language map is due. Never fails: what has no plain meaning stays as it is. Pure; any thread.

#include "json/json.h"

namespace armarium::iiif::presentation {

// Without its @context.
json::Object read_3(const json::Object& document);

}  // namespace armarium::iiif::presentation
