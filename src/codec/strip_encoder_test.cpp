#include <gtest/gtest.h>

#include "codec/png_strips.h"
#include "codec/testing.h"
#include "codec/tiff_strips.h"
#include "image/operations.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using image::Pixels;
using image::Size;
using testing::difference;
using testing::gradient;
using testing::opened;
using testing::read_all;

const base::CancelToken kNever;

Pixels rows_of(const Pixels& whole, std::uint32_t first, std::uint32_t count) {
  return image::crop(whole, {0, first, whole.width(), count}).value();
}

const std::vector<std::uint32_t> kUneven = {1, 16, 7, 64, 3, 128, 33};

// The file made of strips of uneven heights.
base::Bytes in_strips(Format format, const Pixels& whole, const EncodeOptions& options = {}) {
  auto strips = encoder_for(format)->begin({whole.size(), whole.format(), {}}, options).value();
  base::Bytes out;
  std::uint32_t y = 0;
  for (std::size_t i = 0; y < whole.height(); ++i) {
    const std::uint32_t rows = std::min(kUneven[i % kUneven.size()], whole.height() - y);
    EXPECT_TRUE(strips->add(rows_of(whole, y, rows), out, kNever));
    y += rows;
  }
  EXPECT_TRUE(strips->finish(out));
  EXPECT_EQ(strips->length().value_or(out.size()), out.size());
  return out;
}

Pixels decoded(const base::Bytes& bytes) {
  const base::MemorySource file(bytes);
  return std::move(read_all(*opened(file), file).pixels);
}

const image::PixelFormat kGreyAlpha8{image::ColourModel::grey, 8, true, false};
const std::vector<Size> kSizes = {{1, 1}, {1001, 2003}, {17, 1}, {1, 40}, {640, 480}};

TEST(StripEncoder, JpegIsByteForByteTheWholeOne) {
  for (const Size size : kSizes) {
    for (const image::PixelFormat& format : {image::kRgb8, image::kGrey8}) {
      for (const int quality : {82, 95}) {
        const Pixels pixels = gradient(size, format);
        EXPECT_EQ(in_strips(Format::jpeg, pixels, {.quality = quality}),
                  testing::encoded(Format::jpeg, pixels, {.quality = quality}))
            << size.width << "x" << size.height;
      }
    }
  }
}

TEST(StripEncoder, JpegOfPlanesIsByteForByteTheWholeOne) {
  for (const Size size : kSizes) {
    for (const int quality : {82, 95}) {
      const Pixels pixels = gradient(size, image::kRgb8);
      const Encoder& jpeg = *encoder_for(Format::jpeg);
      const image::Sampling sampling = jpeg.planes({.quality = quality});
      const auto whole = image::to_planes(pixels, sampling).value();
      auto strips = jpeg.begin({size, image::kRgb8, sampling}, {.quality = quality}).value();
      base::Bytes out;
      for (std::uint32_t y = 0; y < size.height; y += 48) {
        const Pixels rows = rows_of(pixels, y, std::min(48U, size.height - y));
        ASSERT_TRUE(strips->add(image::to_planes(rows, sampling).value(), out, kNever));
      }
      ASSERT_TRUE(strips->finish(out));
      EXPECT_EQ(out, jpeg.encode_planes(whole, {.quality = quality}, kNever).value());
    }
  }
}

TEST(StripEncoder, PngGivesBackWhatWasWritten) {
  for (const Size size : kSizes) {
    for (const image::PixelFormat& format : {image::kRgb8, image::kGrey8, image::kRgba8, kGreyAlpha8}) {
      const Pixels pixels = gradient(size, format);
      const Pixels back = decoded(in_strips(Format::png, pixels));
      ASSERT_EQ(back.size(), size);
      EXPECT_EQ(back.format(), format);
      EXPECT_EQ(difference(pixels, back).largest, 0);
    }
  }
}

TEST(StripEncoder, LargePngIsByteForByteTheWholeOne) {
  const Pixels pixels = gradient({3001, 3001}, image::kRgb8);  // too large for one piece
  EXPECT_EQ(in_strips(Format::png, pixels), testing::encoded(Format::png, pixels));
}

TEST(StripEncoder, TiffGivesBackWhatWasWritten) {
  for (const Size size : kSizes) {
    for (const image::PixelFormat& format : {image::kRgb8, image::kGrey8, image::kRgba8, kGreyAlpha8}) {
      const Pixels pixels = gradient(size, format);
      const Pixels back = decoded(in_strips(Format::tiff, pixels));
      ASSERT_EQ(back.size(), size);
      EXPECT_EQ(back.format(), format);
      EXPECT_EQ(difference(pixels, back).largest, 0);
    }
  }
}

TEST(StripEncoder, OneBitForBitonal) {
  Pixels pixels = gradient({131, 400}, image::kGrey8);
  for (std::uint8_t& value : pixels.bytes()) value = value < 128 ? 0 : 255;
  for (const Format format : {Format::png, Format::tiff}) {
    const base::Bytes bytes = in_strips(format, pixels, {.bitonal = true});
    EXPECT_LT(bytes.size(), 131U * 400 / 4);
    EXPECT_EQ(difference(pixels, decoded(bytes)).largest, 0);
  }
}

