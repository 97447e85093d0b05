#include <gtest/gtest.h>

#include "codec/registry.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::read;
using testing::read_all;

const image::PixelFormat kGreyAlpha8{image::ColourModel::grey, 8, true, false};

TEST(Webp, GivesBackWhatWasWritten) {
  for (const image::PixelFormat format : {image::kRgb8, image::kRgba8}) {
    image::Pixels pixels = gradient({301, 207}, format);
    if (format.alpha) {
      for (std::uint32_t y = 0; y < pixels.height(); ++y) {
        for (std::uint32_t x = 0; x < pixels.width(); ++x)
          pixels.row(y)[x * 4 + 3] = static_cast<std::uint8_t>(128 + x % 100);
      }
    }
    const base::MemorySource file(encoded(Format::webp, pixels, {.quality = 95}));
    const auto picture = opened(file);
    EXPECT_EQ(picture->page(0).pixels, format);
    EXPECT_LT(difference(pixels, read_all(*picture, file).pixels).mean, 4);
  }
}

TEST(Webp, ARegionEqualsItsPartOfTheWhole) {
  const base::MemorySource file(encoded(Format::webp, gradient({301, 207}, image::kRgb8)));
  const auto picture = opened(file);
  const image::Pixels whole = read_all(*picture, file).pixels;
  for (const image::Rect region :
       {image::Rect{0, 0, 64, 64}, image::Rect{33, 51, 101, 77}, image::Rect{200, 100, 101, 107}}) {
    const auto part = read(*picture, file, {0, region, region.size()});
    EXPECT_EQ(difference(whole, part.plan.area, part.pixels).largest, 0) << region.x;
  }
}

TEST(Webp, GreyIsWrittenAsColour) {
  for (const image::PixelFormat format : {image::kGrey8, kGreyAlpha8}) {
    const base::MemorySource file(encoded(Format::webp, gradient({40, 30}, format), {.quality = 100}));
    const image::Pixels pixels = read_all(*opened(file), file).pixels;
    EXPECT_EQ(pixels.format(), format.alpha ? image::kRgba8 : image::kRgb8);
    EXPECT_NEAR(pixels.row(10)[0], pixels.row(10)[1], 2);
  }
}

TEST(Webp, DamagedFilesAreErrors) {
  const base::Bytes good = encoded(Format::webp, gradient({64, 64}, image::kRgb8));
  for (std::size_t length : {12U, 16U, 25U}) {
    const base::MemorySource file(base::Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_EQ(Picture::open(file, {}).error().code, ErrorCode::corrupt) << length;
  }
  const auto wide = image::Pixels::allocate({20'000, 1}, image::kGrey8);
  EXPECT_EQ(webp_encoder().encode(*wide, {}, {}).error().code, ErrorCode::over_limit);
}

}  // namespace
}  // namespace armarium::codec
