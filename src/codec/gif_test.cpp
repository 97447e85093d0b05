#include <gif_lib.h>
#include <gtest/gtest.h>

#include "codec/testing.h"

namespace armarium::codec {
namespace {

using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::read;
using testing::read_all;

TEST(Gif, FewColoursComeBackExactly) {
  const image::Pixels grey = gradient({150, 120}, image::kGrey8);
  const base::MemorySource file(encoded(Format::gif, grey));
  const auto picture = opened(file);
  EXPECT_EQ(picture->page(0).pixels, image::kRgb8);
  const image::Pixels pixels = read_all(*picture, file).pixels;
  for (std::uint32_t x = 0; x < 150; ++x) ASSERT_EQ(pixels.row(77)[x * 3 + 1], grey.row(77)[x]);
  const auto part = read(*picture, file, {0, {20, 30, 40, 50}, {40, 50}});
  EXPECT_EQ(difference(pixels, part.plan.area, part.pixels).largest, 0);
}

TEST(Gif, ManyColoursComeBackNearly) {
  const image::Pixels pixels = gradient({300, 200}, image::kRgb8);
  const base::MemorySource file(encoded(Format::gif, pixels));
  EXPECT_LT(difference(pixels, read_all(*opened(file), file).pixels).mean,
            12);  // this picture has every colour there is
}

TEST(Gif, TransparencySurvives) {
  image::Pixels pixels = gradient({60, 40}, image::kRgba8);
  for (std::uint32_t y = 0; y < 40; ++y) {
    for (std::uint32_t x = 0; x < 60; ++x) pixels.row(y)[x * 4 + 3] = x < 30 ? 0 : 255;
  }
  const base::MemorySource file(encoded(Format::gif, pixels));
  const auto picture = opened(file);
  EXPECT_EQ(picture->page(0).pixels, image::kRgba8);
  const image::Pixels decoded = read_all(*picture, file).pixels;
  EXPECT_EQ(decoded.row(5)[29 * 4 + 3], 0);
  EXPECT_EQ(decoded.row(5)[30 * 4 + 3], 255);
}

TEST(Gif, InterlacedRowsAreSorted) {
  base::Bytes bytes;
  const auto append = [](GifFileType* file, const GifByteType* data, int count) {
    static_cast<base::Bytes*>(file->UserData)
        ->insert(static_cast<base::Bytes*>(file->UserData)->end(), data, data + count);
    return count;
  };
  int error = 0;
  GifFileType* gif = EGifOpen(&bytes, append, &error);
  ColorMapObject* map = GifMakeMapObject(256, nullptr);
  for (int i = 0; i < 256; ++i)
    map->Colors[i] = {static_cast<GifByteType>(i), static_cast<GifByteType>(i), static_cast<GifByteType>(i)};
  EGifPutScreenDesc(gif, 3, 19, 8, 0, map);
  EGifPutImageDesc(gif, 0, 0, 3, 19, true, nullptr);
  for (const auto& [start, step] : {std::pair{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
    for (int y = start; y < 19; y += step) {
      GifByteType row[3] = {static_cast<GifByteType>(y), static_cast<GifByteType>(y), static_cast<GifByteType>(y)};
      ASSERT_EQ(EGifPutLine(gif, row, 3), GIF_OK);
    }
  }
  GifFreeMapObject(map);
  EGifCloseFile(gif, &error);
  const base::MemorySource file(bytes);
  const image::Pixels pixels = read_all(*opened(file), file).pixels;
  for (std::uint32_t y = 0; y < 19; ++y) EXPECT_EQ(pixels.row(y)[0], y);
}

TEST(Gif, DamagedFilesAreErrors) {
  const base::Bytes good = encoded(Format::gif, gradient({64, 64}, image::kRgb8));
  for (std::size_t length : {6U, 13U, 200U, 790U}) {
    const base::MemorySource file(base::Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_FALSE(Picture::open(file, {})) << length;
  }
}

}  // namespace
}  // namespace armarium::codec
