#include <cmath>

#include <gtest/gtest.h>

#include "codec/decoder.h"

namespace armarium::codec {
namespace {

Page pyramid(image::Size full, const std::vector<image::Size>& levels) {
  Page page;
  page.size = full;
  for (image::Size size : levels) page.levels.push_back({size, {}, true});
  return page;
}

image::RectF absolute(const Plan& plan) {
  return {plan.window.x + plan.area.x, plan.window.y + plan.area.y, plan.window.width, plan.window.height};
}

TEST(LevelChoice, TakesTheSmallestThatIsLargeEnough) {
  const Page page = pyramid({1001, 2003}, {{1001, 2003}, {501, 1002}, {251, 501}});
  const image::Rect all = image::Rect::of(page.size);
  EXPECT_EQ(choose_level(page, {0, all, {1001, 2003}}).level, 0U);
  EXPECT_EQ(choose_level(page, {0, all, {600, 1200}}).level, 0U);
  EXPECT_EQ(choose_level(page, {0, all, {501, 1002}}).level, 1U);
  EXPECT_EQ(choose_level(page, {0, all, {511, 1020}}).level, 1U);  // within 2 %
  EXPECT_EQ(choose_level(page, {0, all, {100, 200}}).level, 2U);
  EXPECT_EQ(choose_level(page, {0, all, {4000, 8000}}).level, 0U);
}

TEST(LevelChoice, OnePixelComesFromTheFullSize) {
  const Page page = pyramid({1001, 2003}, {{1001, 2003}, {501, 1002}, {251, 501}});
  EXPECT_EQ(choose_level(page, {0, {0, 0, 1, 1}, {1, 1}}).level, 0U);
  EXPECT_EQ(choose_level(page, {0, {0, 0, 2, 2}, {1, 1}}).level, 1U);
}

TEST(LevelChoice, TilesOfALevelAreExactCopies) {
  // Rounded up (DCT, wavelets) and rounded down (libvips): the grid is the same.
  for (const image::Size level : {image::Size{501, 1002}, image::Size{500, 1001}}) {
    const Page page = pyramid({1001, 2003}, {{1001, 2003}, level});
    const Plan inner = choose_level(page, {0, {512, 1024, 256, 512}, {128, 256}});
    EXPECT_EQ(inner.level, 1U);
    EXPECT_EQ(absolute(inner).x, 256);
    EXPECT_EQ(absolute(inner).y, 512);
    EXPECT_EQ(inner.window.width, 128);
    EXPECT_EQ(inner.window.height, 256);
    const Plan last = choose_level(page, {0, {512, 1536, 489, 467}, {245, 234}});
    EXPECT_EQ(last.window.width, 245);
    EXPECT_EQ(last.window.height, 234);
    EXPECT_LE(last.area.right(), level.width);
    EXPECT_LE(last.area.bottom(), level.height);
  }
}

TEST(LevelChoice, NeighboursShareTheirEdge) {
  const Page page = pyramid({3000, 1000}, {{3000, 1000}, {1100, 367}});  // no whole factor
  const image::RectF left = absolute(choose_level(page, {0, {0, 0, 777, 1000}, {200, 300}}));
  const image::RectF right = absolute(choose_level(page, {0, {777, 0, 2223, 1000}, {600, 300}}));
  EXPECT_NEAR(left.x + left.width, right.x, 1e-9);
  EXPECT_NEAR(right.x + right.width, 1100, 1e-9);
}

TEST(LevelChoice, KeepsAMarginInsideTheLevel) {
  const Page page = pyramid({1000, 1000}, {{1000, 1000}});
  const Plan plan = choose_level(page, {0, {100, 4, 10, 10}, {9, 9}}, 8);
  EXPECT_EQ(plan.area, (image::Rect{92, 0, 26, 22}));
  EXPECT_EQ(plan.window.x, 8);
  EXPECT_EQ(plan.window.y, 4);
  const Plan shrunk = choose_level(page, {0, {400, 400, 100, 100}, {10, 10}}, 8);
  EXPECT_EQ(shrunk.area, (image::Rect{360, 360, 180, 180}));
}

TEST(LevelChoice, ACopyNeedsNoMargin) {
  const Page page = pyramid({1000, 1000}, {{1000, 1000}, {500, 500}});
  EXPECT_EQ(choose_level(page, {0, {256, 256, 256, 256}, {256, 256}}).area, (image::Rect{256, 256, 256, 256}));
  EXPECT_EQ(choose_level(page, {0, {512, 512, 488, 488}, {244, 244}}).area, (image::Rect{256, 256, 244, 244}));
}

TEST(LevelChoice, SurvivesTheSmallestSides) {
  const Page page = pyramid({9999, 1}, {{9999, 1}, {5000, 1}, {2500, 1}});
  const Plan plan = choose_level(page, {0, {0, 0, 9999, 1}, {10, 1}});
  EXPECT_EQ(plan.level, 2U);
  EXPECT_EQ(plan.area, (image::Rect{0, 0, 2500, 1}));
  EXPECT_GT(plan.window.height, 0);
}

}  // namespace
}  // namespace armarium::codec
