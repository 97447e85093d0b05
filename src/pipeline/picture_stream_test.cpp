#include "pipeline/picture_stream.h"

#include <cmath>

#include <gtest/gtest.h>

#include "codec/encoder.h"
#include "codec/pyramid_writer.h"
#include "codec/tiff_fields.h"
#include "image/operations.h"
#include "image/test_pixels.h"
#include "pipeline/pipeline.h"
#include "pipeline/test_source.h"

namespace armarium::pipeline {
namespace {

using base::ErrorCode;
using codec::Format;
using image::Pixels;
using image::Rect;
using image::Size;

const base::CancelToken kNever;

Pixels waves(Size size, image::PixelFormat format = image::kRgb8) {
  return image::testing::make(size, format, [](auto x, auto y, auto c) {
    return c == 3 ? 255 - (x + y) % 200
                  : std::lround(127.5 + 60 * std::sin((x + 0.5) / (19.0 + c)) + 60 * std::cos((y + 0.5) / (23.0 + c)));
  });
}

base::Bytes encoded(const Pixels& pixels, Format format) {
  return codec::encoder_for(format)->encode(pixels, {}, kNever).value();
}

// Tiles without compression, to be turned as `orientation` says.
base::Bytes tiled(const Pixels& pixels, std::uint32_t tile, std::uint16_t orientation = 1) {
  const std::uint32_t across = (pixels.width() - 1) / tile + 1;
  const std::uint32_t down = (pixels.height() - 1) / tile + 1;
  const std::uint64_t bytes = std::uint64_t{tile} * tile * 3;
  std::vector<std::uint64_t> offsets(std::size_t{across} * down);
  for (std::size_t i = 0; i < offsets.size(); ++i) offsets[i] = 16 + i * bytes;
  base::Bytes rows;
  for (std::uint32_t i = 0; i < offsets.size(); ++i) {
    for (std::uint32_t y = 0; y < tile; ++y) {
      for (std::uint32_t x = 0; x < tile; ++x) {
        const std::uint32_t from_y = std::min(i / across * tile + y, pixels.height() - 1);
        const std::uint32_t from_x = std::min(i % across * tile + x, pixels.width() - 1);
        const std::uint8_t* pixel = pixels.row(from_y) + std::size_t{3} * from_x;
        rows.insert(rows.end(), pixel, pixel + 3);
      }
    }
  }
  using codec::TiffField;
  codec::TiffFields fields(16 + rows.size(), true);
  fields.add(256, TiffField::longs, {pixels.width()});
  fields.add(257, TiffField::longs, {pixels.height()});
  fields.add(258, TiffField::shorts, {8, 8, 8});
  fields.add(259, TiffField::shorts, {1});
  fields.add(262, TiffField::shorts, {2});
  fields.add(274, TiffField::shorts, {orientation});
  fields.add(277, TiffField::shorts, {3});
  fields.add(322, TiffField::longs, {tile});
  fields.add(323, TiffField::longs, {tile});
  fields.add(324, TiffField::longs8, offsets);
  fields.add(325, TiffField::longs8, std::vector<std::uint64_t>(offsets.size(), bytes));
  base::Bytes file = codec::tiff_header(fields.offset(), true);
  file.insert(file.end(), rows.begin(), rows.end());
  const base::Bytes directory = fields.take();
  file.insert(file.end(), directory.begin(), directory.end());
  return file;
}

base::Bytes pyramid(const Pixels& pixels, std::uint32_t tile) {
  base::MemorySink sink;
  codec::PyramidWriter writer(sink, {.size = pixels.size(), .format = pixels.format(), .tile = tile, .quality = 85});
  for (std::uint32_t y = 0; y < pixels.height();) {
    const std::uint32_t rows = writer.next_rows();
    EXPECT_TRUE(writer.add(image::crop(pixels, {0, y, pixels.width(), rows}).value(), kNever));
    y += rows;
  }
  EXPECT_TRUE(writer.finish());
  return sink.take();
}

Pixels decoded(const base::Bytes& bytes) {
  const base::MemorySource file{bytes};
  auto picture = codec::Picture::open(file, {}).value();
  auto plan = picture->plan({0, Rect::of(picture->size(0)), picture->size(0)}).value();
  return image::to_display(picture->read(plan, file, kNever).value(), *picture->page(0).icc, kNever).value();
}

int largest_difference(const Pixels& a, const Pixels& b) {
  EXPECT_EQ(a.size(), b.size());
  EXPECT_EQ(a.format(), b.format());
  if (!(a.size() == b.size()) || !(a.format() == b.format())) return 255;
  int largest = 0;
  for (std::size_t i = 0; i < a.bytes().size(); ++i) largest = std::max(largest, std::abs(a.bytes()[i] - b.bytes()[i]));
  return largest;
}

// One file, and two ways to make the same of it.
struct Both {
  testing::TestSource source;
  std::unique_ptr<Pipeline> whole;
  std::unique_ptr<Pipeline> strips;
  Target target{"a", 0, ""};
  Size full;

