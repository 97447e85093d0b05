#include <cstdio>

#include <gtest/gtest.h>
#include <tiffio.h>

#include "codec/testing.h"
#include "image/operations.h"

namespace armarium::codec {
namespace {

using image::Planes;
using image::Rect;
using testing::difference;
using testing::gradient;
using testing::opened;
using testing::shown;

const base::CancelToken kNever;

// A tiled TIFF of JPEG tiles by libtiff.
base::Bytes tiled_tiff(const image::Pixels& pixels, std::uint16_t chroma, std::uint32_t side) {
  const std::string path = ::testing::TempDir() + "planes.tif";
  TIFF* tif = TIFFOpen(path.c_str(), "w");
  TIFFSetField(tif, TIFFTAG_IMAGEWIDTH, pixels.width());
  TIFFSetField(tif, TIFFTAG_IMAGELENGTH, pixels.height());
  TIFFSetField(tif, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tif, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tif, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tif, TIFFTAG_TILEWIDTH, side);
  TIFFSetField(tif, TIFFTAG_TILELENGTH, side);
  TIFFSetField(tif, TIFFTAG_COMPRESSION, COMPRESSION_JPEG);
  TIFFSetField(tif, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
  TIFFSetField(tif, TIFFTAG_YCBCRSUBSAMPLING, chroma, chroma);
  TIFFSetField(tif, TIFFTAG_JPEGQUALITY, 90);
  TIFFSetField(tif, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  base::Bytes tile(std::size_t{side} * side * 3);
  for (std::uint32_t y = 0; y < pixels.height(); y += side) {
    for (std::uint32_t x = 0; x < pixels.width(); x += side) {
      for (std::uint32_t row = 0; row < side; ++row) {
        for (std::uint32_t column = 0; column < side; ++column) {
          const std::uint8_t* pixel = pixels.row(std::min(y + row, pixels.height() - 1)) +
                                      std::size_t{std::min(x + column, pixels.width() - 1)} * 3;
          std::copy_n(pixel, 3, tile.data() + (std::size_t{row} * side + column) * 3);
        }
      }
      TIFFWriteTile(tif, tile.data(), x, y, 0, 0);
    }
  }
  TIFFClose(tif);
  std::FILE* file = std::fopen(path.c_str(), "rb");
  base::Bytes bytes(4 << 20);
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
  std::fclose(file);
  return bytes;
}

TEST(TiffPlanes, AreThePixelsOfTheTiles) {
  const image::Pixels source = gradient({301, 203}, image::kRgb8);
  for (const std::uint16_t chroma : {1, 2}) {
    const base::MemorySource file(tiled_tiff(source, chroma, 64));
    const auto picture = opened(file);
    const Level& level = picture->page(0).levels[0];
    ASSERT_EQ(level.chroma, (image::Sampling{static_cast<std::uint8_t>(chroma), static_cast<std::uint8_t>(chroma)}));
    for (const Rect area :
         {Rect{0, 0, 301, 203}, Rect{64, 64, 64, 64}, Rect{256, 192, 45, 11}, Rect{32, 16, 100, 90}}) {
      const Plan plan = picture->plan({0, {}, {}, Request::Block{0, area}}).value();
      EXPECT_EQ(plan.area, area);
      const auto planes = picture->read_planes(plan, file, kNever);
      ASSERT_TRUE(planes) << planes.error().message << planes.error().detail;
      EXPECT_LT(difference(source, area, shown(*planes)).mean, 2.5);
      const auto pixels = picture->read_stored(plan, file, kNever);
      const auto apart = difference(*pixels, shown(*planes));
      EXPECT_LT(apart.mean, 1.0) << chroma;
    }
    EXPECT_FALSE(picture->plan({0, {}, {}, Request::Block{0, {300, 0, 2, 2}}}));
    EXPECT_FALSE(picture->plan({0, {}, {}, Request::Block{99, {0, 0, 2, 2}}}));
  }
}

}  // namespace
}  // namespace armarium::codec
