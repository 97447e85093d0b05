#include "codec/jpeg_tiles.h"

#include <gtest/gtest.h>

#include "codec/encoder.h"
#include "codec/testing.h"
#include "image/operations.h"

namespace armarium::codec {
namespace {

using image::Pixels;
using image::Size;
using testing::difference;
using testing::gradient;

constexpr std::uint32_t kTile = 64;

base::Bytes jpeg(Size size, const image::PixelFormat& format, int quality) {
  return encoder_for(Format::jpeg)->encode(gradient(size, format), {.quality = quality}, {}).value();
}

std::vector<base::Bytes> cut(const base::Bytes& file) {
  std::vector<base::Bytes> tiles;
  const auto done = cut_jpeg_tiles(file, kTile,
                                   [&tiles](const base::Bytes& tile) {
                                     tiles.push_back(tile);
                                     return base::Result<>{};
                                   },
                                   {});
  EXPECT_TRUE(done) << (done ? "" : done.error().detail);
  return tiles;
}

Pixels decoded(const base::Bytes& bytes) {
  const base::MemorySource file{bytes};
  const auto picture = testing::opened(file);
  return testing::read_all(*picture, file).pixels;
}

TEST(JpegTiles, HoldTheSamplesOfTheFile) {
  for (const Size size : {Size{1, 1}, Size{64, 64}, Size{65, 64}, Size{301, 203}, Size{128, 129}, Size{1000, 3}}) {
    for (const image::PixelFormat format : {image::kRgb8, image::kGrey8}) {
      for (const int quality : {80, 95}) {  // 4:2:0, 4:4:4
        SCOPED_TRACE(::testing::Message()
                     << size.width << "x" << size.height << " " << format.channels() << " " << quality);
        const base::Bytes file = jpeg(size, format, quality);
        const Pixels whole = decoded(file);
        const std::vector<base::Bytes> tiles = cut(file);
        const std::uint32_t across = (size.width - 1) / kTile + 1;
        ASSERT_EQ(tiles.size(), std::size_t{across} * ((size.height - 1) / kTile + 1));
        // Smooth chroma upsampling looks one sample beyond a tile; with full chroma, or none, the samples are the same.
        const bool same = quality == 95 || format == image::kGrey8;
        for (std::size_t i = 0; i < tiles.size(); ++i) {
          const auto x = static_cast<std::uint32_t>(i) % across * kTile;
          const auto y = static_cast<std::uint32_t>(i) / across * kTile;
          const Size part{std::min(kTile, size.width - x), std::min(kTile, size.height - y)};
          const Pixels tile = decoded(tiles[i]);
          ASSERT_EQ(tile.size(), (Size{kTile, kTile}));
          const auto found = difference(*image::crop(tile, image::Rect::of(part)),
                                        *image::crop(whole, {x, y, part.width, part.height}));
          EXPECT_LE(found.largest, same ? 0 : 12) << "tile " << i;
          EXPECT_LE(found.mean, same ? 0 : 1.5) << "tile " << i;
        }
      }
    }
  }
}

TEST(JpegTiles, AFileThatBreaksOffGivesAllTiles) {
  base::Bytes file = jpeg({301, 203}, image::kRgb8, 80);
  file.resize(file.size() / 2);
  EXPECT_EQ(cut(file).size(), 20U);
}

TEST(JpegTiles, OnlyPlainFramesAreCut) {
  const base::Bytes file = jpeg({100, 100}, image::kRgb8, 80);
  EXPECT_TRUE(jpeg_tiles(file, kTile));
  EXPECT_EQ(jpeg_tiles(file, kTile)->size, (Size{100, 100}));
  EXPECT_EQ(jpeg_tiles(file, kTile)->chroma, image::kHalfChroma);
  EXPECT_FALSE(jpeg_tiles(file, 72));
  EXPECT_FALSE(jpeg_tiles(file, 0));
  EXPECT_FALSE(jpeg_tiles(base::ByteView(file).first(20), kTile));
  EXPECT_FALSE(cut_jpeg_tiles({}, kTile, [](const base::Bytes&) { return base::Result<>{}; }, {}));
}

TEST(JpegTiles, StopsWhenTheTakerOrTheTokenSaysSo) {
  const base::Bytes file = jpeg({301, 203}, image::kRgb8, 80);
  int taken = 0;
  const auto refused = cut_jpeg_tiles(file, kTile,
                                      [&taken](const base::Bytes&) {
                                        ++taken;
                                        return base::Result<>(base::fail(base::ErrorCode::io, "full"));
                                      },
                                      {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "full");
  EXPECT_EQ(taken, 1);
  const base::CancelToken stopped;
  stopped.cancel();
  const auto take = [](const base::Bytes&) { return base::Result<>{}; };
  const auto none = cut_jpeg_tiles(file, kTile, take, stopped);
  EXPECT_EQ(none.error().code, base::ErrorCode::cancelled);
}

}  // namespace
}  // namespace armarium::codec
