#include "check/geography.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/values.h"

namespace armarium::check {
namespace {

constexpr std::string_view kNavPlace = "navPlace Extension 1.0, 3";
constexpr std::string_view kGeoreference = "Georeference Extension 1.0, 3.4";

bool is_number(const json::Value& value) { return value.is_number(); }

std::string position_fault(const json::Value& value) {
  const json::Array* numbers = value.if_array();
  if (numbers == nullptr || numbers->size() < 2 || !std::all_of(numbers->begin(), numbers->end(), is_number))
    return "needs positions of longitude and latitude, as two numbers";
  const double longitude = numbers->at(0).to_number<double>();
  const double latitude = numbers->at(1).to_number<double>();
  if (longitude < -180 || longitude > 180 || latitude < -90 || latitude > 90)
    return "has a position that is not on the Earth: longitude comes first, then latitude";
  return {};
}

// `depth` lists of positions around each other. RFC 7946, 3.1.
std::string coordinates_fault(const json::Value& value, int depth) {
  if (depth == 0) return position_fault(value);
  const json::Array* list = value.if_array();
  if (list == nullptr) return "has coordinates of another depth than its type asks for";
  for (const json::Value& inner : *list) {
    if (std::string fault = coordinates_fault(inner, depth - 1); !fault.empty()) return fault;
  }
  return {};
}

std::string rings_fault(const json::Value& polygon) {
  const json::Array* rings = polygon.if_array();
  if (rings == nullptr) return {};
  for (const json::Value& ring : *rings) {
    const json::Array* positions = ring.if_array();
    if (positions != nullptr && (positions->size() < 4 || positions->front() != positions->back()))
      return "has a ring that is not closed: its last position must be its first";
  }
  return {};
}

void geometry(const json::Value& value, const Place& place, Report& report, std::string_view clause, int depth = 0) {
  if (value.is_null()) return;
  const json::Object* object = value.if_object();
  const std::string_view type = object == nullptr ? std::string_view() : json::text_of(*object, "type");
  static constexpr std::array<std::pair<std::string_view, int>, 6> kDepths = {{{"Point", 0},
                                                                               {"MultiPoint", 1},
                                                                               {"LineString", 1},
                                                                               {"MultiLineString", 2},
                                                                               {"Polygon", 2},
                                                                               {"MultiPolygon", 3}}};
  if (type == "GeometryCollection" && depth < 8) {
    const json::Value* inner = object->if_contains("geometries");
    if (inner == nullptr || !inner->is_array())
      return report.must(place, clause, "A GeometryCollection must have geometries.");
    for (const json::Value& one : inner->get_array()) geometry(one, place, report, clause, depth + 1);
    return;
  }
  const auto* found = std::find_if(kDepths.begin(), kDepths.end(), [&](const auto& one) { return one.first == type; });
  if (found == kDepths.end()) return report.must(place, clause, fmt::format("\"{}\" is no geometry of GeoJSON.", type));
  const json::Value* coordinates = object->if_contains("coordinates");
  if (coordinates == nullptr) return report.must(place, clause, fmt::format("A {} must have coordinates.", type));
  std::string fault = coordinates_fault(*coordinates, found->second);
  if (fault.empty() && type == "Polygon") fault = rings_fault(*coordinates);
  if (!fault.empty()) report.must(Place(place, "coordinates"), clause, fmt::format("The {} {}.", type, fault));
}

// Each feature of a collection.
template <class Look>
void features(const json::Object& collection, const Place& place, Report& report, std::string_view clause,
              const Look& look) {
  const json::Value* value = collection.if_contains("features");
  const Place here(place, "features");
  if (value == nullptr || !value->is_array()) return report.must(here, clause, "features must be a list.");
  std::size_t index = 0;
  for (const json::Value& item : value->get_array()) {
    const Place at(here, index++);
    const json::Object* feature = item.if_object();
    if (feature == nullptr || json::text_of(*feature, "type") != "Feature") {
      report.must(at, clause, "Each entry of features must be an object of type Feature.");
      continue;
    }
    if (!feature->contains("geometry")) {
      report.must(at, clause, "A Feature must have a geometry.");
    } else {
      geometry(feature->at("geometry"), Place(at, "geometry"), report, clause);
    }
    look(*feature, at);
  }
}

}  // namespace

void check_nav_place(const json::Value& value, const Place& place, Report& report) {
  const json::Object* object = value.if_object();
  if (object == nullptr || json::text_of(*object, "type") != "FeatureCollection")
    return report.must(place, kNavPlace, "navPlace must be an object of type FeatureCollection.");
  if (!object->contains("features")) {
    if (json::text_of(*object, "id").empty())
      report.must(place, kNavPlace, "navPlace must hold features, or have the id where they are.");
    return;
  }
  if (const json::Value* list = object->if_contains("features"); list->is_array() && list->get_array().empty())
    report.should(place, kNavPlace, "navPlace should not be empty.");
  features(*object, place, report, kNavPlace, [&](const json::Object& feature, const Place& at) {
    const json::Value* properties = feature.if_contains("properties");
    const json::Object* known = properties == nullptr ? nullptr : properties->if_object();
    const json::Value* label = known == nullptr ? nullptr : known->if_contains("label");
    if (label == nullptr) return;
    const Place inside(at, "properties");
    if (auto fault = language_map_fault(*label, false))
      report.must(Place(inside, "label"), kNavPlace, fmt::format("label {}.", *fault));
  });
}

void check_georeference_body(const json::Value& value, const Place& place, Report& report) {
  const json::Object* object = value.if_object();
  if (object == nullptr || json::text_of(*object, "type") != "FeatureCollection")
    return report.must(place, kGeoreference,
                       "The body of a georeferencing annotation must be a FeatureCollection of points.");
  if (const json::Value* transformation = object->if_contains("transformation")) {
    const Place at(place, "transformation");
    const json::Object* said = transformation->if_object();
    const std::string_view type = said == nullptr ? std::string_view() : json::text_of(*said, "type");
    if (type != "polynomial" && type != "thinPlateSpline")
      report.must(at, kGeoreference, "The type of a transformation must be polynomial or thinPlateSpline.");
    const json::Value* options = said == nullptr ? nullptr : said->if_contains("options");
    const json::Object* chosen = options == nullptr ? nullptr : options->if_object();
    if (const json::Value* order = chosen == nullptr ? nullptr : chosen->if_contains("order");
        order != nullptr && type == "polynomial") {
      const bool known = order->is_int64() && order->get_int64() >= 1 && order->get_int64() <= 3;
      if (!known) report.must(at, kGeoreference, "The order of a polynomial must be 1, 2 or 3.");
    }
  }
  features(*object, place, report, kGeoreference, [&](const json::Object& feature, const Place& at) {
    const json::Value* where = feature.if_contains("geometry");
    if (where != nullptr && where->is_object() && json::text_of(where->get_object(), "type") != "Point")
      report.must(Place(at, "geometry"), kGeoreference, "Control points must be of type Point.");
    const json::Value* properties = feature.if_contains("properties");
    const json::Object* known = properties == nullptr ? nullptr : properties->if_object();
    const json::Value* pixels = known == nullptr ? nullptr : known->if_contains("resourceCoords");
    const json::Array* pair = pixels == nullptr ? nullptr : pixels->if_array();
    if (pair == nullptr || pair->size() != 2 || !std::all_of(pair->begin(), pair->end(), is_number))
      report.must(Place(at, "properties"), kGeoreference,
                  "A control point must have resourceCoords, two numbers, in its properties.");
  });
}

}  // namespace armarium::check
