#include "pipeline/region_reader.h"

#include <chrono>
#include <cmath>
#include <thread>

#include <chrono>

#include <gtest/gtest.h>

#include "base/byte_sink.h"
#include "codec/encoder.h"
#include "codec/pyramid_writer.h"
#include "image/operations.h"
#include "image/test_pixels.h"
#include "image/test_profile.h"
#include "pipeline/test_source.h"
#include "pipeline/tile_grid.h"

namespace armarium::pipeline {
namespace {

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

base::Bytes encoded(const Pixels& pixels, codec::Format format, int quality = 82) {
  return codec::encoder_for(format)->encode(pixels, {.quality = quality}, kNever).value();
}

// A JPEG that is to be turned: EXIF, Orientation.
base::Bytes turned(base::Bytes jpeg, std::uint8_t orientation) {
  const std::uint8_t segment[] = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M',         0, '*', 0, 0, 0, 8,
                                  0,    1,    1, 18, 0,   3,   0,   0,   0, 1, 0,   orientation, 0, 0,   0, 0, 0, 0};
  jpeg.insert(jpeg.begin() + 2, std::begin(segment), std::end(segment));
  return jpeg;
}

// A TIFF pyramid of JPEG or deflated tiles, in the colours of a profile.
base::Bytes pyramid(const Pixels& pixels, bool lossless) {
  const std::string profile = image::testing::wide_profile(1.8);
  base::MemorySink sink;
  codec::PyramidWriter writer(sink, {.size = pixels.size(),
                                     .format = pixels.format(),
                                     .tile = 256,
                                     .lossless = lossless,
                                     .icc = {profile.begin(), profile.end()}});
  for (std::uint32_t y = 0; writer.next_rows() != 0;) {
    const std::uint32_t rows = writer.next_rows();
    EXPECT_TRUE(writer.add(*image::crop(pixels, {0, y, pixels.width(), rows}), kNever));
    y += rows;
  }
  EXPECT_TRUE(writer.finish());
  return sink.take();
}

struct Fixture {
  testing::TestSource source;
  std::unique_ptr<OpenedPictures> pictures;
  std::unique_ptr<RegionReader> reader;
  OpenedPicturePtr opened;

