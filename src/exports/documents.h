#pragma once
// IIIF documents for a static site: their addresses get those of its files, their image services become level 0. Pure; any thread.

#include <string>
#include <vector>

#include "exports/places.h"
#include "json/json.h"

namespace armarium::exports {

// Rewrites a document of Presentation 3; gives what it leads to, in order, some of it more than once.
std::vector<Place> rewrite_document(json::Value& document, const Places& places);

// Every text that is one of our addresses, and nothing else: schema.org, content states.
std::vector<Place> rewrite_addresses(json::Value& value, const Places& places);

}  // namespace armarium::exports
