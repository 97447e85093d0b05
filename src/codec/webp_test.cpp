#include <gtest/gtest.h>

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
        for (std::uint32_t x = 0; x < pixels.width(); ++x)
          pixels.row(y)[x * 4 + 3] = static_cast<std::uint8_t>(128 + x % 100);
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
  for (const image::Rect region :
       {image::Rect{0, 0, 64, 64}, image::Rect{33, 51, 101, 77}, image::Rect{200, 100, 101, 107}}) {
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

void put_chunk(base::Bytes& out, std::string_view name, base::ByteView body) {
  out.insert(out.end(), name.begin(), name.end());
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(body.size() >> shift));
  out.insert(out.end(), body.begin(), body.end());
  if (body.size() % 2 != 0) out.push_back(0);
}

base::Bytes riff(const base::Bytes& chunks) {
  base::Bytes body{'W', 'E', 'B', 'P'};
  body.insert(body.end(), chunks.begin(), chunks.end());
  base::Bytes out;
  put_chunk(out, "RIFF", body);
  return out;
}

TEST(Webp, ExtendedFilesTellTheirProfileAndOrientation) {
  const base::Bytes simple = encoded(Format::webp, gradient({40, 30}, image::kRgb8));
  base::Bytes chunks;
  put_chunk(chunks, "VP8X", base::Bytes{0x28, 0, 0, 0, 39, 0, 0, 29, 0, 0});
  put_chunk(chunks, "ICCP", base::as_bytes("profile"));
  chunks.insert(chunks.end(), simple.begin() + 12, simple.end());
  using namespace std::string_literals;
  put_chunk(chunks, "EXIF", base::as_bytes("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s));
  const base::MemorySource file(riff(chunks));
  const auto picture = opened(file);
  EXPECT_EQ(picture->size(0), (image::Size{30, 40}));
  EXPECT_EQ(base::as_text(*picture->page(0).icc), "profile");
  EXPECT_EQ(read_all(*picture, file).pixels.size(), (image::Size{30, 40}));
}

TEST(Webp, TheFirstFrameOfAnAnimationLiesOnItsCanvas) {
  const base::Bytes simple = encoded(Format::webp, gradient({40, 30}, image::kRgb8), {.quality = 95});
  base::Bytes frame{5, 0, 0, 4, 0, 0, 39, 0, 0, 29, 0, 0, 100, 0, 0, 0};  // at (10, 8)
  frame.insert(frame.end(), simple.begin() + 12, simple.end());
  base::Bytes chunks;
  put_chunk(chunks, "VP8X", base::Bytes{0x02, 0, 0, 0, 99, 0, 0, 79, 0, 0});
  put_chunk(chunks, "ANIM", base::Bytes{0, 0, 0, 0, 0, 0});
  put_chunk(chunks, "ANMF", frame);
  const base::MemorySource file(riff(chunks));
  const auto picture = opened(file);
  EXPECT_EQ(picture->size(0), (image::Size{100, 80}));
  const image::Pixels pixels = read_all(*picture, file).pixels;
  ASSERT_EQ(pixels.format(), image::kRgba8);
  EXPECT_EQ(pixels.row(7)[10 * 4 + 3], 0);
  EXPECT_EQ(pixels.row(8)[10 * 4 + 3], 255);
  EXPECT_EQ(pixels.row(37)[49 * 4 + 3], 255);
  EXPECT_EQ(pixels.row(37)[50 * 4 + 3], 0);
  const auto part = read(*picture, file, {0, {30, 20, 40, 40}, {40, 40}});
  EXPECT_EQ(difference(pixels, part.plan.area, part.pixels).largest, 0);
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

}  // namespace
}  // namespace armarium::codec
