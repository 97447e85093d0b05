#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>
#include <jpeglib.h>

#include "codec/exif.h"
#include "codec/registry.h"
#include "codec/testing.h"
#include "image/planes.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using testing::difference;
using testing::encoded;
using testing::gradient;
using testing::opened;
using testing::read;
using testing::read_all;

// Puts a segment behind the start of image.
base::Bytes with_segment(base::Bytes jpeg, std::uint8_t marker, std::string_view body) {
  const auto length = static_cast<std::uint16_t>(body.size() + 2);
  base::Bytes segment{0xFF, marker, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  segment.insert(segment.end(), body.begin(), body.end());
  jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
  return jpeg;
}

std::string exif_block(int orientation) {
  using namespace std::string_literals;
  return "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + static_cast<char>(orientation) + "\0\0\0\0\0\0"s;
}

TEST(Jpeg, GivesBackWhatWasWritten) {
  for (const image::PixelFormat format : {image::kGrey8, image::kRgb8}) {
    const image::Pixels pixels = gradient({333, 211}, format);
    const base::MemorySource file(encoded(Format::jpeg, pixels, {.quality = 95}));
    const auto picture = opened(file);
    EXPECT_EQ(picture->format(), Format::jpeg);
    EXPECT_EQ(picture->page(0).pixels, format);
    EXPECT_LT(difference(pixels, read_all(*picture, file).pixels).mean, 1.5);
  }
}

TEST(Jpeg, LevelsAreThoseOfTheDct) {
  const base::MemorySource file(encoded(Format::jpeg, gradient({1001, 203}, image::kRgb8)));
  const auto picture = opened(file);
  const std::vector<Level> levels = picture->levels(0);
  ASSERT_EQ(levels.size(), 4U);
  EXPECT_EQ(levels[3].size, (image::Size{126, 26}));
  for (std::uint32_t i = 0; i < levels.size(); ++i) {
    const auto reading = read(*picture, file, {0, {0, 0, 1001, 203}, levels[i].size});
    EXPECT_EQ(reading.plan.level, i);
    EXPECT_EQ(reading.pixels.size(), levels[i].size);
  }
}

TEST(Jpeg, ARegionEqualsItsPartOfTheWhole) {
  for (const int quality : {75, 95}) {
    const base::MemorySource file(encoded(Format::jpeg, gradient({701, 503}, image::kRgb8), {.quality = quality}));
    const auto picture = opened(file);
    for (std::uint32_t factor = 1; factor <= 8; factor *= 2) {
      const image::Size level = image::level_size({701, 503}, factor);
      const auto whole = read(*picture, file, {0, {0, 0, 701, 503}, level});
      for (const image::Rect region :
           {image::Rect{0, 0, 64, 64}, image::Rect{300, 200, 137, 129}, image::Rect{500, 300, 201, 203}}) {
        const auto part = read(*picture, file, {0, region, image::level_size(region.size(), factor)});
        ASSERT_EQ(part.plan.level, whole.plan.level);
        EXPECT_EQ(difference(whole.pixels, part.plan.area, part.pixels).largest, 0)
            << quality << " " << factor << " " << region.x;
      }
    }
  }
}

TEST(Jpeg, OrientationIsSettledWhenOpened) {
  const image::Pixels stored = gradient({120, 80}, image::kGrey8);
  const base::Bytes plain = encoded(Format::jpeg, stored, {.quality = 95});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const base::MemorySource file(with_segment(plain, 0xE1, exif_block(orientation)));
    const auto picture = opened(file);
    EXPECT_EQ(picture->size(0), orientation < 5 ? (image::Size{120, 80}) : (image::Size{80, 120}));
    const auto whole = read_all(*picture, file);
    EXPECT_EQ(whole.pixels.size(), picture->size(0));
    // The first row seen is, by EXIF, the stored row or column at this corner.
    const std::uint32_t x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8 ? 119 : 0;
    const std::uint32_t y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 ? 79 : 0;
    EXPECT_NEAR(whole.pixels.row(0)[0], stored.row(y)[x], 6) << orientation;
    const image::Rect region{30, 20, 40, 30};
    const auto part = read(*picture, file, {0, region, region.size()});
    const image::Rect shown{region.x - static_cast<std::uint32_t>(part.plan.window.x),
                            region.y - static_cast<std::uint32_t>(part.plan.window.y), part.pixels.width(),
                            part.pixels.height()};
    EXPECT_EQ(difference(whole.pixels, shown, part.pixels).largest, 0) << orientation;
  }
}

