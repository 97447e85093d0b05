#include <gtest/gtest.h>

#include "codec/palette.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using testing::gradient;

TEST(Palette, IsTheSameEachTimeAndNoLargerThanAllowed) {
  const image::Pixels pixels = gradient({200, 200}, image::kRgb8);
  const auto first = to_palette(pixels, {});
  const auto second = to_palette(pixels, {});
  ASSERT_TRUE(first && second);
  EXPECT_LE(first->colours.size(), 256U);
  EXPECT_GT(first->colours.size(), 200U);
  EXPECT_EQ(first->indices, second->indices);
}

}  // namespace
}  // namespace armarium::codec
