#include "image/colour_kernels.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>
#include <lcms2.h>

#include "image/channel_rows.h"
#include "image/colour_transform.h"
#include "image/matrix_transform.h"
#include "image/operations.h"
#include "image/planes.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

const base::CancelToken kNever;

base::Bytes adobe_rgb() {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 2.19921875);
  cmsToneCurve* const curves[] = {curve, curve, curve};
  cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
  cmsFreeToneCurve(curve);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  base::Bytes bytes(size);
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

TEST(ColourKernels, AllGiveTheSame) {
  if (avx2_colour_kernels() == nullptr) GTEST_SKIP() << "no AVX2";
  const auto transform = transform_for(kRgb8, adobe_rgb());
  ASSERT_NE(transform->matrix(), nullptr);
  std::mt19937 random(3);
  for (const std::size_t width : {1U, 31U, 32U, 33U, 700U}) {
    ChannelRows one(width);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t x = 0; x < width; ++x) one.channel(i)[x] = static_cast<std::uint8_t>(random());
    }
    ChannelRows two = one;
    ChannelRows first(width);
    ChannelRows second(width);
    plain_colour_kernels().to_rgb(one.channel(0), one.channel(1), one.channel(2), width, first.channel(0),
                                  first.channel(1), first.channel(2));
    avx2_colour_kernels()->to_rgb(one.channel(0), one.channel(1), one.channel(2), width, second.channel(0),
                                  second.channel(1), second.channel(2));
    std::vector<std::uint8_t> joined(3 * width + 1, 7);
    std::vector<std::uint8_t> again(3 * width + 1, 7);
    plain_colour_kernels().join(one.channel(0), one.channel(1), one.channel(2), width, joined.data());
    avx2_colour_kernels()->join(one.channel(0), one.channel(1), one.channel(2), width, again.data());
    EXPECT_EQ(joined, again) << width;
    ChannelRows apart(width);
    avx2_colour_kernels()->split(joined.data(), width, apart.channel(0), apart.channel(1), apart.channel(2));
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_TRUE(std::equal(one.channel(i), one.channel(i) + width, apart.channel(i))) << width;
    plain_colour_kernels().matrix(*transform->matrix(), width, one.channel(0), one.channel(1), one.channel(2));
    avx2_colour_kernels()->matrix(*transform->matrix(), width, two.channel(0), two.channel(1), two.channel(2));
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(std::equal(first.channel(i), first.channel(i) + width, second.channel(i))) << width;
      EXPECT_TRUE(std::equal(one.channel(i), one.channel(i) + width, two.channel(i))) << width;
    }
    plain_colour_kernels().to_luma(one.channel(0), one.channel(1), one.channel(2), width, first.channel(0));
    avx2_colour_kernels()->to_luma(one.channel(0), one.channel(1), one.channel(2), width, second.channel(0));
    EXPECT_TRUE(std::equal(first.channel(0), first.channel(0) + width, second.channel(0))) << width;
  }
}

// Every pair of chroma samples with a few of luma.
TEST(ColourKernels, AgreeOnEveryColour) {
  if (avx2_colour_kernels() == nullptr) GTEST_SKIP() << "no AVX2";
  constexpr std::size_t kWidth = 256;
  ChannelRows in(kWidth);
  ChannelRows first(kWidth);
  ChannelRows second(kWidth);
  for (std::size_t x = 0; x < kWidth; ++x) in.channel(1)[x] = static_cast<std::uint8_t>(x);
  for (const int luma : {0, 1, 90, 128, 200, 255}) {
    std::fill_n(in.channel(0), kWidth, static_cast<std::uint8_t>(luma));
    for (int red = 0; red < 256; ++red) {
      std::fill_n(in.channel(2), kWidth, static_cast<std::uint8_t>(red));
      plain_colour_kernels().to_rgb(in.channel(0), in.channel(1), in.channel(2), kWidth, first.channel(0),
                                    first.channel(1), first.channel(2));
      avx2_colour_kernels()->to_rgb(in.channel(0), in.channel(1), in.channel(2), kWidth, second.channel(0),
                                    second.channel(1), second.channel(2));
      for (std::size_t i = 0; i < 3; ++i)
        ASSERT_TRUE(std::equal(first.channel(i), first.channel(i) + kWidth, second.channel(i))) << luma << ' ' << red;
    }
  }
}

// Planes through a profile are the pixels through it.
TEST(DisplayPlanes, AsPixelsAre) {
  const base::Bytes icc = adobe_rgb();
  const Pixels source = testing::make({143, 77}, kRgb8, [](auto x, auto y, auto c) {
    return std::lround(127.5 + 60 * std::sin((x + 0.5) / (19.0 + c)) + 50 * std::cos((y + 0.5) / (17.0 + 2 * c)));
  });
  const Pixels expected = to_display(source.copy(), icc, kNever).value();
  EXPECT_NE(std::vector<std::uint8_t>(source.bytes().begin(), source.bytes().end()),
            std::vector<std::uint8_t>(expected.bytes().begin(), expected.bytes().end()));
  for (const Sampling sampling : {kFullChroma, kHalfChroma, Sampling{2, 1}}) {
    const Planes got = to_display(*to_planes(source, sampling), icc, kNever).value();
    const Planes wanted = *to_planes(expected, sampling);
    for (std::uint32_t plane = 0; plane < 3; ++plane) {
      const Size size = got.plane_size(plane);
      for (std::uint32_t y = 0; y < size.height; ++y) {
        for (std::uint32_t x = 0; x < size.width; ++x)
          ASSERT_NEAR(got.row(plane, y)[x], wanted.row(plane, y)[x], 5) << plane << ' ' << x << ',' << y;
      }
    }
  }
}

}  // namespace
}  // namespace armarium::image
