#include <gtest/gtest.h>

#include "image/operations.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

using testing::at;
using testing::make;

const base::CancelToken kNever;

TEST(ResampleLinear, HalfBlackAndHalfWhiteIsHalfTheLight) {
  const Pixels stripes = make({64, 64}, kRgb8, [](auto x, auto, auto) { return x % 2 == 0 ? 0 : 255; });
  const auto linear = resample_linear(stripes, {0, 0, 64, 64}, {8, 8}, kNever).value();
  const auto plain = resample(stripes, {0, 0, 64, 64}, {8, 8}, kNever).value();
  EXPECT_NEAR(at(linear, 4, 4, 1), 188, 1);  // of 255, by sRGB's curve
  EXPECT_NEAR(at(plain, 4, 4, 1), 128, 1);
}

TEST(ResampleLinear, FlatStaysFlatAndSizesFit) {
  for (int value = 0; value < 256; ++value) {
    const Pixels source = make({31, 17}, kGrey8, [value](auto, auto, auto) { return value; });
    const auto result = resample_linear(source, {0.5, 0.25, 29, 16}, {7, 40}, kNever).value();
    ASSERT_EQ(result.size(), (Size{7, 40}));
    for (const std::uint8_t sample : result.bytes()) ASSERT_EQ(sample, value);
  }
}

TEST(ResampleLinear, WhatIsTransparentGivesNoColour) {
  const PixelFormat format{ColourModel::rgb, 8, true};
  const Pixels source = make({32, 8}, format, [](auto x, auto, auto c) {
    if (c == 3) return x < 16 ? 255 : 0;
    return x < 16 ? 90 : 255;
  });
  const auto result = resample_linear(source, {0, 0, 32, 8}, {8, 2}, kNever).value();
  for (std::uint32_t x = 0; x < 8; ++x) {
    if (at(result, x, 0, 3) > 8) {
      EXPECT_NEAR(at(result, x, 0, 0), 90, 1) << x;
    }
  }
  EXPECT_EQ(at(result, 7, 0, 3), 0);
}

TEST(ResampleLinear, StopsAndRefuses) {
  const Pixels source = make({16, 16}, kGrey8, [](auto, auto, auto) { return 1; });
  const base::CancelToken stopped;
  stopped.cancel();
  EXPECT_EQ(resample_linear(source, {0, 0, 16, 16}, {4, 4}, stopped).error().code, base::ErrorCode::cancelled);
  EXPECT_FALSE(resample_linear(source, {0, 0, 0, 16}, {4, 4}, kNever));
}

}  // namespace
}  // namespace armarium::image
