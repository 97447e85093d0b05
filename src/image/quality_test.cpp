#include <gtest/gtest.h>

#include "image/operations.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

using testing::at;
using testing::make;

TEST(Quality, GreyIsLuma) {
  const Pixels primaries = make({4, 1}, kRgb8, [](auto x, auto, auto c) { return x == 3 || x == c ? 255 : 0; });
  auto grey = to_grey(primaries);
  ASSERT_TRUE(grey);
  EXPECT_EQ(grey->format(), kGrey8);
  EXPECT_EQ(at(*grey, 0, 0), 76);   // 0.299 * 255
  EXPECT_EQ(at(*grey, 1, 0), 150);  // 0.587 * 255
  EXPECT_EQ(at(*grey, 2, 0), 29);   // 0.114 * 255
  EXPECT_EQ(at(*grey, 3, 0), 255);
}

TEST(Quality, GreyKeepsAlpha) {
  const Pixels source = make({2, 2}, kRgba8, [](auto x, auto, auto c) { return c == 3 ? x * 100 : 50; });
  auto grey = to_grey(source);
  ASSERT_TRUE(grey);
  EXPECT_TRUE(grey->format().alpha);
  EXPECT_EQ(at(*grey, 1, 1, 0), 50);
  EXPECT_EQ(at(*grey, 1, 1, 1), 100);
}

TEST(Quality, BitonalHasTwoValues) {
  const Pixels ramp = make({256, 1}, kGrey8, [](auto x, auto, auto) { return x; });
  auto bitonal = to_bitonal(ramp);
  ASSERT_TRUE(bitonal);
  for (std::uint32_t x = 0; x < 256; ++x) EXPECT_EQ(at(*bitonal, x, 0), x < 128 ? 0 : 255);
  // What is transparent shows the paper.
  const Pixels clear = make({1, 1}, kRgba8, [](auto, auto, auto) { return 0; });
  EXPECT_EQ(at(*to_bitonal(clear), 0, 0), 255);
}

TEST(Quality, FlattenLaysOverTheBackground) {
  const Pixels source = make({3, 1}, kRgba8, [](auto x, auto, auto c) {
    return c == 3 ? (x == 0 ? 0 : x == 1 ? 128 : 255) : 100;
  });
  auto flat = flatten(source.copy(), 255);
  ASSERT_TRUE(flat);
  EXPECT_EQ(flat->format(), kRgb8);
  EXPECT_EQ(at(*flat, 0, 0, 1), 255);
  EXPECT_EQ(at(*flat, 1, 0, 1), 177);  // (100 * 128 + 255 * 127) / 255
  EXPECT_EQ(at(*flat, 2, 0, 1), 100);
}

TEST(Crop, CopiesThePart) {
  const Pixels source = make({10, 10}, kRgb8, [](auto x, auto y, auto c) { return x * 10 + y + c * 100; });
  auto part = crop(source, {3, 4, 2, 5});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->size(), (Size{2, 5}));
  EXPECT_EQ(at(*part, 1, 4, 1), 4 * 10 + 8 + 100);
  EXPECT_FALSE(crop(source, {9, 0, 2, 1}));
}

}  // namespace
}  // namespace armarium::image