// 66 000 x 66 000 in RGB is 13 GB: the head alone says where all of it lies.
TEST(StripEncoder, TiffBeyondFourGigabytesIsBig) {
  const Size size{66'000, 66'000};
  auto strips = encoder_for(Format::tiff)->begin({size, image::kRgb8, {}}, {}).value();
  base::Bytes out;
  ASSERT_TRUE(strips->add(gradient({size.width, 1}, image::kRgb8), out, kNever));
  EXPECT_EQ(out[2], 43);
  const std::uint64_t rows = std::uint64_t{size.width} * 3 * size.height;
  EXPECT_EQ(*strips->length(), out.size() - std::uint64_t{size.width} * 3 + rows);
  EXPECT_EQ(in_strips(Format::tiff, gradient({20, 20}, image::kRgb8))[2], 42);
}

TEST(StripEncoder, PdfIsByteForByteTheWholeOneAndNamesItsLength) {
  const Pixels pixels = gradient({1001, 2003}, image::kRgb8);
  const base::Bytes pdf = in_strips(Format::pdf, pixels, {.title = "A"});
  EXPECT_EQ(pdf, testing::encoded(Format::pdf, pixels, {.title = "A"}));
  const std::string_view text = base::as_text(pdf);
  const std::size_t start = text.find("/Length 6 0 R >>\nstream\n");
  ASSERT_NE(start, std::string_view::npos);
  const std::size_t first = start + std::string_view("/Length 6 0 R >>\nstream\n").size();
  const std::size_t number = text.find("\n6 0 obj\n") + std::string_view("\n6 0 obj\n").size();
  const std::size_t length = std::stoul(std::string(text.substr(number, 20)));
  EXPECT_TRUE(text.substr(first + length).starts_with("\nendstream"));
  const base::Bytes jpeg(pdf.begin() + static_cast<std::ptrdiff_t>(first),
                         pdf.begin() + static_cast<std::ptrdiff_t>(first + length));
  EXPECT_EQ(jpeg, testing::encoded(Format::jpeg, pixels));
}

TEST(StripEncoder, BytesComeWhileStripsGoIn) {
  const Pixels pixels = gradient({1000, 64}, image::kRgb8);
  for (const Format format : {Format::jpeg, Format::tiff, Format::pdf}) {
    auto strips = encoder_for(format)->begin({{1000, 6400}, image::kRgb8, {}}, {}).value();
    std::size_t total = 0;
    for (int i = 0; i < 50; ++i) {
      base::Bytes out;
      ASSERT_TRUE(strips->add(pixels, out, kNever));
      total += out.size();
    }
    EXPECT_GT(total, 50U << 10) << info(format).name;
  }
}

TEST(StripEncoder, StopsWhenTheTokenSaysSo) {
  const Pixels pixels = gradient({200, 64}, image::kRgb8);
  for (const Format format : {Format::jpeg, Format::png, Format::tiff, Format::pdf}) {
    auto strips = encoder_for(format)->begin({{200, 640}, image::kRgb8, {}}, {}).value();
    base::Bytes out;
    ASSERT_TRUE(strips->add(pixels, out, kNever));
    const base::CancelToken cancel;
    cancel.cancel();
    const auto added = strips->add(pixels, out, cancel);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, ErrorCode::cancelled);
  }
}

TEST(StripEncoder, TakesNoStripOfAnotherShapeAndNoEndBeforeTheLast) {
  for (const Format format : {Format::jpeg, Format::png, Format::tiff, Format::pdf}) {
    base::Bytes out;
    const auto begun = [&] { return encoder_for(format)->begin({{200, 100}, image::kRgb8, {}}, {}).value(); };
    EXPECT_FALSE(begun()->add(gradient({199, 10}, image::kRgb8), out, kNever));
    EXPECT_FALSE(begun()->add(gradient({200, 101}, image::kRgb8), out, kNever));
    EXPECT_FALSE(begun()->add(gradient({200, 10}, image::kGrey8), out, kNever));
    EXPECT_FALSE(
        begun()->add(image::to_planes(gradient({200, 16}, image::kRgb8), image::kHalfChroma).value(), out, kNever));
    auto strips = begun();
    EXPECT_TRUE(strips->add(gradient({200, 99}, image::kRgb8), out, kNever));
    EXPECT_FALSE(strips->finish(out));
  }
}

TEST(StripEncoder, AStripOfPlanesEndsWithARowOfBlocks) {
  auto strips = encoder_for(Format::jpeg)->begin({{200, 100}, image::kRgb8, image::kHalfChroma}, {}).value();
  base::Bytes out;
  EXPECT_FALSE(
      strips->add(image::to_planes(gradient({200, 20}, image::kRgb8), image::kHalfChroma).value(), out, kNever));
}

TEST(StripEncoder, OtherFormatsSayThatTheyNeedTheWhole) {
  for (const Format format : {Format::webp, Format::gif, Format::jp2}) {
    ASSERT_NE(encoder_for(format), nullptr);
    EXPECT_FALSE(encoder_for(format)->in_strips());
    EXPECT_EQ(encoder_for(format)->begin({{20, 20}, image::kRgb8, {}}, {}).error().code, ErrorCode::over_limit);
  }
  const auto wide = encoder_for(Format::jpeg)->begin({{70'000, 20}, image::kRgb8, {}}, {});
  EXPECT_EQ(wide.error().code, ErrorCode::over_limit);
}

}  // namespace
}  // namespace armarium::codec
