#pragma once
// Places on the Earth as records write them, as GeoJSON geometries (RFC 7946: longitude first): MARC 034 and 255, coordinates of MODS, DCMI Point and Box. Pure; any thread.

#include <optional>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace armarium::ingest::readers {

// Degrees of one coordinate of MARC 034 $d–$g: "W0800000", "+079.533265", "E079.533265", "W079°", "W0794332.4", "N 45° 30' 15\"". Nothing for what is none of them, or beyond `most`.
std::optional<double> degrees_of(std::string_view text, double most);

// A Point where the four make one, else a Polygon (two across the antimeridian are not made: west is taken below east). Nothing where south is above north.
std::optional<json::Object> box_of(double west, double east, double south, double north);
std::optional<json::Object> point_of(double longitude, double latitude);
// A ring of at least four positions, closed; longitude and latitude by turns.
std::optional<json::Object> polygon_of(const std::vector<double>& numbers);

// "(W 125°--W 65°/N 50°--N 25°)" of MARC 255 $c, "48.2, 16.37" (latitude first), DCMI "east=16.37; north=48.2" and "northlimit=…; southlimit=…; eastlimit=…; westlimit=…".
std::optional<json::Object> geometry_of(std::string_view text);

}  // namespace armarium::ingest::readers