  explicit Fixture(base::Bytes bytes, std::uint64_t budget = std::uint64_t{64} << 20, bool linear_light = false,
                   base::WorkPool* helpers = nullptr) {
    source.put("a", std::move(bytes));
    pictures = std::make_unique<OpenedPictures>(source, codec::Limits{}, 16 << 20);
    reader = std::make_unique<RegionReader>(budget, std::chrono::minutes(10), linear_light, helpers);
    opened = pictures->get("a", "", kNever).value();
  }
  base::Result<image::Raster> read(const Rect& region, Size size, Wish wish = {}, bool* kept = nullptr) const {
    ReadingTrace trace;
    auto raster = reader->read(*opened, "a", {0, region, size}, wish, kNever, trace);
    if (kept != nullptr) *kept = trace.kept;
    return raster;
  }
  Pixels pixels(const Rect& region, Size size) const { return std::get<Pixels>(read(region, size).value()); }
  // The slow way: just this area decoded, turned, as pixels, scaled.
  Pixels slowly(const Rect& region, Size size) const {
    const codec::Request request{0, region, size};
    auto plan = opened->picture->plan(request).value();
    const codec::Page& page = opened->picture->page(0);
    plan.window = exact_window(plan.window, request,
                               {opened->picture->size(0), opened->picture->levels(0).at(plan.level).size,
                                page.orientation, opened->picture->format() == codec::Format::jp2});
    auto area = opened->picture->read(plan, *opened->file, kNever).value();
    area = image::to_display(std::move(area), *page.icc, kNever).value();
    return image::resample(area, plan.window, size, kNever).value();
  }
};

Pixels rgb_of(const image::Raster& raster) {
  if (const auto* pixels = std::get_if<Pixels>(&raster)) return pixels->copy();
  const auto& planes = std::get<image::Planes>(raster);
  const Size size = planes.size();
  const image::RectF whole{0, 0, static_cast<double>(size.width), static_cast<double>(size.height)};
  return image::to_rgb(
             *image::resample_planes(image::PlaneMosaics::of(planes), whole, size, image::kFullChroma, kNever))
      .value();
}

struct Apart {
  int largest = 0;
  double mean = 0;
};
Apart apart(const Pixels& a, const Pixels& b) {
  EXPECT_EQ(a.size(), b.size());
  EXPECT_EQ(a.format(), b.format());
  Apart result;
  for (std::size_t i = 0; i < a.bytes().size(); ++i) {
    const int distance = std::abs(a.bytes()[i] - b.bytes()[i]);
    result.largest = std::max(result.largest, distance);
    result.mean += distance;
  }
  result.mean /= static_cast<double>(a.bytes().size());
  return result;
}

// Odd places, odd sizes, scales between levels, the whole and its edges.
std::vector<std::pair<Rect, Size>> requests(Size full) {
  const std::uint32_t w = full.width;
  const std::uint32_t h = full.height;
  return {{Rect::of(full), {w / 3, h / 3}},
          {Rect::of(full), full},
          {{0, 0, w, h}, image::level_size(full, 2)},
          {{w / 3, h / 5, w / 2, h / 2}, {w / 5, h / 5}},
          {{101, 57, 201, 133}, {201, 133}},
          {{w - 101, h - 77, 101, 77}, {67, 51}},
          {{w - 33, 0, 33, h}, {33, h}},
          {{7, 9, 50, 40}, {111, 93}}};
}

TEST(RegionReader, BlocksGiveWhatReadingTheAreaGives) {
  struct Case {
    const char* name;
    base::Bytes bytes;
    int tolerance;
    double mean;
  };
  const Case cases[] = {
      {"jpeg 4:2:0", encoded(waves({1301, 903}), codec::Format::jpeg), 8, 0.8},
      {"jpeg 4:4:4", encoded(waves({1301, 903}), codec::Format::jpeg, 95), 4, 0.6},
      {"jpeg grey", encoded(waves({1301, 903}, image::kGrey8), codec::Format::jpeg), 1, 0.1},
      {"jpeg turned", turned(encoded(waves({1301, 903}), codec::Format::jpeg), 6), 8, 0.8},
      {"jpeg flipped", turned(encoded(waves({1301, 903}), codec::Format::jpeg), 3), 8, 0.8},
      {"jp2", encoded(waves({1301, 903}), codec::Format::jp2), 1, 0.1},
      {"png", encoded(waves({1301, 903}), codec::Format::png), 1, 0.1},
      {"png with alpha", encoded(waves({701, 503}, image::kRgba8), codec::Format::png), 1, 0.1},
  };
  for (const Case& one : cases) {
    const Fixture fixture(one.bytes);
    for (const auto& [region, size] : requests(fixture.opened->picture->size(0))) {
      const Apart distance = apart(fixture.pixels(region, size), fixture.slowly(region, size));
      EXPECT_LE(distance.largest, one.tolerance) << one.name << " " << region.x << " " << size.width;
      EXPECT_LE(distance.mean, one.mean) << one.name << " " << region.x << " " << size.width;
    }
  }
}

TEST(RegionReader, PlanesAndLumaAreThePixels) {
  const Fixture fixture(encoded(waves({1301, 903}), codec::Format::jpeg));
  for (const auto& [region, size] : requests({1301, 903})) {
    const Pixels pixels = fixture.pixels(region, size);
    const auto half = fixture.read(region, size, {Wish::Kind::planes, image::kHalfChroma}).value();
    const auto& planes = std::get<image::Planes>(half);
    ASSERT_EQ(planes.size(), size);
    const image::Planes wanted = image::to_planes(pixels, image::kHalfChroma).value();
    for (std::uint32_t plane = 0; plane < 3; ++plane) {
      const Size part = planes.plane_size(plane);
      int largest = 0;
      for (std::uint32_t y = 0; y < part.height; ++y) {
        for (std::uint32_t x = 0; x < part.width; ++x)
          largest = std::max(largest, std::abs(planes.row(plane, y)[x] - wanted.row(plane, y)[x]));
      }
      EXPECT_LE(largest, 4) << plane << " " << region.x << " " << size.width;
    }
    const auto luma = std::get<Pixels>(fixture.read(region, size, {Wish::Kind::luma}).value());
    EXPECT_LE(apart(luma, image::to_grey(pixels).value()).largest, 2);
  }
  // Where it has to be turned, planes become pixels.
  const Fixture turned_fixture(turned(encoded(waves({301, 203}), codec::Format::jpeg), 6));
  const auto raster = turned_fixture.read({0, 0, 203, 301}, {203, 301}, {Wish::Kind::planes, image::kHalfChroma});
  EXPECT_TRUE(std::holds_alternative<Pixels>(*raster));
}

TEST(RegionReader, MixesLightWhereThatIsAskedFor) {
  // Fine stripes: half of the light is 188 of 255, half of the samples' sum 128.
  const Pixels stripes =
      image::testing::make({1200, 1200}, image::kRgb8, [](auto x, auto y, auto) { return (x + y) % 2 == 0 ? 0 : 255; });
  for (const codec::Format format : {codec::Format::png, codec::Format::jp2}) {
    const auto bytes = encoded(stripes, format, 100);
    for (const bool linear : {false, true}) {
      const Fixture fixture(bytes, std::uint64_t{64} << 20, linear);
      const auto raster = fixture.read({300, 300, 400, 400}, {250, 250}, {Wish::Kind::planes, image::kHalfChroma});
      ASSERT_TRUE(raster);
      const auto* pixels = std::get_if<Pixels>(&*raster);
      ASSERT_TRUE(pixels != nullptr);
      double sum = 0;
      for (const std::uint8_t sample : pixels->bytes()) sum += sample;
      EXPECT_NEAR(sum / static_cast<double>(pixels->bytes().size()), linear ? 188 : 128, 4) << static_cast<int>(format);
    }
  }
}

TEST(RegionReader, NeighboursAndLowLevelsAreDecodedOnce) {
  for (const codec::Format format : {codec::Format::jp2, codec::Format::jpeg, codec::Format::png}) {
    const Fixture fixture(encoded(waves({2500, 1800}), format));
    bool kept = true;
    ASSERT_TRUE(fixture.read({0, 0, 256, 256}, {256, 256}, {}, &kept));
    EXPECT_FALSE(kept);
    ASSERT_TRUE(fixture.read({256, 0, 256, 256}, {256, 256}, {}, &kept));
    const bool parts = fixture.opened->picture->levels(0)[0].parts;  // there the decoder keeps what neighbours share
    EXPECT_EQ(parts, format == codec::Format::jp2);
    EXPECT_NE(kept, parts);
    ASSERT_TRUE(fixture.read({0, 0, 2500, 1800}, {200, 144}, {}, &kept));
    EXPECT_FALSE(kept);
    const auto reads = fixture.source.bytes_read();
    ASSERT_TRUE(fixture.read({0, 0, 2500, 1800}, {198, 143}, {}, &kept));
    EXPECT_TRUE(kept);
    EXPECT_EQ(fixture.source.bytes_read(), reads);
    if (parts) continue;
    EXPECT_EQ(fixture.reader->cost(*fixture.opened, "a", {0, {256, 256, 256, 256}, {256, 256}})->pixels, 0U);
  }
}

// Tiles of a TIFF file go straight to the encoder; the next request for one reads it again, where no region has brought it before.
TEST(RegionReader, StoredTilesAreNotKept) {
  for (const bool lossless : {false, true}) {
    const Fixture fixture(pyramid(waves({2500, 1800}), lossless));
    const auto tiles = {Rect{256, 512, 256, 256}, Rect{2304, 512, 196, 256}, Rect{2304, 1792, 196, 8}};
    for (const Rect& tile : tiles) {
      const Wish wish{Wish::Kind::planes, image::kHalfChroma};
      bool kept = true;
      ASSERT_TRUE(fixture.read(tile, tile.size(), wish));
      const image::Raster first = std::move(*fixture.read(tile, tile.size(), wish, &kept));
      EXPECT_FALSE(kept);
      ASSERT_TRUE(fixture.read({tile.x - 100, tile.y - 100, 108, 108}, {108, 108}));
      const image::Raster second = std::move(*fixture.read(tile, tile.size(), wish, &kept));
      EXPECT_TRUE(kept);
      EXPECT_EQ(rgb_of(first).size(), tile.size());
      EXPECT_EQ(apart(rgb_of(first), rgb_of(second)).largest, 0);
    }
  }
}

TEST(RegionReader, IdleWorkersChangeNothing) {
  base::WorkPool pool({.threads = 3});
  for (const bool lossless : {false, true}) {
    base::Bytes bytes = pyramid(waves({2500, 1800}), lossless);
    for (const bool damaged : {false, true}) {
      if (damaged) std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 3), 3000, std::uint8_t{0});
      const Fixture alone(bytes);
      const Fixture helped(bytes, std::uint64_t{64} << 20, false, &pool);
      for (const auto& [region, size] : {std::pair<Rect, Size>{{100, 200, 2000, 1500}, {1700, 1275}},
                                         {{0, 0, 2500, 1800}, {1250, 900}},
                                         {{1, 1, 2499, 511}, {2499, 511}}}) {
        EXPECT_EQ(apart(alone.pixels(region, size), helped.pixels(region, size)).largest, 0);
      }
    }
    const Fixture helped(bytes, 1 << 20, false, &pool);
    base::CancelToken left;
    left.cancel();
    ReadingTrace trace;
    const auto nothing =
        helped.reader->read(*helped.opened, "a", {0, {0, 0, 2000, 1500}, {1900, 1425}}, {}, left, trace);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, base::ErrorCode::cancelled);
  }
}

