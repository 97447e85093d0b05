#pragma once
// The values of Presentation 2.1.1 from those of 3.0: texts with their language, links, services. Pure; any thread.

#include <string>
#include <string_view>

#include "iiif/description.h"
#include "json/json.h"

namespace armarium::iiif::presentation {

// 4.4: HTML is allowed in description, attribution and metadata values only; a space marks other text that looks like it.
enum class Markup { allowed, text };

// 4.3: a string, an object with its language, or a list of both; null for an empty map.
json::Value text_2(const LanguageMap& map, Markup markup);
json::Value text_2(const json::Value& map, Markup markup);

// label and value. Null when it is no pair.
json::Value pair_2(const json::Value& pair);
// The label of a required statement has no place of its own: it stands in front of each value, inside its first element where that is HTML (4.4: such a value
// begins with "<"). "Attribution" is what clients write in front themselves.
json::Value attribution_2(const json::Object& statement);

// A linked thing: @id, label, format, profile.
json::Object link_2(const json::Object& link);
// An image, with its service: the address that version 2 has.
json::Object image_2(const json::Object& image);
// The services that a client of 2 may know, one or a list; null when there are none.
json::Value services_2(const json::Array& services);
// One value as itself, several as a list.
json::Value one_or_list(json::Array values);

}  // namespace armarium::iiif::presentation
