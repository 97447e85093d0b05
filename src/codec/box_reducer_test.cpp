#include "codec/box_reducer.h"

#include <gtest/gtest.h>

#include "codec/testing.h"

namespace armarium::codec {
namespace {

using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::read;

image::Pixels reduced(const image::Pixels& pixels, std::uint32_t factor) {
  const image::Size size = image::level_size(pixels.size(), factor);
  auto out = image::Pixels::allocate(size, pixels.format());
  BoxReducer reducer(*out, image::Rect::of(size), pixels.size(), factor);
  for (std::uint32_t y = 0; y < pixels.height(); ++y) reducer.add(0, y, pixels.width(), pixels.row(y));
  reducer.finish_rows(pixels.height());
  return std::move(*out);
}

TEST(BoxReducer, TakesTheMeanOfEachSquare) {
  image::Pixels pixels = gradient({3, 3}, image::kGrey8);
  const std::uint8_t values[] = {10, 20, 30, 30, 40, 51, 7, 8, 9};
  std::copy_n(values, 9, pixels.row(0));
  const image::Pixels half = reduced(pixels, 2);
  EXPECT_EQ(half.row(0)[0], 25);
  EXPECT_EQ(half.row(0)[1], 41);  // (30 + 51) / 2, rounded
  EXPECT_EQ(half.row(1)[0], 8);
  EXPECT_EQ(half.row(1)[1], 9);
}

TEST(BoxReducer, TransparentColoursDoNotCount) {
  image::Pixels pixels = gradient({2, 1}, image::kRgba8);
  const std::uint8_t values[] = {200, 100, 50, 255, 0, 0, 0, 0};
  std::copy_n(values, 8, pixels.row(0));
  const image::Pixels half = reduced(pixels, 2);
  EXPECT_EQ(half.row(0)[0], 200);
  EXPECT_EQ(half.row(0)[2], 50);
  EXPECT_EQ(half.row(0)[3], 128);
}

TEST(BoxReducer, DecodersGiveReducedLevelsAndTheirParts) {
  const image::PixelFormat rgb16{image::ColourModel::rgb, 16, false, false};
  EXPECT_EQ(reduced(gradient({9, 5}, rgb16), 4).size(), (image::Size{3, 2}));
  const image::Pixels pixels = gradient({1333, 777}, image::kRgb8);
  for (const Format format : {Format::png, Format::tiff}) {
    const base::MemorySource file(encoded(format, pixels));
    const auto picture = opened(file);
    ASSERT_EQ(picture->levels(0).size(), 3U);
    EXPECT_EQ(picture->levels(0)[2].size, (image::Size{334, 195}));
    const image::Pixels quarter = reduced(pixels, 4);
    EXPECT_EQ(difference(quarter, read(*picture, file, {0, {0, 0, 1333, 777}, {334, 195}}).pixels).largest, 0);
    for (const image::Rect region : {image::Rect{400, 200, 256, 256}, image::Rect{1024, 512, 309, 265}}) {
      const auto part = read(*picture, file, {0, region, image::level_size(region.size(), 4)});
      EXPECT_EQ(part.plan.level, 2U);
      EXPECT_EQ(difference(quarter, part.plan.area, part.pixels).largest, 0);
    }
  }
}

}  // namespace
}  // namespace armarium::codec
