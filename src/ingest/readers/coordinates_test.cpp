#include "ingest/readers/coordinates.h"

#include <gtest/gtest.h>

namespace armarium::ingest::readers {
namespace {

std::string text(const std::optional<json::Object>& geometry) {
  return geometry ? json::to_text(json::Value(*geometry)) : std::string();
}

TEST(RecordCoordinates, EveryFormOfField034) {
  EXPECT_DOUBLE_EQ(degrees_of("W0800000", 180).value(), -80);
  EXPECT_DOUBLE_EQ(degrees_of("N0453000", 90).value(), 45.5);
  EXPECT_NEAR(degrees_of("+079.533265", 180).value(), 79.533265, 1e-9);
  EXPECT_NEAR(degrees_of("-012.5833", 180).value(), -12.5833, 1e-9);
  EXPECT_NEAR(degrees_of("E079.533265", 180).value(), 79.533265, 1e-9);
  EXPECT_NEAR(degrees_of("S 33\u00b0 30' 36\"", 90).value(), -33.51, 1e-9);
  for (const char* wrong : {"", "W", "N0910000", "N0456000", "north", "W08000", "1 2 3 4", "--5"})
    EXPECT_FALSE(degrees_of(wrong, 90).has_value()) << wrong;
}

TEST(RecordCoordinates, BoxesAndPointsAreGeoJson) {
  EXPECT_EQ(
      text(geometry_of("(W 125\u00b0--W 65\u00b0/N 50\u00b0--N 25\u00b0)")),
      R"({"type":"Polygon","coordinates":[[[-125.0,25.0],[-65.0,25.0],[-65.0,50.0],[-125.0,50.0],[-125.0,25.0]]]})");
  EXPECT_EQ(text(geometry_of("48.2, 16.37")), text(point_of(16.37, 48.2)));
  EXPECT_EQ(text(geometry_of("name=Wien; east=16.37; north=48.2")), text(point_of(16.37, 48.2)));
  EXPECT_EQ(text(geometry_of("northlimit=5; southlimit=1; eastlimit=4; westlimit=2")), text(box_of(2, 4, 1, 5)));
  EXPECT_EQ(text(geometry_of("E 16\u00b0/N 48\u00b0")), text(point_of(16, 48)));
  for (const char* none :
       {"Wien", "1, 2, 3", "200, 100", "(W 65\u00b0--W 125\u00b0/N 50\u00b0--N 25\u00b0)", "East of Eden", ""})
    EXPECT_FALSE(geometry_of(none).has_value()) << none;
}

TEST(RecordCoordinates, ARingIsClosed) {
  EXPECT_TRUE(polygon_of({0, 0, 1, 0, 1, 1, 0, 0}).has_value());
  EXPECT_FALSE(polygon_of({0, 0, 1, 0, 1, 1, 0, 1}).has_value());
  EXPECT_FALSE(polygon_of({0, 0, 1, 0, 0, 0}).has_value());
  EXPECT_FALSE(polygon_of({0, 0, 181, 0, 1, 1, 0, 0}).has_value());
}

}  // namespace
}  // namespace armarium::ingest::readers
