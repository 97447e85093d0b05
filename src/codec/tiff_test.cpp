#include <cstring>

#include <gtest/gtest.h>
#include <tiffio.h>

#include "codec/testing.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_writer.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using testing::CountingSource;
using testing::difference;
using testing::gradient;
using testing::opened;
using testing::read;
using testing::read_all;
using testing::Writer;
using testing::written;

TEST(Tiff, EveryLayoutGivesTheSamePixels) {
  const image::PixelFormat rgb16{image::ColourModel::rgb, 16, false, false};
  for (const image::PixelFormat format : {image::kRgb8, image::kRgba8, rgb16}) {
    const image::Pixels pixels = gradient({163, 137}, format);
    for (const char* mode : {"w", "wb", "w8", "wb8"}) {
      for (const std::uint16_t compression :
           {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS, COMPRESSION_ZSTD}) {
        for (const std::uint32_t tile : {0U, 64U}) {
          for (const bool separate : {false, true}) {
            const base::MemorySource file(written(pixels, {mode, compression, tile, 16, separate}));
            const auto picture = opened(file);
            ASSERT_NE(picture, nullptr);
            EXPECT_EQ(picture->page(0).pixels, format);
            const auto part = read(*picture, file, {0, {50, 40, 90, 75}, {90, 75}});
            EXPECT_EQ(difference(pixels, part.plan.area, part.pixels).largest, 0)
                << mode << " compression " << compression << " tile " << tile << " separate " << separate << " bits "
                << int{format.bits};
          }
        }
      }
    }
  }
}

TEST(Tiff, JpegTilesDecodeToRgb) {
  const image::Pixels pixels = gradient({300, 200}, image::kRgb8);
  for (const std::uint16_t photometric : {PHOTOMETRIC_YCBCR, PHOTOMETRIC_RGB}) {
    const base::MemorySource file(written(pixels, {"w", COMPRESSION_JPEG, 128, 0, false, photometric}));
    const auto picture = opened(file);
    EXPECT_EQ(picture->page(0).pixels, image::kRgb8);
    EXPECT_LT(difference(pixels, read_all(*picture, file).pixels).mean, 2) << photometric;
  }
}