TEST(Jpeg, ProfilesOfSeveralChunksAreJoinedAndBrokenOnesIgnored) {
  using namespace std::string_literals;
  const base::Bytes plain = encoded(Format::jpeg, gradient({16, 16}, image::kRgb8));
  const base::Bytes second = with_segment(plain, 0xE2, "ICC_PROFILE\0\x02\x02world"s);
  const base::MemorySource both(with_segment(second, 0xE2, "ICC_PROFILE\0\x01\x02hello "s));
  EXPECT_EQ(base::as_text(*opened(both)->page(0).icc), "hello world");
  const base::MemorySource half(second);
  EXPECT_TRUE(opened(half)->page(0).icc->empty());
}

TEST(Jpeg, MetadataIsKeptRaw) {
  using namespace std::string_literals;
  base::Bytes file = encoded(Format::jpeg, gradient({16, 16}, image::kRgb8));
  file = with_segment(file, 0xE1, "http://ns.adobe.com/xap/1.0/\0<x/>"s);
  file = with_segment(file, 0xED,
                      "Photoshop 3.0\0"
                      "8BIM\x04\x04\0\0\0\0\0\x05\x1C\x02\x05\0\0\0"s);
  const base::MemorySource source(file);
  const EmbeddedMetadata metadata = opened(source)->index().metadata;
  EXPECT_EQ(base::as_text(metadata.xmp), "<x/>");
  EXPECT_EQ(metadata.iptc, (base::Bytes{0x1C, 2, 5, 0, 0}));
}

TEST(Jpeg, ATruncatedFileKeepsWhatWasRead) {
  const image::Pixels pixels = gradient({256, 256}, image::kRgb8);
  base::Bytes bytes = encoded(Format::jpeg, pixels, {.quality = 95});
  bytes.resize(bytes.size() / 2);
  const base::MemorySource file(bytes);
  const auto picture = opened(file);
  const auto whole = read_all(*picture, file);
  const auto top = difference(pixels, {0, 0, 256, 56}, read(*picture, file, {0, {0, 0, 256, 56}, {256, 56}}).pixels);
  EXPECT_LT(top.mean, 2);
  EXPECT_EQ(whole.pixels.size(), pixels.size());
}

TEST(Jpeg, DamagedHeadersAreErrors) {
  const base::Bytes good = encoded(Format::jpeg, gradient({64, 64}, image::kRgb8));
  for (std::size_t length : {3U, 20U, 100U, 400U}) {
    const base::MemorySource file(base::Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)));
    const auto picture = Picture::open(file, {});
    ASSERT_FALSE(picture) << length;
    EXPECT_EQ(picture.error().code, ErrorCode::corrupt);
  }
  Limits limits;
  limits.max_pixels = 1000;
  const base::MemorySource file(good);
  EXPECT_EQ(Picture::open(file, limits).error().code, ErrorCode::resource_limit);
}

// A JPEG of libjpeg's own making: four inks, as Adobe's programs store them or not.
base::Bytes inks(bool adobe, bool progressive, std::uint8_t value) {
  jpeg_compress_struct cinfo{};
  jpeg_error_mgr errors;
  cinfo.err = jpeg_std_error(&errors);
  jpeg_create_compress(&cinfo);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&cinfo, &data, &size);
  cinfo.image_width = 64;
  cinfo.image_height = 48;
  cinfo.input_components = 4;
  cinfo.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&cinfo);
  if (progressive) jpeg_simple_progression(&cinfo);
  cinfo.write_Adobe_marker = adobe ? TRUE : FALSE;
  jpeg_start_compress(&cinfo, TRUE);
  base::Bytes row(64 * 4, value);
  for (int y = 0; y < 48; ++y) {
    JSAMPROW line = row.data();
    jpeg_write_scanlines(&cinfo, &line, 1);
  }
  jpeg_finish_compress(&cinfo);
  jpeg_destroy_compress(&cinfo);
  base::Bytes out(data, data + size);
  free(data);
  return out;
}

