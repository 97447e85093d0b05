#pragma once
// Properties that versions 3 and 4 (and the image API) have alike. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

// One URI of Creative Commons or of RightsStatements.org, as its publisher spells it.
void check_rights(const json::Value& value, const Place& place, std::string_view clause, Report& report);

// `format` of content: a media type, and one that fits its type.
void check_format(const json::Object& content, const Place& place, std::string_view clause, Report& report);

// Whether a motivation is one of IIIF's registry or of the W3C's vocabulary.
bool is_motivation(std::string_view word) noexcept;

// The texts of a text or of a list of them.
std::vector<std::string> texts_in(const json::Value& value);

}  // namespace armarium::check
