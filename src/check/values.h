#pragma once
// Single values of IIIF documents, checked: nothing is said where a value is right. Each gives a sentence's end ("must be …") or nothing. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "json/json.h"

namespace armarium::check {

// The first thing that is wrong, without its subject.
using Fault = std::optional<std::string>;

// Language map: BCP 47 tags or "none", each with a list of texts (Presentation 3.0, 4.4 and 4.5).
Fault language_map_fault(const json::Value& value, bool html);
// Markup that is permitted and well-formed (Presentation 3.0, 4.5).
Fault html_fault(std::string_view text);
// An absolute http or https URI; with `any_scheme` any absolute URI.
Fault uri_fault(const json::Value& value, bool any_scheme = false);
// xsd:dateTime with a time zone.
Fault date_fault(const json::Value& value);

}  // namespace armarium::check
