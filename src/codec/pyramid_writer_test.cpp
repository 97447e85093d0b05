#include "codec/pyramid_writer.h"

#include <gtest/gtest.h>

#include "codec/encoder.h"
#include "codec/jpeg_tiles.h"
#include "codec/testing.h"
#include "image/operations.h"
#include "image/test_profile.h"

namespace armarium::codec {
namespace {

using image::Rect;
using image::Size;
using testing::difference;
using testing::gradient;

constexpr std::uint32_t kTile = 64;

Pyramid shape(Size size, const image::PixelFormat& format, bool lossless = false) {
  return {.size = size, .format = format, .tile = kTile, .quality = 88, .lossless = lossless};
}

base::Bytes written(const image::Pixels& pixels, bool lossless = false) {
  base::MemorySink sink;
  PyramidWriter writer(sink, shape(pixels.size(), pixels.format(), lossless));
  std::uint32_t y = 0;
  while (writer.next_rows() != 0) {
    const std::uint32_t rows = writer.next_rows();
    EXPECT_TRUE(writer.add(*image::crop(pixels, {0, y, pixels.width(), rows}), {}));
    y += rows;
  }
  EXPECT_TRUE(writer.finish());
  return sink.take();
}

TEST(PyramidWriter, EveryLevelIsThePictureHalvedAndRoundedUp) {
  for (const Size size : {Size{1, 1}, Size{64, 64}, Size{65, 64}, Size{301, 203}, Size{1000, 3}, Size{129, 517}}) {
    for (const image::PixelFormat format : {image::kRgb8, image::kGrey8}) {
      SCOPED_TRACE(::testing::Message() << size.width << "x" << size.height << " " << format.channels());
      const image::Pixels pixels = gradient(size, format);
      const base::MemorySource file(written(pixels));
      const auto picture = testing::opened(file);
      ASSERT_EQ(picture->page_count(), 1U);
      ASSERT_EQ(picture->size(0), size);
      EXPECT_LE(difference(testing::read_all(*picture, file).pixels, pixels).mean, 3.0);
      std::uint32_t factor = 1;
      for (const Level& level : picture->levels(0)) {
        if (!level.stored) continue;
        EXPECT_EQ(level.size, image::level_size(size, factor));
        EXPECT_EQ(level.tile, (Size{kTile, kTile}));
        factor *= 2;
      }
      EXPECT_GE(kTile, image::level_size(size, factor / 2).width);
    }
  }
}

TEST(PyramidWriter, EveryTileIsStored) {
  const Size size{301, 203};
  const base::MemorySource file(written(gradient(size, image::kRgb8)));
  const auto picture = testing::opened(file);
  const std::vector<Level> levels = picture->levels(0);
  for (std::uint32_t number = 0; number < levels.size() && levels[number].stored; ++number) {
    const Size level = levels[number].size;
    for (std::uint32_t y = 0; y < level.height; y += kTile) {
      for (std::uint32_t x = 0; x < level.width; x += kTile) {
        const Rect area{x, y, std::min(kTile, level.width - x), std::min(kTile, level.height - y)};
        const auto tile = picture->stored(0, number, area);
        ASSERT_TRUE(tile) << number << " " << x << "," << y;
        base::Bytes bytes = *tile->head;
        bytes.resize(bytes.size() + tile->range.length);
        ASSERT_TRUE(file.read(tile->range.offset, std::span(bytes).subspan(tile->head->size())));
        ASSERT_TRUE(complete(*tile, bytes));
        const base::MemorySource alone(tile->narrower() ? *crop(*tile, bytes) : bytes);
        EXPECT_EQ(testing::opened(alone)->size(0), area.size());
      }
    }
  }
}

TEST(PyramidWriter, ALosslessOneHoldsTheSamples) {
  for (const image::PixelFormat format : {image::kRgb8, image::kGrey8}) {
    const image::Pixels pixels = gradient({301, 203}, format);
    const base::MemorySource file(written(pixels, true));
    const auto picture = testing::opened(file);
    EXPECT_EQ(difference(testing::read_all(*picture, file).pixels, pixels).largest, 0);
    EXPECT_EQ(picture->levels(0).at(1).size, (Size{151, 102}));
    EXPECT_FALSE(picture->stored(0, 0, {0, 0, kTile, kTile}));
  }
}

TEST(PyramidWriter, TheFullSizeMayBeGivenAsTiles) {
  const Size size{200, 130};
  const image::Pixels pixels = gradient(size, image::kRgb8);
  base::Bytes file = encoder_for(Format::jpeg)->encode(pixels, {.quality = 95}, {}).value();
  const auto half = image::resample(pixels, {0, 0, 200, 130}, {100, 65}, {}).value();
  const std::string profile = image::testing::wide_profile(2.2);
  for (const bool lossless : {false, true}) {
    base::MemorySink sink;
    Pyramid pyramid = shape(size, image::kRgb8, lossless);
    pyramid.icc = base::Bytes(profile.begin(), profile.end());
    pyramid.full = image::kFullChroma;
    PyramidWriter writer(sink, pyramid);
    EXPECT_EQ(writer.band_level(), 1U);
    ASSERT_TRUE(cut_jpeg_tiles(file, kTile, [&writer](const base::Bytes& tile) { return writer.add_tile(tile); }, {}));
    EXPECT_FALSE(writer.finish());
    ASSERT_TRUE(writer.add(*image::crop(half, {0, 0, 100, 64}), {}));
    ASSERT_TRUE(writer.add(*image::crop(half, {0, 64, 100, 1}), {}));
    ASSERT_TRUE(writer.finish());
    const base::MemorySource made(sink.take());
    const auto picture = testing::opened(made);
    EXPECT_EQ(*picture->page(0).icc, pyramid.icc);
    const base::MemorySource original(file);
    EXPECT_EQ(difference(testing::read_all(*picture, made).pixels,
                         testing::read_all(*testing::opened(original), original).pixels)
                  .largest,
              0);
    EXPECT_TRUE(picture->stored(0, 0, {64, 64, 64, 64}));
    EXPECT_EQ(picture->stored(0, 1, {0, 0, 64, 64}).has_value(), !lossless);
  }
}

TEST(PyramidWriter, RefusesBandsThatDoNotFit) {
  base::MemorySink sink;
  PyramidWriter writer(sink, shape({100, 100}, image::kRgb8));
  EXPECT_FALSE(writer.add(gradient({100, 63}, image::kRgb8), {}));
  EXPECT_FALSE(writer.add(gradient({99, 64}, image::kRgb8), {}));
  EXPECT_FALSE(writer.add(gradient({100, 64}, image::kGrey8), {}));
  EXPECT_FALSE(writer.finish());
  const base::CancelToken stopped;
  stopped.cancel();
  EXPECT_EQ(writer.add(gradient({100, 64}, image::kRgb8), stopped).error().code, base::ErrorCode::cancelled);
}

}  // namespace
}  // namespace armarium::codec
