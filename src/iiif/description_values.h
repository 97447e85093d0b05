#pragma once
// Single values of a Description, checked and brought into the form that the specifications ask for. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "iiif/description.h"

namespace armarium::iiif {

// The shape of a BCP 47 tag; the registry is not asked.
bool is_language_tag(std::string_view tag) noexcept;

// LanguageMap::from_json where plain strings are in `plain_language`.
base::Result<LanguageMap> language_map_from_json(const json::Value& value, std::string_view property,
                                                 std::string_view plain_language);

// An absolute http or https URI without spaces or control characters.
bool is_web_uri(std::string_view text) noexcept;

// The one spelling of a Creative Commons or RightsStatements.org URI (http, vocab instead of page, no query), or nothing where it is neither.
// Presentation 3.0, 3.1 rights.
std::optional<std::string> rights_uri(std::string_view text);

// xsd:dateTime with a time zone from what people write: "1850", "1850-03", "1850-03-01", with a time, without a zone (then UTC). Nothing when it
// is no date. Presentation 3.0, 3.1 navDate.
std::optional<std::string> nav_date(std::string_view text);
// The same moment in UTC with Z, as Presentation 2.1 asks for. `date` comes from nav_date.
std::string nav_date_in_utc(std::string_view date);

// One of the four; Presentation 3.0, 3.1 viewingDirection.
bool is_viewing_direction(std::string_view text) noexcept;

}  // namespace armarium::iiif
