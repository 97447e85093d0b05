#pragma once
// A description and its values as members of the model's trees (iiif/presentation/tree.h). Pure; any thread.

#include "iiif/description.h"
#include "iiif/presentation/behavior.h"

namespace armarium::presentation {

// Where HTML is not allowed, text that looks like it gets a space behind it. Presentation 3.0, 4.5.
json::Value plain_map(const iiif::LanguageMap& map);
json::Value label_or(const iiif::LanguageMap& label, std::string_view otherwise);
json::Value pair_of(const iiif::LabelValue& pair);

// Sets on `out` what is said: label, summary, metadata, …, of behaviors those that `type` may have.
void put_description(json::Object& out, iiif::presentation::Type type, const iiif::Description& description);
// Sets `behavior` where any of the values is valid.
void put_behavior(json::Object& out, iiif::presentation::Type type, const std::vector<std::string>& values);

}  // namespace armarium::presentation
