#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "image/operations.h"
#include "image/resample_filter.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

using testing::at;
using testing::make;

const base::CancelToken kNever;

RectF whole(const Pixels& pixels) {
  return {0, 0, static_cast<double>(pixels.width()), static_cast<double>(pixels.height())};
}

// Slow waves: any good filter keeps them.
Pixels waves(Size size) {
  return make(size, kRgb8, [](auto x, auto y, auto c) {
    return std::lround(127.5 + 60 * std::sin((x + 0.5) / (9.0 + c)) + 60 * std::cos((y + 0.5) / (7.0 + c)));
  });
}

TEST(ResampleFilter, WeightsAddUpToOne) {
  for (const auto& [length, target] : {std::pair{1001.0, 501U}, {1000.0, 7U}, {10.0, 300U}, {0.5, 3U}}) {
    const ResampleFilter filter(0.25, length, 1001, target);
    ASSERT_EQ(filter.size(), target);
    for (std::uint32_t i = 0; i < target; ++i) {
      int sum = 0;
      for (std::uint32_t k = 0; k < filter.at(i).count; ++k) sum += filter.at(i).weights[k];
      EXPECT_EQ(sum, 1 << kWeightBits);
      EXPECT_LE(filter.at(i).first + filter.at(i).count, 1001U);
    }
  }
}

TEST(Resample, SameSizeIsTheSamePixels) {
  const Pixels source = waves({50, 40});
  auto result = resample(source, whole(source), {50, 40}, kNever);
  ASSERT_TRUE(result);
  EXPECT_TRUE(std::equal(source.bytes().begin(), source.bytes().end(), result->bytes().begin()));
  auto part = resample(source, {10, 20, 7, 5}, {7, 5}, kNever);
  ASSERT_TRUE(part);
  EXPECT_EQ(at(*part, 6, 4, 2), at(source, 16, 24, 2));
}

TEST(Resample, FlatStaysExactlyFlat) {
  for (const int value : {0, 1, 77, 254, 255}) {
    const Pixels source = make({97, 61}, kGrey8, [&](auto, auto, auto) { return value; });
    for (const Size target : {Size{13, 9}, Size{200, 300}, Size{1, 1}, Size{97, 1}}) {
      auto result = resample(source, whole(source), target, kNever);
      ASSERT_TRUE(result);
      for (const std::uint8_t sample : result->bytes()) ASSERT_EQ(sample, value);
    }
  }
}

TEST(Resample, FollowsTheFunctionBelowThePixels) {
  const Pixels source = waves({400, 300});
  for (const Size target : {Size{200, 150}, Size{133, 100}, Size{571, 430}}) {
    auto result = resample(source, whole(source), target, kNever);
    ASSERT_TRUE(result);
    for (std::uint32_t y = 4; y + 4 < target.height; ++y) {
      for (std::uint32_t x = 4; x + 4 < target.width; ++x) {
        const double u = (x + 0.5) * 400 / target.width;
        const double v = (y + 0.5) * 300 / target.height;
        const double exact = 127.5 + 60 * std::sin(u / 9.0) + 60 * std::cos(v / 7.0);
        ASSERT_NEAR(at(*result, x, y, 0), exact, 6) << x << ',' << y << " of " << target.width;
      }
    }
  }
}

TEST(Resample, ShrinkingAveragesWhatItCannotShow) {
  const Pixels lines = make({256, 256}, kGrey8, [](auto x, auto, auto) { return x % 2 == 0 ? 0 : 255; });
  auto result = resample(lines, whole(lines), {32, 32}, kNever);
  ASSERT_TRUE(result);
  for (std::uint32_t x = 2; x < 30; ++x) EXPECT_NEAR(at(*result, x, 16), 127.5, 3);
}

// The phase depends on the window only: parts of a window, asked for one by one, are the parts of the whole.
TEST(Resample, PartsJoinToTheWhole) {
  const Pixels source =
      make({512, 300}, kRgb8, [](auto x, auto y, auto c) { return (x * 7919 + y * 104729 + c * 31) % 251; });
  auto all = resample(source, whole(source), {256, 150}, kNever);
  ASSERT_TRUE(all);
  for (std::uint32_t left = 0; left < 256; left += 64) {
    auto part = resample(source, {left * 2.0, 100, 128, 100}, {64, 50}, kNever);
    ASSERT_TRUE(part);
    for (std::uint32_t y = 0; y < 50; ++y) {
      for (std::uint32_t x = 0; x < 64; ++x) ASSERT_NEAR(at(*part, x, y, 1), at(*all, left + x, 50 + y, 1), 1);
    }
  }
}

TEST(Resample, TransparentColoursDoNotBleed) {
  // White and opaque on the left, black and transparent on the right.
  const Pixels source = make({100, 10}, kRgba8, [](auto x, auto, auto) { return x < 50 ? 255 : 0; });
  auto result = resample(source, whole(source), {33, 4}, kNever);
  ASSERT_TRUE(result);
  for (std::uint32_t x = 0; x < 33; ++x) {
    if (at(*result, x, 2, 3) <= 8) continue;
    EXPECT_GE(at(*result, x, 2, 0), 250) << x;
  }
  EXPECT_EQ(at(*result, 2, 2, 3), 255);
  EXPECT_EQ(at(*result, 30, 2, 3), 0);
}

TEST(Resample, RefusesWhatItCannotDo) {
  const Pixels source = waves({5, 5});
  EXPECT_FALSE(resample(source, whole(source), {0, 5}, kNever));
  EXPECT_FALSE(resample(source, {0, 0, 0, 5}, {5, 5}, kNever));
  const auto wide = Pixels::allocate({5, 5}, {ColourModel::grey, 16, false, false});
  EXPECT_FALSE(resample(*wide, {0, 0, 5, 5}, {2, 2}, kNever));
  base::CancelToken token;
  token.cancel();
  EXPECT_EQ(resample(source, whole(source), {3, 3}, token).error().code, base::ErrorCode::cancelled);
}

}  // namespace
}  // namespace armarium::image