TEST(RegionReader, AWalkDoesNotPushOutLowLevels) {
  const Fixture fixture(encoded(waves({4000, 3100}), codec::Format::jp2), 16 << 20);  // room for 4 blocks
  bool kept = false;
  ASSERT_TRUE(fixture.read({0, 0, 4000, 3100}, {250, 194}, {}, &kept));
  for (std::uint32_t y = 0; y < 3100; y += 1024) {
    for (std::uint32_t x = 0; x < 4000; x += 1024) ASSERT_TRUE(fixture.read({x, y, 100, 28}, {100, 28}));
  }
  ASSERT_TRUE(fixture.read({0, 0, 100, 28}, {100, 28}, {}, &kept));
  EXPECT_FALSE(kept);
  ASSERT_TRUE(fixture.read({0, 0, 4000, 3100}, {250, 194}, {}, &kept));
  EXPECT_TRUE(kept);
}

TEST(RegionReader, ABlockIsDecodedOnceForAll) {
  const Fixture fixture(encoded(waves({1500, 1500}), codec::Format::png));
  const auto before = fixture.source.bytes_read();
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < 4; ++i)
    threads.emplace_back([&, i] { EXPECT_TRUE(fixture.read({i * 256, 0, 256, 256}, {256, 256})); });
  for (auto& thread : threads) thread.join();
  EXPECT_LE(fixture.source.bytes_read() - before, fixture.opened->file->size() + 4096);
}

