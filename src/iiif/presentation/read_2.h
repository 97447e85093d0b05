#pragma once
// A document of Presentation 2.0 or 2.1 in the shapes of 3.0, for read_3 to go on with. What 3.0 has no word for stays under its own name; ids that 3.0 needs and 2 does
// not have are left out. Never fails. Pure; any thread.

#include "json/json.h"

namespace armarium::iiif::presentation {

// Without its @context.
json::Object read_2(const json::Object& document);

}  // namespace armarium::iiif::presentation
