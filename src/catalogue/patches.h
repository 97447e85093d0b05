#pragma once
// Merge patches (RFC 7396) one over the other, as few: two do what any number does. The first one says what goes and what other things become, the second puts objects in the place of what went. Pure; any
// thread.

#include "json/json.h"

namespace armarium::catalogue {

// `layers` are empty, or as this left them.
void add_patch(json::Array& layers, const json::Object& patch);
json::Array folded(const json::Array& patches);

}  // namespace armarium::catalogue
