#include <cmath>
#include <cstring>

#include <gtest/gtest.h>
#include <lcms2.h>

#include "image/operations.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

using testing::at;
using testing::make;

const base::CancelToken kNever;

base::Bytes saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  base::Bytes bytes(size);
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

base::Bytes linear_rgb() {
  cmsToneCurve* line = cmsBuildGamma(nullptr, 1.0);
  cmsToneCurve* curves[] = {line, line, line};
  const cmsCIExyY white = {0.3127, 0.3290, 1.0};
  const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
  base::Bytes bytes = saved(cmsCreateRGBProfile(&white, &primaries, curves));
  cmsFreeToneCurve(line);
  return bytes;
}

double to_srgb(double linear) {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

TEST(Display, PlainPicturesPassThrough) {
  const Pixels source = make({5, 5}, kRgb8, [](auto x, auto y, auto c) { return x * 50 + y + c; });
  for (const base::Bytes& icc :
       {base::Bytes{}, saved(cmsCreate_sRGBProfile()), base::Bytes(200, 0x41)}) {  // none, sRGB, broken
    auto shown = to_display(source.copy(), icc, kNever);
    ASSERT_TRUE(shown);
    EXPECT_TRUE(std::equal(source.bytes().begin(), source.bytes().end(), shown->bytes().begin()));
  }
}

TEST(Display, FollowsTheProfile) {
  const Pixels ramp = make({256, 1}, kRgb8, [](auto x, auto, auto) { return x; });
  auto shown = to_display(ramp.copy(), linear_rgb(), kNever);
  ASSERT_TRUE(shown);
  for (std::uint32_t x = 0; x < 256; ++x) EXPECT_NEAR(at(*shown, x, 0, 1), 255 * to_srgb(x / 255.0), 1.5) << x;
}

TEST(Display, AProfileOfAnotherModelCountsAsNone) {
  const Pixels grey = make({9, 1}, kGrey8, [](auto x, auto, auto) { return x * 30; });
  auto shown = to_display(grey.copy(), linear_rgb(), kNever);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->format(), kGrey8);
  EXPECT_EQ(at(*shown, 8, 0), 240);
}

TEST(Display, AlphaIsCarriedOver) {
  const Pixels source = make({4, 1}, kRgba8, [](auto x, auto, auto c) { return c == 3 ? x * 60 : 128; });
  auto shown = to_display(source.copy(), linear_rgb(), kNever);
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->format().alpha);
  EXPECT_EQ(at(*shown, 3, 0, 3), 180);
  EXPECT_NEAR(at(*shown, 3, 0, 0), 188, 1);
}

TEST(Display, SixteenBitsBecomeEight) {
  auto source = Pixels::allocate({3, 1}, {ColourModel::grey, 16, false, false});
  const std::uint16_t samples[] = {0, 32768, 65535};
  std::memcpy(source->row(0), samples, sizeof samples);
  auto shown = to_display(std::move(*source), {}, kNever);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->format(), kGrey8);
  EXPECT_EQ(at(*shown, 0, 0), 0);
  EXPECT_EQ(at(*shown, 1, 0), 128);
  EXPECT_EQ(at(*shown, 2, 0), 255);
}

TEST(Display, CmykWithoutProfile) {
  const PixelFormat plain{ColourModel::cmyk, 8, false, false};
  const Pixels inks = make({3, 1}, plain, [](auto x, auto, auto c) {
    return x == 0 ? 0 : x == 1 ? (c == 0 ? 255 : 0) : (c == 3 ? 255 : 0);
  });
  auto shown = to_display(inks.copy(), {}, kNever);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->format(), kRgb8);
  EXPECT_EQ(at(*shown, 0, 0, 0), 255);  // paper
  EXPECT_EQ(at(*shown, 1, 0, 0), 0);    // cyan
  EXPECT_EQ(at(*shown, 1, 0, 1), 255);
  for (std::uint32_t c = 0; c < 3; ++c) EXPECT_EQ(at(*shown, 2, 0, c), 0);  // black
  // The same picture as Adobe writes it.
  Pixels negative =
      make({3, 1}, {ColourModel::cmyk, 8, false, true}, [&](auto x, auto, auto c) { return 255 - at(inks, x, 0, c); });
  auto same = to_display(std::move(negative), {}, kNever);
  ASSERT_TRUE(same);
  EXPECT_TRUE(std::equal(shown->bytes().begin(), shown->bytes().end(), same->bytes().begin()));
}

TEST(Display, LabIsRelativeToD50) {
  const Pixels lab = make({3, 1}, {ColourModel::lab, 8, false, false}, [](auto x, auto, auto c) {
    return c != 0 ? 128 : x == 0 ? 0 : x == 1 ? 136 : 255;
  });
  auto shown = to_display(lab.copy(), {}, kNever);
  ASSERT_TRUE(shown);
  for (std::uint32_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(at(*shown, 0, 0, c), 0, 2);
    EXPECT_NEAR(at(*shown, 1, 0, c), 127, 3);  // L* 53.4 is middle grey in sRGB
    EXPECT_NEAR(at(*shown, 2, 0, c), 255, 1);
  }
}

TEST(Display, AGreyProfileIsFollowed) {
  cmsToneCurve* line = cmsBuildGamma(nullptr, 1.0);
  const base::Bytes icc = saved(cmsCreateGrayProfile(cmsD50_xyY(), line));
  cmsFreeToneCurve(line);
  const Pixels ramp = make({256, 1}, kGrey8, [](auto x, auto, auto) { return x; });
  auto shown = to_display(ramp.copy(), icc, kNever);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->format(), kGrey8);
  for (std::uint32_t x = 0; x < 256; ++x) EXPECT_NEAR(at(*shown, x, 0), 255 * to_srgb(x / 255.0), 2) << x;
}

}  // namespace
}  // namespace armarium::image
