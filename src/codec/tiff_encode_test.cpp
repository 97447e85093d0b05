#include <gtest/gtest.h>

#include "codec/testing.h"

namespace armarium::codec {
namespace {

using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::read_all;

const image::PixelFormat kGreyAlpha8{image::ColourModel::grey, 8, true, false};

TEST(TiffEncoder, GivesBackWhatWasWritten) {
  for (const image::PixelFormat format : {image::kGrey8, image::kRgb8, image::kRgba8, kGreyAlpha8}) {
    const image::Pixels pixels = gradient({301, 207}, format);
    const base::MemorySource file(encoded(Format::tiff, pixels));
    const auto picture = opened(file);
    EXPECT_EQ(picture->page(0).pixels, format);
    EXPECT_EQ(difference(pixels, read_all(*picture, file).pixels).largest, 0);
  }
}

TEST(TiffEncoder, OneBitForBitonal) {
  image::Pixels pixels = gradient({131, 40}, image::kGrey8);
  for (std::uint8_t& value : pixels.bytes()) value = value < 128 ? 0 : 255;
  const base::MemorySource file(encoded(Format::tiff, pixels, {.bitonal = true}));
  EXPECT_LT(file.size(), 131U * 40);
  const auto picture = opened(file);
  EXPECT_TRUE(picture->page(0).bitonal);
  EXPECT_EQ(difference(pixels, read_all(*picture, file).pixels).largest, 0);
}

}  // namespace
}  // namespace armarium::codec
