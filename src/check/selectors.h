#pragma once
// Selectors of the Web Annotation Data Model and of IIIF: what they must hold, and whether they point into the Canvas. Pure; any thread.

#include "check/extents.h"
#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

// One selector, or a list of them. `extent`: of the Canvas that they select from, where it is known.
void check_selectors(const json::Value& value, const Extent* extent, const Place& place, Report& report);

}  // namespace armarium::check
