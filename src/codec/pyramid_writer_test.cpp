#include "codec/pyramid_writer.h"

#include <gtest/gtest.h>

#include "codec/testing.h"
#include "image/operations.h"

namespace armarium::codec {
namespace {

using image::Rect;
using image::Size;
using testing::difference;
using testing::gradient;

constexpr std::uint32_t kTile = 64;

base::Bytes written(const image::Pixels& pixels) {
  base::MemorySink sink;
  PyramidWriter writer(sink, pixels.size(), pixels.format(), kTile, 88);
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

TEST(PyramidWriter, RefusesBandsThatDoNotFit) {
  base::MemorySink sink;
  PyramidWriter writer(sink, {100, 100}, image::kRgb8, kTile, 88);
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