TEST(Jpeg, FourInksKeepTheirSense) {
  for (const bool adobe : {false, true}) {
    for (const bool progressive : {false, true}) {
      const base::MemorySource file(inks(adobe, progressive, 200));
      const auto picture = opened(file);
      EXPECT_EQ(picture->page(0).pixels, (image::PixelFormat{image::ColourModel::cmyk, 8, false, adobe}));
      const image::Pixels pixels = read_all(*picture, file).pixels;
      EXPECT_NEAR(pixels.row(20)[30 * 4 + 2], 200, 2);
    }
  }
}

TEST(Jpeg, ChangedFilesAndForeignRegionsAreRefused) {
  const base::MemorySource file(encoded(Format::jpeg, gradient({64, 64}, image::kRgb8)));
  const auto picture = opened(file);
  EXPECT_EQ(picture->plan({0, {60, 0, 5, 5}, {5, 5}}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(picture->plan({1, {0, 0, 5, 5}, {5, 5}}).error().code, ErrorCode::not_found);
  const base::FetchedRanges other(file.size(), base::Version{"another"}, {});
  EXPECT_EQ(picture->read(*picture->plan({0, {0, 0, 5, 5}, {5, 5}}), other, {}).error().code, ErrorCode::conflict);
}

TEST(Jpeg, StopsWhenCancelled) {
  const image::Pixels pixels = gradient({64, 64}, image::kRgb8);
  const base::MemorySource file(encoded(Format::jpeg, pixels));
  const auto picture = opened(file);
  base::CancelToken cancel;
  cancel.cancel();
  EXPECT_EQ(picture->read(*picture->plan({0, {0, 0, 64, 64}, {64, 64}}), file, cancel).error().code,
            ErrorCode::cancelled);
  EXPECT_EQ(jpeg_encoder().encode(pixels, {}, cancel).error().code, ErrorCode::cancelled);
}

// Stopped between two rows, when the output has grown past its first buffer.
TEST(JpegEncoder, MayBeStoppedInTheMiddle) {
  const image::Pixels pixels = gradient({4000, 3000}, image::kRgb8);
  const auto planes = image::to_planes(pixels, image::kHalfChroma).value();
  const Encoder& encoder = *encoder_for(Format::jpeg);
  int stopped = 0;
  for (int milliseconds = 2; milliseconds <= 32; milliseconds *= 2) {
    const auto soon = [milliseconds] {
      return base::CancelToken(base::CancelToken::Clock::now() + std::chrono::milliseconds(milliseconds));
    };
    for (const auto& result : {encoder.encode(pixels, {}, soon()), encoder.encode_planes(planes, {}, soon())}) {
      if (!result) {
        EXPECT_EQ(result.error().code, ErrorCode::deadline_exceeded);
      }
      stopped += result ? 0 : 1;
    }
  }
  EXPECT_GT(stopped, 0);
}

TEST(JpegEncoder, SaysWhatItCannotDo) {
  EXPECT_FALSE(jpeg_encoder().alpha());
  EXPECT_EQ(jpeg_encoder().encode(gradient({4, 4}, image::kRgba8), {}, {}).error().code, ErrorCode::internal);
  EXPECT_NE(jpeg_encoder().recipe({.quality = 80}), jpeg_encoder().recipe({.quality = 81}));
}

TEST(Exif, OrientationOfDamagedBlocksIsOne) {
  const std::string block = exif_block(6).substr(6);
  EXPECT_EQ(exif_orientation(base::as_bytes(block)), 6);
  for (std::size_t length = 0; length < 22; ++length)
    EXPECT_EQ(exif_orientation(base::as_bytes(block.substr(0, length))), 1) << length;
  EXPECT_EQ(exif_orientation(base::as_bytes(exif_block(9).substr(6))), 1);
}

}  // namespace
}  // namespace armarium::codec
