#pragma once
// Annotations of the Georeference Extension 1.0. Pure; any thread.

#include "check/extents.h"
#include "check/walk.h"

namespace armarium::check {

// By its motivation, or, where that is another one, by the control points in its body.
bool is_georeference(const Step& annotation);
// 3.2 Motivation and 3.3 Target.
void check_georeference(const Step& annotation, Report& report);
// 3.3.2: which part of the picture is georeferenced.
void check_georeference_selector(const json::Value& value, const Extent* extent, const Place& place, Report& report);

}  // namespace armarium::check
