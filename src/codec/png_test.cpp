#include <gtest/gtest.h>

#include "codec/registry.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using testing::CountingSource;
using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::read;
using testing::read_all;

TEST(Png, GivesBackWhatWasWritten) {
  const image::PixelFormat grey_alpha{image::ColourModel::grey, 8, true, false};
  for (const image::PixelFormat format : {image::kGrey8, image::kRgb8, image::kRgba8, grey_alpha}) {
    const image::Pixels pixels = gradient({201, 99}, format);
    const base::MemorySource file(encoded(Format::png, pixels));
    const auto picture = opened(file);
    EXPECT_EQ(picture->format(), Format::png);
    EXPECT_EQ(picture->page(0).pixels, format);
    EXPECT_EQ(difference(pixels, read_all(*picture, file).pixels).largest, 0);
    const auto part = read(*picture, file, {0, {50, 40, 30, 20}, {30, 20}});
    EXPECT_EQ(difference(pixels, part.plan.area, part.pixels).largest, 0);
  }
}

TEST(Png, OneBitForBitonal) {
  image::Pixels pixels = gradient({131, 40}, image::kGrey8);
  for (std::uint8_t& value : pixels.bytes()) value = value < 128 ? 0 : 255;
  const base::MemorySource file(encoded(Format::png, pixels, {.bitonal = true}));
  EXPECT_EQ(file.bytes()[24], 1);  // bit depth in IHDR
  const auto picture = opened(file);
  EXPECT_TRUE(picture->page(0).bitonal);
  EXPECT_EQ(difference(pixels, read_all(*picture, file).pixels).largest, 0);
}

TEST(Png, ARegionAtTheTopLeavesTheRestUnread) {
  image::Pixels pixels = gradient({1000, 2000}, image::kRgb8);
  std::uint32_t noise = 1;
  for (std::uint8_t& value : pixels.bytes())
    value = static_cast<std::uint8_t>((noise = noise * 1664525 + 1013904223) >> 24);
  CountingSource file(encoded(Format::png, pixels));
  const auto picture = opened(file);
  EXPECT_LT(file.count(), 100'000U);
  file.reset();
  read(*picture, file, {0, {0, 0, 100, 100}, {100, 100}});
  EXPECT_LT(file.count(), file.size() / 10);
}

TEST(Png, DamagedFilesKeepWhatWasReadOrAreErrors) {
  const image::Pixels pixels = gradient({300, 300}, image::kRgb8);
  base::Bytes bytes = encoded(Format::png, pixels);
  const base::MemorySource header(base::Bytes(bytes.begin(), bytes.begin() + 30));
  EXPECT_EQ(Picture::open(header, {}).error().code, ErrorCode::corrupt);
  bytes.resize(bytes.size() / 2);
  const base::MemorySource half(bytes);
  const auto picture = opened(half);
  const auto whole = read_all(*picture, half);
  EXPECT_EQ(std::memcmp(whole.pixels.row(10), pixels.row(10), pixels.stride()), 0);
  EXPECT_EQ(whole.pixels.row(299)[0], 0);
  Limits limits;
  limits.max_pixels = 10'000;
  EXPECT_EQ(Picture::open(half, limits).error().code, ErrorCode::resource_limit);
}

TEST(Png, StopsWhenCancelled) {
  base::CancelToken cancel;
  cancel.cancel();
  EXPECT_EQ(png_encoder().encode(gradient({64, 64}, image::kRgb8), {}, cancel).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace armarium::codec
