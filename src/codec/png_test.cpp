#include <cstring>

#include <gtest/gtest.h>
#include <png.h>

#include "codec/png_quick.h"
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

// Past a size the rows are written one by one.
TEST(Png, LargePicturesAreWrittenAsWell) {
  const image::Pixels pixels = gradient({2900, 2910}, image::kRgb8);
  EXPECT_FALSE(quick_png(pixels));
  EXPECT_TRUE(quick_png(gradient({1, 1}, image::kGrey8)));
  const base::MemorySource file(encoded(Format::png, pixels));
  EXPECT_EQ(difference(pixels, read_all(*opened(file), file).pixels).largest, 0);
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

// A PNG of libpng's own making.
struct Fixture {
  int depth = 8;
  int type = PNG_COLOR_TYPE_RGB;
  bool interlaced = false;
  double gamma = 0;
  int orientation = 0;
  std::vector<png_color> palette = {};
  base::Bytes transparent = {};  // alpha of palette entries
};

base::Bytes written(image::Size size, const Fixture& fixture, const base::Bytes& row) {
  base::Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  const auto append = [](png_structp self, png_bytep data, std::size_t length) {
    auto* bytes = static_cast<base::Bytes*>(png_get_io_ptr(self));
    bytes->insert(bytes->end(), data, data + length);
  };
  png_set_write_fn(png, &out, append, nullptr);
  png_set_IHDR(png, info, size.width, size.height, fixture.depth, fixture.type,
               fixture.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (fixture.gamma != 0) png_set_gAMA(png, info, fixture.gamma);
  if (!fixture.palette.empty())
    png_set_PLTE(png, info, fixture.palette.data(), static_cast<int>(fixture.palette.size()));
  if (!fixture.transparent.empty())
    png_set_tRNS(png, info, fixture.transparent.data(), static_cast<int>(fixture.transparent.size()), nullptr);
  base::Bytes exif{'M', 'M',  0, 42, 0, 0, 0, 8, 0, 1,
                   1,   0x12, 0, 3,  0, 0, 0, 1, 0, static_cast<std::uint8_t>(fixture.orientation),
                   0,   0,    0, 0,  0, 0};
  if (fixture.orientation != 0) png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()), exif.data());
  png_write_info(png, info);
  const int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass) {
    for (std::uint32_t y = 0; y < size.height; ++y) {
      base::Bytes shifted = row;  // row y begins with y
      shifted[0] = static_cast<std::uint8_t>(y);
      png_write_row(png, shifted.data());
    }
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

TEST(Png, InterlacedAndPlainAreTheSame) {
  base::Bytes row(90);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<std::uint8_t>(i * 7);
  const base::MemorySource plain(written({30, 20}, {}, row));
  const base::MemorySource interlaced(written({30, 20}, {8, PNG_COLOR_TYPE_RGB, true}, row));
  const image::Pixels expected = read_all(*opened(plain), plain).pixels;
  EXPECT_EQ(expected.row(11)[0], 11);
  EXPECT_EQ(difference(expected, read_all(*opened(interlaced), interlaced).pixels).largest, 0);
  const auto part = read(*opened(interlaced), interlaced, {0, {5, 6, 10, 9}, {10, 9}});
  EXPECT_EQ(difference(expected, part.plan.area, part.pixels).largest, 0);
}

TEST(Png, PalettesBecomeColoursWithTheirTransparency) {
  Fixture fixture{8, PNG_COLOR_TYPE_PALETTE};
  fixture.palette = {{10, 20, 30}, {40, 50, 60}, {70, 80, 90}};
  fixture.transparent = {255, 0};
  const base::MemorySource file(written({3, 2}, fixture, {0, 1, 2}));
  const auto picture = opened(file);
  EXPECT_EQ(picture->page(0).pixels, image::kRgba8);
  const image::Pixels pixels = read_all(*picture, file).pixels;
  const base::Bytes first(pixels.row(0), pixels.row(0) + 12);
  EXPECT_EQ(first, (base::Bytes{10, 20, 30, 255, 40, 50, 60, 0, 70, 80, 90, 255}));
}

TEST(Png, SixteenBitsStayAndSmallDepthsGrow) {
  const base::MemorySource deep(written({2, 1}, {16, PNG_COLOR_TYPE_GRAY}, {0, 0x34, 0xAB, 0xCD}));
  const image::Pixels wide = read_all(*opened(deep), deep).pixels;
  ASSERT_EQ(wide.format().bits, 16);
  EXPECT_EQ(reinterpret_cast<const std::uint16_t*>(wide.row(0))[1], 0xABCD);
  const base::MemorySource shallow(written({4, 2}, {2, PNG_COLOR_TYPE_GRAY}, {0}));
  const image::Pixels small = read_all(*opened(shallow), shallow).pixels;
  EXPECT_EQ(small.row(1)[3], 85);  // the second row is 0b00000001
}

TEST(Png, GammaAndOrientationAreHeeded) {
  // Linear light of one half is 188 in sRGB.
  const base::MemorySource linear(written({2, 1}, {8, PNG_COLOR_TYPE_GRAY, false, 1.0}, {0, 128}));
  EXPECT_NEAR(read_all(*opened(linear), linear).pixels.row(0)[1], 187, 2);
  const base::MemorySource usual(written({2, 1}, {8, PNG_COLOR_TYPE_GRAY, false, 1 / 2.2}, {0, 128}));
  EXPECT_EQ(read_all(*opened(usual), usual).pixels.row(0)[1], 128);
  const base::MemorySource turned(written({3, 2}, {8, PNG_COLOR_TYPE_GRAY, false, 0, 6}, {0, 1, 2}));
  EXPECT_EQ(opened(turned)->size(0), (image::Size{2, 3}));
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