// What is too large to keep is read in part.
TEST(RegionReader, WhatDoesNotFitIsReadByItsArea) {
  const Fixture fixture(encoded(waves({1500, 1500}), codec::Format::png), 1 << 20);
  bool kept = true;
  ASSERT_TRUE(fixture.read({256, 256, 256, 256}, {256, 256}, {}, &kept));
  ASSERT_TRUE(fixture.read({256, 256, 256, 256}, {256, 256}, {}, &kept));
  EXPECT_FALSE(kept);
  EXPECT_EQ(
      apart(fixture.pixels({100, 100, 333, 222}, {111, 74}), fixture.slowly({100, 100, 333, 222}, {111, 74})).largest,
      0);
}

// A token that ends, or is cancelled, in the middle of decoding.
base::Result<image::Raster> stopped(const Fixture& fixture, std::chrono::milliseconds after, bool by_client) {
  const auto end = base::CancelToken::Clock::now() + after;
  const base::CancelToken token = by_client ? base::CancelToken() : base::CancelToken(end);
  std::jthread client([&] {
    std::this_thread::sleep_until(end);
    if (by_client) token.cancel();
  });
  ReadingTrace trace;
  return fixture.reader->read(*fixture.opened, "a", {0, {0, 0, 4000, 3000}, {4000, 3000}}, {}, token, trace);
}

TEST(RegionReader, ClientsThatLeaveSayNothingOfTheFile) {
  const Fixture fixture(encoded(waves({4000, 3000}), codec::Format::jpeg), 1 << 20);
  const auto left = stopped(fixture, std::chrono::milliseconds(10), true);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code, base::ErrorCode::cancelled);
  const auto late = stopped(fixture, std::chrono::milliseconds(2), false);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, base::ErrorCode::deadline_exceeded) << late.error().detail;
}

TEST(RegionReader, ARequestWithoutTimeLeftIsNoFaultOfTheFile) {
  const Fixture fixture(encoded(waves({4000, 3000}), codec::Format::jpeg), 1 << 20);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto late = stopped(fixture, std::chrono::milliseconds(attempt == 0 ? 10 : 0), false);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, base::ErrorCode::deadline_exceeded) << late.error().detail;
  }
  EXPECT_TRUE(fixture.read({0, 0, 4000, 3000}, {4000, 3000}));
}

}  // namespace
}  // namespace armarium::pipeline
