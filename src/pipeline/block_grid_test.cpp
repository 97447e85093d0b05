#include "pipeline/block_grid.h"

#include <gtest/gtest.h>

namespace armarium::pipeline {
namespace {

using image::Rect;
using image::Size;

codec::Page page(std::vector<codec::Level> levels) {
  codec::Page page;
  page.size = levels.front().size;
  page.levels = std::move(levels);
  return page;
}

TEST(BlockGrid, LowLevelsAreWholeAndTilesAreGrown) {
  const codec::Page pyramid = page({{{9000, 7000}, {128, 128}, true}, {{900, 700}, {128, 128}, true}});
  const BlockGrid full = block_grid(pyramid, 0, codec::Format::tiff);
  EXPECT_EQ(full.block, (Size{256, 256}));
  EXPECT_TRUE(full.tiled);
  EXPECT_FALSE(full.low);
  EXPECT_EQ(full.area(35, 27), (Rect{8960, 6912, 40, 88}));
  EXPECT_EQ(full.touched({255, 256, 2, 256}), (Rect{0, 1, 2, 1}));
  const BlockGrid low = block_grid(pyramid, 1, codec::Format::tiff);
  EXPECT_TRUE(low.low);
  EXPECT_EQ(low.block, (Size{900, 700}));
  // A JPEG 2000 of one tile is cut by us; a PNG cannot be.
  EXPECT_EQ(block_grid(page({{{9000, 700}, {}, true}}), 0, codec::Format::jp2).block, (Size{1024, 700}));
  EXPECT_EQ(block_grid(page({{{9000, 700}, {}, true}}), 0, codec::Format::png).block, (Size{9000, 700}));
}

TEST(Reached, NothingMoreForACopyOnTheChromaGrid) {
  const image::RectF window{512, 256, 256, 256};
  const Size level{4000, 3000};
  EXPECT_EQ(reached(level, window, {256, 256}, {}, {}), (Rect{512, 256, 256, 256}));
  EXPECT_EQ(reached(level, window, {256, 256}, image::kHalfChroma, image::kHalfChroma), (Rect{512, 256, 256, 256}));
  // To full chroma, it is made of its neighbours; scaled, all is.
  EXPECT_EQ(reached(level, window, {256, 256}, image::kHalfChroma, image::kFullChroma), (Rect{504, 248, 272, 272}));
  EXPECT_EQ(reached(level, window, {128, 128}, {}, {}), (Rect{504, 248, 272, 272}));
  EXPECT_EQ(reached(level, window, {128, 128}, image::kHalfChroma, image::kHalfChroma), (Rect{498, 242, 284, 284}));
  EXPECT_EQ(reached({300, 300}, {0, 0, 300, 300}, {100, 100}, {}, {}), (Rect{0, 0, 300, 300}));
}

}  // namespace
}  // namespace armarium::pipeline
