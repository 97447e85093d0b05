#pragma once
// navPlace and the Georeference Extension: GeoJSON as they ask for it. Pure; any thread.

#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

// navPlace Extension 1.0, 3: a FeatureCollection, whole or by its id.
void check_nav_place(const json::Value& value, const Place& place, Report& report);
// Georeference Extension 1.0, 3.4: the body of a georeferencing annotation.
void check_georeference_body(const json::Value& value, const Place& place, Report& report);

}  // namespace armarium::check