TEST(Tiff, ATileReadsOnlyItsBytes) {
  const image::Pixels pixels = gradient({2000, 1500}, image::kRgb8);
  CountingSource file(written(pixels, {"w", COMPRESSION_NONE, 256}));
  const auto picture = opened(file);
  file.reset();
  const auto tile = read(*picture, file, {0, {512, 512, 256, 256}, {256, 256}});
  EXPECT_EQ(difference(pixels, {512, 512, 256, 256}, tile.pixels).largest, 0);
  EXPECT_LT(file.count(), 256U * 256 * 3 + 20'000);
  // Uncompressed strips give single rows, however long the strip.
  CountingSource strip(written(pixels, {"w", COMPRESSION_NONE, 0, 1500}));
  const auto striped = opened(strip);
  strip.reset();
  const auto rows = read(*striped, strip, {0, {10, 700, 50, 40}, {50, 40}});
  EXPECT_EQ(difference(pixels, rows.plan.area, rows.pixels).largest, 0);
  EXPECT_LE(strip.count(), 2000U * 3 * 40);
}

TEST(Tiff, LargeOnesAreReadPieceByPiece) {
  const image::Pixels pixels = gradient({6000, 4200}, image::kRgb8);
  CountingSource file(written(pixels, {"w", COMPRESSION_NONE, 0, 4200}));  // one strip of 75 MB
  const auto picture = opened(file);
  const auto small = read(*picture, file, {0, {0, 0, 6000, 4200}, {375, 263}});
  EXPECT_TRUE(small.plan.whole_file);
  EXPECT_LT(small.plan.cost.memory, 10U << 20);
  EXPECT_EQ(small.pixels.size(), (image::Size{375, 263}));
  int sum = 0;
  for (std::uint32_t y = 16; y < 32; ++y) {
    for (std::uint32_t x = 160; x < 176; ++x) sum += pixels.row(y)[x * 3 + 1];
  }
  EXPECT_EQ(small.pixels.row(1)[10 * 3 + 1], (sum + 128) / 256);
}

TEST(Tiff, MarkedPagesBecomeLevels) {
  Writer writer;
  writer.add(gradient({1001, 601}, image::kRgb8), {"w", COMPRESSION_LZW, 128});
  writer.add(gradient({500, 300}, image::kRgb8),
             {"w", COMPRESSION_LZW, 128, 0, false, PHOTOMETRIC_RGB, FILETYPE_REDUCEDIMAGE});
  writer.add(gradient({250, 150}, image::kRgb8),
             {"w", COMPRESSION_LZW, 128, 0, false, PHOTOMETRIC_RGB, FILETYPE_REDUCEDIMAGE});
  writer.add(gradient({100, 100}, image::kRgb8),
             {"w", COMPRESSION_LZW, 0, 16, false, PHOTOMETRIC_RGB, FILETYPE_REDUCEDIMAGE});  // another shape
  const base::MemorySource file(writer.take());
  const auto picture = opened(file);
  ASSERT_EQ(picture->page_count(), 1U);
  ASSERT_EQ(picture->levels(0).size(), 3U);
  EXPECT_EQ(picture->levels(0)[1].tile, (image::Size{128, 128}));
  EXPECT_EQ(read(*picture, file, {0, {0, 0, 1001, 601}, {300, 180}}).plan.level, 1U);
}

TEST(Tiff, UnmarkedHalvingsOfTilesBecomeLevelsButDocumentsStayPages) {
  Writer tiled;
  for (std::uint32_t side : {800U, 400U, 200U})
    tiled.add(gradient({side, side}, image::kGrey8), {"w", COMPRESSION_LZW, 128, 0, false, PHOTOMETRIC_MINISBLACK});
  const base::MemorySource pyramid(tiled.take());
  EXPECT_EQ(opened(pyramid)->page_count(), 1U);
  EXPECT_EQ(opened(pyramid)->levels(0).size(), 3U);
  Writer striped;
  for (std::uint32_t side : {800U, 400U, 300U})
    striped.add(gradient({side, side}, image::kGrey8), {"w", COMPRESSION_LZW, 0, 16, false, PHOTOMETRIC_MINISBLACK});
  const base::MemorySource document(striped.take());
  EXPECT_EQ(opened(document)->page_count(), 3U);
  EXPECT_EQ(opened(document)->size(2), (image::Size{300, 300}));
  Writer numbered;
  for (int page : {0, 1})
    numbered.add(gradient({800U >> page, 800U >> page}, image::kGrey8),
                 {"w", COMPRESSION_LZW, 128, 0, false, PHOTOMETRIC_MINISBLACK, 0, page});
  const base::MemorySource pages(numbered.take());
  EXPECT_EQ(opened(pages)->page_count(), 2U);
}

TEST(Tiff, ChildrenBecomeLevels) {
  Writer writer;
  writer.announce_children(2);
  writer.add(gradient({640, 480}, image::kRgb8), {"w", COMPRESSION_LZW, 128});
  writer.add(gradient({320, 240}, image::kRgb8),
             {"w", COMPRESSION_LZW, 128, 0, false, PHOTOMETRIC_RGB, FILETYPE_REDUCEDIMAGE});
  writer.add(gradient({160, 120}, image::kRgb8),
             {"w", COMPRESSION_LZW, 128, 0, false, PHOTOMETRIC_RGB, FILETYPE_REDUCEDIMAGE});
  writer.add(gradient({50, 60}, image::kRgb8), {"w", COMPRESSION_LZW, 0});
  const base::MemorySource file(writer.take());
  const auto picture = opened(file);
  ASSERT_EQ(picture->page_count(), 2U);
  ASSERT_EQ(picture->levels(0).size(), 3U);
  EXPECT_EQ(picture->size(1), (image::Size{50, 60}));
  const auto level = read(*picture, file, {0, {0, 0, 640, 480}, {160, 120}});
  EXPECT_EQ(difference(gradient({160, 120}, image::kRgb8), level.pixels).largest, 0);
}

TEST(Tiff, BitonalIsGreyOfTwoValues) {
  for (const std::uint16_t compression :
       {COMPRESSION_CCITTFAX4, COMPRESSION_CCITTFAX3, COMPRESSION_CCITTRLE, COMPRESSION_NONE, COMPRESSION_PACKBITS}) {
    for (const std::uint16_t photometric : {PHOTOMETRIC_MINISWHITE, PHOTOMETRIC_MINISBLACK}) {
      Writer writer;
      TIFF* tif = writer.handle();
      for (const auto& [tag, value] : {std::pair{TIFFTAG_IMAGEWIDTH, 100},
                                       {TIFFTAG_IMAGELENGTH, 40},
                                       {TIFFTAG_BITSPERSAMPLE, 1},
                                       {TIFFTAG_SAMPLESPERPIXEL, 1},
                                       {TIFFTAG_PHOTOMETRIC, int{photometric}},
                                       {TIFFTAG_COMPRESSION, int{compression}},
                                       {TIFFTAG_ROWSPERSTRIP, 7}}) {
        TIFFSetField(tif, static_cast<std::uint32_t>(tag), value);
      }
      for (std::uint32_t y = 0; y < 40; ++y) {
        base::Bytes row(13, 0);
        if (y >= 10) row[1] = 0xF0;  // pixels 8 to 11
        ASSERT_EQ(TIFFWriteScanline(tif, row.data(), y, 0), 1);
      }
      const base::MemorySource file(writer.take());
      const auto picture = opened(file);
      ASSERT_NE(picture, nullptr);
      EXPECT_TRUE(picture->page(0).bitonal);
      const image::Pixels pixels = read_all(*picture, file).pixels;
      const int set = photometric == PHOTOMETRIC_MINISWHITE ? 0 : 255;
      EXPECT_EQ(pixels.row(20)[8], set) << compression;
      EXPECT_EQ(pixels.row(20)[12], 255 - set) << compression;
      EXPECT_EQ(pixels.row(5)[8], 255 - set) << compression;
    }
  }
}

TEST(Tiff, AssociatedAlphaIsDividedOut) {
  image::Pixels pixels = gradient({4, 4}, image::kRgba8);
  std::uint8_t* pixel = pixels.row(1) + 4;
  pixel[0] = 100;
  pixel[1] = 50;
  pixel[2] = 0;
  pixel[3] = 128;
  const base::MemorySource file(
      written(pixels, {"w", COMPRESSION_NONE, 0, 16, false, PHOTOMETRIC_RGB, 0, -1, 0, EXTRASAMPLE_ASSOCALPHA}));
  const image::Pixels decoded = read_all(*opened(file), file).pixels;
  EXPECT_EQ(decoded.row(1)[4], 199);
  EXPECT_EQ(decoded.row(1)[5], 100);
  EXPECT_EQ(decoded.row(1)[7], 128);
}

TEST(Tiff, LabBecomesIccsEncoding) {
  image::Pixels pixels = gradient({2, 2}, image::kRgb8);
  const std::uint8_t neutral[3] = {255, 0, 0xFF};  // L 100, a 0, b -1
  std::copy_n(neutral, 3, pixels.row(0));
  const base::MemorySource file(written(pixels, {"w", COMPRESSION_NONE, 0, 16, false, PHOTOMETRIC_CIELAB}));
  const auto picture = opened(file);
  EXPECT_EQ(picture->page(0).pixels.model, image::ColourModel::lab);
  const image::Pixels decoded = read_all(*picture, file).pixels;
  EXPECT_EQ(decoded.row(0)[0], 255);
  EXPECT_EQ(decoded.row(0)[1], 128);
  EXPECT_EQ(decoded.row(0)[2], 127);
}

TEST(Tiff, OrientationAndMetadataAreRead) {
  Writer writer;
  writer.icc = "not a profile";
  writer.description = "A view of the harbour";
  writer.add(gradient({30, 20}, image::kRgb8), {"w", COMPRESSION_NONE, 0, 16, false, PHOTOMETRIC_RGB, 0, -1, 6});
  const base::MemorySource file(writer.take());
  const auto picture = opened(file);
  EXPECT_EQ(picture->size(0), (image::Size{20, 30}));
  EXPECT_EQ(base::as_text(*picture->page(0).icc), "not a profile");
  EXPECT_NE(base::as_text(picture->index().metadata.exif).find("A view of the harbour"), std::string_view::npos);
}

TEST(Tiff, DamagedFilesKeepWhatWasReadOrAreErrors) {
  const image::Pixels pixels = gradient({256, 256}, image::kRgb8);
  Writer writer;
  writer.add(pixels, {"w", COMPRESSION_LZW, 64});
  base::Bytes bytes = writer.take();
  for (std::size_t length : {4U, 8U, 20U}) {
    const base::MemorySource file(base::Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_EQ(Picture::open(file, {}).error().code, ErrorCode::corrupt) << length;
  }
  const base::MemorySource whole(bytes);
  const auto picture = opened(whole);
  const auto& directory = static_cast<const TiffIndex&>(picture->index()).directories[0];
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(directory.offsets[5]), 50, std::uint8_t{0xFF});
  const base::MemorySource damaged(bytes);
  const image::Pixels decoded = read_all(*picture, damaged).pixels;
  EXPECT_EQ(std::memcmp(decoded.row(10), pixels.row(10), pixels.stride()), 0);
  EXPECT_NE(std::memcmp(decoded.row(70), pixels.row(70), pixels.stride()), 0);
  Limits limits;
  limits.max_tiles = 10;
  EXPECT_EQ(Picture::open(whole, limits).error().code, ErrorCode::resource_limit);
  limits = {};
  limits.max_pixels = 65535;
  EXPECT_EQ(Picture::open(whole, limits).error().code, ErrorCode::resource_limit);
}

TEST(Tiff, PagesOverTheLimitAreRefused) {
  Writer writer;
  for (int page = 0; page < 5; ++page)
    writer.add(gradient({8, 8}, image::kGrey8), {"w", COMPRESSION_NONE, 0, 8, false, PHOTOMETRIC_MINISBLACK});
  const base::MemorySource file(writer.take());
  EXPECT_EQ(opened(file)->page_count(), 5U);
  Limits limits;
  limits.max_pages = 4;
  EXPECT_EQ(Picture::open(file, limits).error().code, ErrorCode::resource_limit);
}

}  // namespace
}  // namespace armarium::codec
