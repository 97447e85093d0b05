#include "pipeline/tile_grid.h"

#include <gtest/gtest.h>

#include "image/operations.h"
#include "image/test_pixels.h"

namespace armarium::pipeline {
namespace {

using image::Rect;
using image::RectF;
using image::Size;

TEST(ExactWindow, AnAnnouncedSizeEndsWithItsOwnLastPixel) {
  // 1001 pixels as 501: the last one is half there, in the request as in the level.
  const RectF window = exact_window({0, 0, 501, 501}, {0, {0, 0, 1001, 1001}, {501, 501}}, {{1001, 1001}, {501, 501}});
  EXPECT_EQ(window.width, 501);
  // 1001 pixels as 126 from the same level.
  const RectF eighth = exact_window({0, 0, 501, 501}, {0, {0, 0, 1001, 1001}, {126, 126}}, {{1001, 1001}, {501, 501}});
  EXPECT_EQ(eighth.width, 126 * 4);
}

TEST(ExactWindow, AnyOtherSizeEndsWithTheRegion) {
  const RectF window = exact_window({8, 0, 493, 501}, {0, {16, 0, 985, 1001}, {400, 400}}, {{1001, 1001}, {501, 501}});
  EXPECT_EQ(window.x, 8);
  EXPECT_EQ(window.width, 492.5);
  EXPECT_EQ(window.height, 500.5);
  // Upside down and mirrored, the partial pixel comes first.
  const RectF turned =
      exact_window({0, 0, 501, 501}, {0, {0, 0, 1001, 1001}, {400, 400}}, {{1001, 1001}, {501, 501}, 3});
  EXPECT_EQ(turned.x, 0.5);
  EXPECT_EQ(turned.y, 0.5);
  EXPECT_EQ(turned.width, 500.5);
}

TEST(ExactWindow, AWaveletsPixelsAreCentredOnTheFirstOfTheirSquare) {
  const LevelPlace place{{1000, 1000}, {250, 250}, 1, true};
  const RectF window = exact_window({0, 0, 250, 250}, {0, {0, 0, 1000, 1000}, {200, 200}}, place);
  EXPECT_EQ(window.x, 0.375);
  EXPECT_EQ(window.width, 250);
  const RectF announced = exact_window({0, 0, 250, 250}, {0, {0, 0, 1000, 1000}, {250, 250}}, place);
  EXPECT_EQ(announced.x, 0);
}

TEST(ExactWindow, LevelsOfOtherRatiosStayStretched) {
  const RectF window = exact_window({0, 0, 300, 300}, {0, {0, 0, 1001, 1001}, {200, 200}}, {{1001, 1001}, {300, 300}});
  EXPECT_EQ(window.width, 300);
}

TEST(Upright, AgreesWithTheTurnedPixels) {
  const image::Pixels stored =
      image::testing::make({7, 5}, image::kGrey8, [](auto x, auto y, auto) { return y * 7 + x; });
  const Rect area{2, 1, 3, 2};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto whole = image::apply_orientation(stored, orientation);
    const auto part = image::apply_orientation(*image::crop(stored, area), orientation);
    const Rect place = upright(area, stored.size(), orientation);
    ASSERT_EQ(place.size(), part->size()) << orientation;
    const auto same = image::crop(*whole, place);
    ASSERT_TRUE(same) << orientation;
    EXPECT_TRUE(std::equal(same->bytes().begin(), same->bytes().end(), part->bytes().begin())) << orientation;
  }
}

}  // namespace
}  // namespace armarium::pipeline
