#include <gif_lib.h>
#include <gtest/gtest.h>

#include "codec/palette.h"
#include "codec/registry.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::read;
using testing::read_all;

const image::PixelFormat kGreyAlpha8{image::ColourModel::grey, 8, true, false};

TEST(Webp, GivesBackWhatWasWritten) {
  for (const image::PixelFormat format : {image::kRgb8, image::kRgba8}) {
    image::Pixels pixels = gradient({301, 207}, format);
    if (format.alpha) {
      for (std::uint32_t y = 0; y < pixels.height(); ++y) {
        for (std::uint32_t x = 0; x < pixels.width(); ++x) pixels.row(y)[x * 4 + 3] = static_cast<std::uint8_t>(128 + x % 100);
      }
    }
    const base::MemorySource file(encoded(Format::webp, pixels, {.quality = 95}));
    const auto picture = opened(file);
    EXPECT_EQ(picture->page(0).pixels, format);
    EXPECT_LT(difference(pixels, read_all(*picture, file).pixels).mean, 4);
  }
}

TEST(Webp, ARegionEqualsItsPartOfTheWhole) {
  const base::MemorySource file(encoded(Format::webp, gradient({301, 207}, image::kRgb8)));
  const auto picture = opened(file);
  const image::Pixels whole = read_all(*picture, file).pixels;
  for (const image::Rect region : {image::Rect{0, 0, 64, 64}, image::Rect{33, 51, 101, 77}, image::Rect{200, 100, 101, 107}}) {
    const auto part = read(*picture, file, {0, region, region.size()});
    EXPECT_EQ(difference(whole, part.plan.area, part.pixels).largest, 0) << region.x;
  }
}

TEST(Webp, GreyIsWrittenAsColour) {
  for (const image::PixelFormat format : {image::kGrey8, kGreyAlpha8}) {
    const base::MemorySource file(encoded(Format::webp, gradient({40, 30}, format), {.quality = 100}));
    const image::Pixels pixels = read_all(*opened(file), file).pixels;
    EXPECT_EQ(pixels.format(), format.alpha ? image::kRgba8 : image::kRgb8);
    EXPECT_NEAR(pixels.row(10)[0], pixels.row(10)[1], 2);
  }
}

TEST(Webp, DamagedFilesAreErrors) {
  const base::Bytes good = encoded(Format::webp, gradient({64, 64}, image::kRgb8));
  for (std::size_t length : {12U, 16U, 25U}) {
    const base::MemorySource file(base::Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_EQ(Picture::open(file, {}).error().code, ErrorCode::corrupt) << length;
  }
  const auto wide = image::Pixels::allocate({20'000, 1}, image::kGrey8);
  EXPECT_EQ(webp_encoder().encode(*wide, {}, {}).error().code, ErrorCode::over_limit);
}

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
  EXPECT_LT(difference(pixels, read_all(*opened(file), file).pixels).mean, 12);  // this picture has every colour there is
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
    static_cast<base::Bytes*>(file->UserData)->insert(static_cast<base::Bytes*>(file->UserData)->end(), data, data + count);
    return count;
  };
  int error = 0;
  GifFileType* gif = EGifOpen(&bytes, append, &error);
  ColorMapObject* map = GifMakeMapObject(256, nullptr);
  for (int i = 0; i < 256; ++i) map->Colors[i] = {static_cast<GifByteType>(i), static_cast<GifByteType>(i), static_cast<GifByteType>(i)};
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

TEST(Palette, IsTheSameEachTimeAndNoLargerThanAllowed) {
  const image::Pixels pixels = gradient({200, 200}, image::kRgb8);
  const auto first = to_palette(pixels, {});
  const auto second = to_palette(pixels, {});
  ASSERT_TRUE(first && second);
  EXPECT_LE(first->colours.size(), 256U);
  EXPECT_GT(first->colours.size(), 200U);
  EXPECT_EQ(first->indices, second->indices);
}

TEST(TiffEncoder, GivesBackWhatWasWritten) {
  for (const image::PixelFormat format : {image::kGrey8, image::kRgb8, image::kRgba8, kGreyAlpha8}) {
    const image::Pixels pixels = gradient({301, 207}, format);
    const base::MemorySource file(encoded(Format::tiff, pixels));
    const auto picture = opened(file);
    EXPECT_EQ(picture->page(0).pixels, format);
    EXPECT_EQ(difference(pixels, read_all(*picture, file).pixels).largest, 0);
  }
}

TEST(TiffEncoder, OneBitForBitonal) {
  image::Pixels pixels = gradient({131, 40}, image::kGrey8);
  for (std::uint8_t& value : pixels.bytes()) value = value < 128 ? 0 : 255;
  const base::MemorySource file(encoded(Format::tiff, pixels, {.bitonal = true}));
  EXPECT_LT(file.size(), 131U * 40);
  const auto picture = opened(file);
  EXPECT_TRUE(picture->page(0).bitonal);
  EXPECT_EQ(difference(pixels, read_all(*picture, file).pixels).largest, 0);
}

TEST(PdfEncoder, WritesOnePageWithATitle) {
  const base::Bytes pdf = encoded(Format::pdf, gradient({300, 200}, image::kRgb8), {.title = "K\xC3\xB6ln \xF0\x9D\x84\x9E"});
  const std::string_view text = base::as_text(pdf);
  EXPECT_EQ(sniff(pdf), Format::pdf);
  EXPECT_NE(text.find("/MediaBox [0 0 300.00 200.00]"), std::string_view::npos);
  EXPECT_NE(text.find("<FEFF004B00F6006C006E0020D834DD1E>"), std::string_view::npos);
  // Each offset of the cross-reference table leads to its object.
  const std::size_t table = std::stoul(std::string(text.substr(text.rfind("startxref") + 10)));
  ASSERT_TRUE(text.substr(table).starts_with("xref\n0 7\n"));
  for (std::size_t i = 1; i < 7; ++i) {
    const std::size_t offset = std::stoul(std::string(text.substr(table + 9 + 20 * i, 10)));
    EXPECT_TRUE(text.substr(offset).starts_with(std::to_string(i) + " 0 obj")) << i;
  }
}

}  // namespace
}  // namespace armarium::codec
