#include "codec/jpeg_planes.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "codec/registry.h"
#include "codec/testing.h"
#include "image/operations.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using image::Planes;
using image::Rect;
using image::Size;
using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::shown;

const base::CancelToken kNever;

Plan block_plan(const Picture& picture, std::uint32_t level) {
  return picture.plan({0, {}, {}, Request::Block{level, Rect::of(picture.page(0).levels.at(level).size)}}).value();
}

TEST(JpegPlanes, AreThePixelsAtEveryScale) {
  for (const int quality : {80, 95}) {  // half and full chroma
    for (const Size size : {Size{333, 211}, Size{64, 48}, Size{97, 130}}) {
      const base::MemorySource file(encoded(Format::jpeg, gradient(size, image::kRgb8), {.quality = quality}));
      const auto picture = opened(file);
      for (std::uint32_t level = 0; level < picture->page(0).levels.size(); ++level) {
        ASSERT_EQ(picture->page(0).levels[level].chroma, quality < 90 ? image::kHalfChroma : image::kFullChroma);
        const Plan plan = block_plan(*picture, level);
        const auto planes = picture->read_planes(plan, file, kNever);
        ASSERT_TRUE(planes) << planes.error().message << planes.error().detail;
        const auto pixels = picture->read_stored(plan, file, kNever);
        const auto apart = difference(*pixels, shown(*planes));
        EXPECT_LT(apart.mean, level < 3 ? 1.0 : 2.0)
            << size.width << " level " << level;  // half the chroma of an eighth
        EXPECT_LE(apart.largest, 12) << size.width << " level " << level;
      }
    }
  }
}

TEST(JpegPlanes, OtherColoursAreReadAsPixels) {
  const base::MemorySource grey(encoded(Format::jpeg, gradient({64, 48}, image::kGrey8)));
  const auto picture = opened(grey);
  EXPECT_TRUE(picture->page(0).levels[0].chroma.none());
  EXPECT_EQ(picture->read_planes(block_plan(*picture, 0), grey, kNever).error().code, ErrorCode::unsupported);
  // An RGB frame, as Adobe's marker says.
  base::Bytes rgb = encoded(Format::jpeg, gradient({64, 48}, image::kRgb8));
  const std::uint8_t adobe[] = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
  rgb.erase(rgb.begin() + 2, rgb.begin() + 20);  // JFIF
  rgb.insert(rgb.begin() + 2, std::begin(adobe), std::end(adobe));
  const base::MemorySource file(rgb);
  EXPECT_TRUE(opened(file)->page(0).levels[0].chroma.none());
}

TEST(JpegPlanes, AFrameOfAnotherKindIsForeign) {
  const base::Bytes bytes = encoded(Format::jpeg, gradient({64, 48}, image::kRgb8), {.quality = 80});
  JpegPlanesRequest request;
  request.data = bytes;
  request.size = {64, 48};
  request.sampling = image::kFullChroma;
  EXPECT_EQ(decode_jpeg_planes(request, kNever).error().code, ErrorCode::unsupported);
  request.sampling = image::kHalfChroma;
  EXPECT_TRUE(decode_jpeg_planes(request, kNever));
  request.size = {64, 47};
  EXPECT_EQ(decode_jpeg_planes(request, kNever).error().code, ErrorCode::unsupported);
  base::CancelToken gone;
  gone.cancel();
  EXPECT_EQ(decode_jpeg_planes(request, gone).error().code, ErrorCode::cancelled);
}

TEST(JpegPlanes, WhatBreaksOffKeepsWhatWasRead) {
  base::Bytes bytes = encoded(Format::jpeg, gradient({256, 256}, image::kRgb8), {.quality = 80});
  const base::MemorySource good(bytes);
  const auto whole = opened(good)->read_planes(block_plan(*opened(good), 0), good, kNever);
  bytes.resize(bytes.size() / 2);
  const base::MemorySource file(bytes);
  const auto half = opened(file)->read_planes(block_plan(*opened(file), 0), file, kNever);
  ASSERT_TRUE(half);
  for (std::uint32_t x = 0; x < 256; ++x) EXPECT_EQ(half->row(0, 50)[x], whole->row(0, 50)[x]);
}

TEST(JpegPlanes, EncodedAsTheirPixelsAre) {
  for (const int quality : {75, 92}) {
    for (const Size size : {Size{256, 256}, Size{33, 17}, Size{1, 1}, Size{100, 7}}) {
      const image::Pixels source = gradient(size, image::kRgb8);
      const image::Sampling sampling = jpeg_encoder().planes({.quality = quality});
      const auto bytes =
          jpeg_encoder().encode_planes(*image::to_planes(source, sampling), {.quality = quality}, kNever);
      ASSERT_TRUE(bytes) << bytes.error().detail;
      const base::MemorySource by_planes(*bytes);
      const base::MemorySource by_pixels(encoded(Format::jpeg, source, {.quality = quality}));
      const auto one = testing::read_all(*opened(by_planes), by_planes);
      const auto two = testing::read_all(*opened(by_pixels), by_pixels);
      EXPECT_LE(difference(one.pixels, two.pixels).mean, 1.0) << size.width;
    }
  }
  const auto full = image::to_planes(gradient({8, 8}, image::kRgb8), image::kFullChroma);
  EXPECT_FALSE(jpeg_encoder().encode_planes(*full, {.quality = 75}, kNever));
}

}  // namespace
}  // namespace armarium::codec