  explicit Both(base::Bytes bytes, bool linear_light = false) {
    source.put("a", std::move(bytes));
    Options options;
    options.linear_light = linear_light;
    options.strips_from_pixels = UINT64_MAX;
    whole = std::make_unique<Pipeline>(source, options);
    options.strips_from_pixels = 0;
    options.strip_bytes = 64 << 10;
    strips = std::make_unique<Pipeline>(source, options);
    full = strips->open(target).value()->size(0);
  }
  iiif::ResolvedRequest request(const std::string& region, const std::string& size, const std::string& rotation = "0",
                                const std::string& quality_format = "default.png") const {
    iiif::ImageCapabilities capabilities;
    capabilities.full = full;
    capabilities.limits = iiif::default_limits(full, Options{}.max_output_pixels);
    return iiif::resolve(*iiif::ImageRequest::parse(iiif::ImageVersion::v3, region, size, rotation, quality_format),
                         capabilities)
        .value();
  }
  base::Result<base::Bytes> stream(const iiif::ResolvedRequest& what, int* pieces = nullptr) const {
    auto stream = strips->stream(target, what, "public", kNever);
    if (!stream) return base::fail(stream.error());
    base::Bytes all;
    for (bool more = true; more;) {
      auto next = (*stream)->next(all, kNever);
      if (!next) return base::fail(next.error());
      more = *next;
      if (pieces != nullptr) ++*pieces;
    }
    if ((*stream)->length()) EXPECT_EQ(*(*stream)->length(), all.size());
    return all;
  }
  void expect_same(const iiif::ResolvedRequest& what, int tolerance = 1) const {
    auto expected = whole->render(target, what, "public", kNever);
    ASSERT_TRUE(expected) << expected.error().message << " " << expected.error().detail;
    int pieces = 0;
    auto made = stream(what, &pieces);
    ASSERT_TRUE(made) << made.error().message << " " << made.error().detail;
    EXPECT_GT(pieces, 3);
    EXPECT_LE(largest_difference(decoded(*expected->body), decoded(*made)), tolerance)
        << what.region.width << "x" << what.region.height << " to " << what.size.width << "x" << what.size.height;
  }
  void expect_same_for_all() const {
    expect_same(request("full", "max"), 0);
    expect_same(request("101,77,900,1003", "max"));
    expect_same(request("full", "701,"));
    expect_same(request("33,5,801,999", "500,700"));
    expect_same(request("50,60,300,400", "^777,"));
    expect_same(request("full", "pct:50"));
    expect_same(request("full", "max", "!0"), 0);
    expect_same(request("full", "603,", "0", "gray.png"));
    expect_same(request("full", "max", "0", "bitonal.tif"), 0);
  }
};

TEST(PictureStream, TiledTiffIsTheSameAsWhole) { Both(tiled(waves({1001, 2003}), 128)).expect_same_for_all(); }
TEST(PictureStream, PyramidOfJpegTilesIsTheSameAsWhole) {
  Both(pyramid(waves({1003, 1501}), 256)).expect_same_for_all();
}
TEST(PictureStream, PlainJpegIsTheSameAsWhole) {
  Both(encoded(waves({1001, 1403}), Format::jpeg)).expect_same_for_all();
}
TEST(PictureStream, Jpeg2000IsTheSameAsWhole) { Both(encoded(waves({1301, 1203}), Format::jp2)).expect_same_for_all(); }
TEST(PictureStream, PngWithAlphaIsTheSameAsWhole) {
  Both(encoded(waves({1001, 1203}, image::kRgba8), Format::png)).expect_same_for_all();
}

TEST(PictureStream, LinearLightIsTheSameAsWhole) {
  const Both both(pyramid(waves({1003, 1501}), 256), true);
  both.expect_same(both.request("full", "max"), 0);
  both.expect_same(both.request("full", "703,"));
}

// Large enough for several bands.
TEST(PictureStream, StripedTiffIsTheSameAsWhole) {
  const Both both(encoded(waves({2501, 3203}), Format::tiff));
  both.expect_same(both.request("full", "max"), 0);
  both.expect_same(both.request("full", "1703,"));
  both.expect_same(both.request("full", "1203,", "0", "gray.png"));
}

TEST(PictureStream, ABandOfAStripedTiffReadsItsPartOfTheFile) {
  const Both both(encoded(waves({2501, 3203}), Format::tiff));
  const std::uint64_t file = both.strips->open(both.target).value()->index().file_size;
  auto stream = both.strips->stream(both.target, both.request("full", "max"), "public", kNever).value();
  const std::uint64_t before = both.source.bytes_read();
  base::Bytes out;
  ASSERT_TRUE(stream->next(out, kNever));
  EXPECT_LT(both.source.bytes_read() - before, file / 2);
}

TEST(PictureStream, EachTileIsReadOnce) {
  const base::Bytes file = tiled(waves({1001, 2003}), 128);
  const std::size_t size = file.size();
  for (const char* wanted : {"max", "700,"}) {
    const Both both(file);
    const std::uint64_t before = both.source.bytes_read();
    ASSERT_TRUE(both.stream(both.request("full", wanted)));
    EXPECT_LT(both.source.bytes_read() - before, size + size / 5) << wanted;
  }
}

TEST(PictureStream, TurnedFilesAreTheSameAsWhole) {
  for (std::uint16_t orientation = 2; orientation <= 8; ++orientation) {
    const Both both(tiled(waves({1001, 1203}), 128, orientation));
    both.expect_same(both.request("full", "max"), 0);
    both.expect_same(both.request("33,5,801,900", "500,"));
  }
}

TEST(PictureStream, JpegAndPdfComeFromPlanesLikeTheWhole) {
  const Both both(pyramid(waves({1003, 1501}), 256));
  for (const std::string format : {"jpg", "pdf"}) {
    const auto what = both.request("full", "max", "0", "default." + format);
    EXPECT_EQ(both.stream(what).value(), *both.whole->render(both.target, what, "public", kNever)->body) << format;
  }
  both.expect_same(both.request("full", "703,", "0", "default.jpg"), 3);
}

TEST(PictureStream, TheEtagIsTheOneThatWasAnnounced) {
  const Both both(tiled(waves({501, 503}), 128));
  for (const std::string format : {"jpg", "png", "tif", "pdf"}) {
    const auto what = both.request("full", "max", "0", "default." + format);
    EXPECT_EQ(both.strips->stream(both.target, what, "public", kNever).value()->etag(),
              both.strips->etag(both.target, what, "public").value());
  }
  // Other bytes, another tag.
  const auto tif = both.request("full", "max", "0", "default.tif");
  EXPECT_NE(both.strips->etag(both.target, tif, "public").value(),
            both.whole->etag(both.target, tif, "public").value());
}

TEST(PictureStream, CostsStripsAndNotThePicture) {
  const Both both(tiled(waves({1001, 4003}), 128));
  const auto what = both.request("full", "max");
  const Estimate strips = both.strips->estimate(both.target, what, "public").value();
  const Estimate whole = both.whole->estimate(both.target, what, "public").value();
  EXPECT_TRUE(strips.in_strips);
  EXPECT_TRUE(strips.large);
  EXPECT_FALSE(whole.in_strips);
  EXPECT_EQ(strips.pixels, 1001U * 4003);
  EXPECT_LT(strips.memory, whole.memory / 8);
  EXPECT_GT(strips.memory, 1001U * 128 * 3);
  // What has to be turned or is of a format that wants it whole is not streamed.
  EXPECT_FALSE(both.strips->estimate(both.target, both.request("full", "max", "90"), "public")->in_strips);
  EXPECT_FALSE(
      both.strips->estimate(both.target, both.request("full", "max", "0", "default.webp"), "public")->in_strips);
}

TEST(PictureStream, StopsInTheMiddleWhenTheClientHasGone) {
  const Both both(tiled(waves({1001, 2003}), 128));
  auto stream = both.strips->stream(both.target, both.request("full", "max"), "public", kNever).value();
  base::Bytes out;
  ASSERT_TRUE(*stream->next(out, kNever));
  const base::CancelToken gone;
  gone.cancel();
  const auto next = stream->next(out, gone);
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, ErrorCode::cancelled);
}

TEST(PictureStream, WhatNeedsTheWholeIsRefusedAboveItsLimit) {
  testing::TestSource source;
  source.put("a", tiled(waves({300, 400}), 128));
  Options options;
  options.strips_from_pixels = 1000;
  options.max_whole_pixels = 100'000;
  const Pipeline pipeline(source, options);
  auto& asked = const_cast<Pipeline&>(pipeline);
  const auto code = [&](const std::string& format, double rotation) {
    const iiif::ResolvedRequest what{{0, 0, 300, 400}, {300, 400}, false, rotation, iiif::Quality::default_, format};
    const auto etag = asked.etag({"a", 0, ""}, what, "public");
    return etag ? std::string("fine") : std::string(base::name_of(etag.error().code));
  };
  EXPECT_EQ(code("jpg", 0), "fine");
  EXPECT_EQ(code("webp", 0), "over_limit");
  EXPECT_EQ(code("jpg", 90), "over_limit");
}

}  // namespace
}  // namespace armarium::pipeline
