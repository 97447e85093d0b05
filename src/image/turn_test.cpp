#include "image/turn.h"

#include <gtest/gtest.h>

#include "image/operations.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

using testing::at;

// 2 x 3: rows "ab", "cd", "ef".
Pixels letters() {
  return testing::make({2, 3}, kGrey8, [](auto x, auto y, auto) { return 'a' + y * 2 + x; });
}

std::string text_of(const Pixels& pixels) {
  std::string text;
  for (std::uint32_t y = 0; y < pixels.height(); ++y) {
    if (y != 0) text += '/';
    for (std::uint32_t x = 0; x < pixels.width(); ++x) text += static_cast<char>(at(pixels, x, y));
  }
  return text;
}

TEST(Orientation, AllEightAsExifDefinesThem) {
  const char* expected[] = {"ab/cd/ef", "ba/dc/fe", "fe/dc/ba", "ef/cd/ab", "ace/bdf", "eca/fdb", "fdb/eca", "bdf/ace"};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    EXPECT_EQ(text_of(*apply_orientation(letters(), orientation)), expected[orientation - 1]) << orientation;
  }
  EXPECT_EQ(text_of(*apply_orientation(letters(), 99)), "ab/cd/ef");
}

TEST(Orientation, KeepsWidePixelsWhole) {
  const PixelFormat wide{ColourModel::cmyk, 16, true, false};
  auto source = Pixels::allocate({70, 3}, wide);
  for (std::size_t i = 0; i < source->bytes().size(); ++i) source->bytes()[i] = static_cast<std::uint8_t>(i * 7);
  auto turned = apply_orientation(*source, 6);
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->size(), (Size{3, 70}));
  auto back = apply_orientation(*turned, 8);
  ASSERT_TRUE(back);
  EXPECT_TRUE(std::equal(back->bytes().begin(), back->bytes().end(), source->bytes().begin()));
}

TEST(Mirror, IsLeftRight) { EXPECT_EQ(text_of(*mirror(letters())), "ba/dc/fe"); }

TEST(Rotate, QuarterTurnsAreExact) {
  const base::CancelToken never;
  EXPECT_EQ(text_of(*rotate(letters(), 0, false, 0, never)), "ab/cd/ef");
  EXPECT_EQ(text_of(*rotate(letters(), 90, false, 0, never)),
            "eca/fdb");  // the lower left corner comes to the upper left
  EXPECT_EQ(text_of(*rotate(letters(), 180, false, 0, never)), "fe/dc/ba");
  EXPECT_EQ(text_of(*rotate(letters(), 270, false, 0, never)), "bdf/ace");
  EXPECT_EQ(text_of(*rotate(letters(), 360, false, 0, never)), "ab/cd/ef");
}

TEST(Rotate, SizeHoldsThePictureWithoutMargin) {
  EXPECT_EQ(rotated_size({300, 200}, 22.5), (Size{354, 300}));  // IMG3-083
  EXPECT_EQ(rotated_size({300, 200}, 90), (Size{200, 300}));
  EXPECT_EQ(rotated_size({100, 100}, 45), (Size{142, 142}));
  EXPECT_EQ(rotated_size({1, 1}, 0), (Size{1, 1}));
}

TEST(Rotate, FreeAngleTurnsClockwise) {
  const base::CancelToken never;
  // Left half black, right half white: turned by 45 degrees clockwise, the right half points to the lower right.
  const Pixels halves = testing::make({100, 100}, kGrey8, [](auto x, auto, auto) { return x < 50 ? 0 : 255; });
  auto turned = rotate(halves, 45, true, 0, never);
  ASSERT_TRUE(turned);
  ASSERT_TRUE(turned->format().alpha);
  EXPECT_EQ(at(*turned, 0, 0, 1), 0);      // corner: transparent
  EXPECT_EQ(at(*turned, 71, 71, 1), 255);  // centre: opaque
  EXPECT_EQ(at(*turned, 90, 90, 0), 255);
  EXPECT_EQ(at(*turned, 52, 52, 0), 0);
  // Opaque at the edge, too: colours are not mixed with the nothing around.
  EXPECT_EQ(at(*turned, 110, 100, 0), 255);
}

TEST(Rotate, FillsCornersWhereThereIsNoAlpha) {
  const base::CancelToken never;
  const Pixels red = testing::make({40, 20}, kRgb8, [](auto, auto, auto c) { return c == 0 ? 200 : 10; });
  auto turned = rotate(red, 30, false, 255, never);
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->format(), kRgb8);
  EXPECT_EQ(at(*turned, 0, 0, 1), 255);
  EXPECT_EQ(at(*turned, turned->width() / 2, turned->height() / 2, 0), 200);
  EXPECT_EQ(at(*turned, turned->width() / 2, turned->height() / 2, 1), 10);
}

TEST(Rotate, StopsWhenCancelled) {
  const base::CancelToken token;
  token.cancel();
  auto result = rotate(letters(), 30, false, 0, token);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::cancelled);
}

}  // namespace
}  // namespace armarium::image
