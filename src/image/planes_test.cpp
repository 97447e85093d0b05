#include "image/planes.h"

#include <cmath>

#include <gtest/gtest.h>

#include "image/operations.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

using testing::make;

const base::CancelToken kNever;

// Slow waves, each channel its own.
Pixels waves(Size size) {
  return make(size, kRgb8, [](auto x, auto y, auto c) {
    return std::lround(127.5 + 50 * std::sin((x + 0.5) / (11.0 + 2 * c)) + 50 * std::cos((y + 0.5) / (9.0 + 3 * c)));
  });
}

int largest_difference(const Pixels& a, const Pixels& b) {
  EXPECT_EQ(a.size(), b.size());
  int largest = 0;
  for (std::size_t i = 0; i < a.bytes().size(); ++i) largest = std::max(largest, std::abs(a.bytes()[i] - b.bytes()[i]));
  return largest;
}

TEST(Planes, ThereAndBackAgain) {
  const Pixels source = waves({61, 47});
  const Planes planes = *to_planes(source, kFullChroma);
  EXPECT_LE(largest_difference(*to_rgb(planes), source), 2);
  EXPECT_FALSE(to_rgb(*to_planes(source, kHalfChroma)));
  EXPECT_FALSE(to_planes(*to_grey(source), kHalfChroma));
}

TEST(Planes, SizesAreRoundedUp) {
  const Planes planes = *Planes::allocate({33, 17}, kHalfChroma);
  EXPECT_EQ(planes.plane_size(1), (Size{17, 9}));
  EXPECT_EQ(planes.stride(0), 64U);
  EXPECT_EQ(planes.stride(2), 32U);
  EXPECT_EQ(planes.padded_rows(0), 32U);
  EXPECT_FALSE(Planes::allocate({0, 1}, kHalfChroma));
  EXPECT_FALSE(Planes::allocate({10, 10}, {0, 0}));
  EXPECT_FALSE(Planes::allocate({1000, 1000}, kFullChroma, 1000));
}

// Scaling in planes gives what scaling in RGB gives, chroma in its place: odd sizes, odd places, every sampling.
TEST(Planes, ScaledAsPixelsAre) {
  const Pixels source = waves({301, 203});
  const std::pair<RectF, Size> cases[] = {{{0, 0, 301, 203}, {151, 102}},   {{0, 0, 301, 203}, {97, 61}},
                                          {{31, 17, 200, 150}, {133, 100}}, {{30, 16, 201, 151}, {201, 151}},
                                          {{31, 17, 100, 101}, {100, 101}}, {{3.25, 5.5, 90, 60}, {181, 121}},
                                          {{250, 150, 51, 53}, {26, 27}}};
  for (const Sampling from : {kFullChroma, kHalfChroma, Sampling{2, 1}, Sampling{1, 2}, Sampling{4, 1}}) {
    const Planes planes = *to_planes(source, from);
    for (const auto& [window, target] : cases) {
      const Pixels expected = *resample(source, window, target, kNever);
      const auto full = resample_planes(PlaneMosaics::of(planes), window, target, kFullChroma, kNever);
      ASSERT_TRUE(full);
      EXPECT_LE(largest_difference(*to_rgb(*full), expected), from.x > 2 ? 9 : 5)
          << int{from.x} << int{from.y} << " " << target.width;
      // And to half chroma: beside the chroma of the expected pixels.
      const auto half = resample_planes(PlaneMosaics::of(planes), window, target, kHalfChroma, kNever);
      ASSERT_TRUE(half);
      const Planes wanted = *to_planes(expected, kHalfChroma);
      const Size chroma = half->plane_size(1);
      ASSERT_EQ(chroma, wanted.plane_size(1));
      for (std::uint32_t y = 0; y < chroma.height; ++y) {
        for (std::uint32_t x = 0; x < chroma.width; ++x) {
          ASSERT_NEAR(half->row(1, y)[x], wanted.row(1, y)[x], 4) << x << ',' << y << " of " << target.width;
          ASSERT_NEAR(half->row(2, y)[x], wanted.row(2, y)[x], 4) << x << ',' << y << " of " << target.width;
        }
      }
      const auto luma = resample_luma(PlaneMosaics::of(planes), window, target, kNever);
      EXPECT_LE(largest_difference(*luma, *to_grey(expected)), 2);
    }
  }
}

TEST(Planes, NeighboursOnTheGridMeet) {
  const Planes planes = *to_planes(waves({400, 300}), kHalfChroma);
  const auto all = resample_planes(PlaneMosaics::of(planes), {0, 0, 400, 300}, {200, 150}, kHalfChroma, kNever);
  const auto part = resample_planes(PlaneMosaics::of(planes), {128, 128, 128, 128}, {64, 64}, kHalfChroma, kNever);
  for (std::uint32_t y = 0; y < 32; ++y) {
    for (std::uint32_t x = 0; x < 32; ++x) ASSERT_NEAR(part->row(2, y)[x], all->row(2, 32 + y)[32 + x], 1);
  }
}

}  // namespace
}  // namespace armarium::image
