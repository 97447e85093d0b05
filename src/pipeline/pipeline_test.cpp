#include "pipeline/pipeline.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/encoder.h"
#include "image/operations.h"
#include "image/test_pixels.h"
#include "pipeline/test_source.h"

namespace armarium::pipeline {
namespace {

using base::ErrorCode;
using image::Pixels;
using image::Rect;
using image::Size;
using image::testing::at;

const base::CancelToken kNever;

Pixels waves(Size size) {
  return image::testing::make(size, image::kRgb8, [](auto x, auto y, auto c) {
    return std::lround(127.5 + 60 * std::sin((x + 0.5) / (29.0 + c)) + 60 * std::cos((y + 0.5) / (23.0 + c)));
  });
}

base::Bytes encoded(const Pixels& pixels, codec::Format format) {
  return codec::encoder_for(format)->encode(pixels, {}, kNever).value();
}

Pixels decoded(const base::Bytes& bytes) {
  const base::MemorySource file{bytes};
  auto picture = codec::Picture::open(file, {}).value();
  auto plan = picture->plan({0, Rect::of(picture->size(0)), picture->size(0)}).value();
  return image::to_display(picture->read(plan, file, kNever).value(), *picture->page(0).icc, kNever).value();
}

struct Fixture {
  testing::TestSource source;
  Options options;
  std::unique_ptr<Pipeline> pipeline;
  Size full;

  Fixture(Size size, codec::Format format, std::chrono::milliseconds answer_time = std::chrono::minutes(1))
      : full(size) {
    options.answer_time = answer_time;
    source.put("a", encoded(waves(size), format));
    pipeline = std::make_unique<Pipeline>(source, options);
  }
  iiif::ResolvedRequest request(const std::string& region = "full", const std::string& size = "max",
                                const std::string& rotation = "0",
                                const std::string& quality_format = "default.png") const {
    iiif::ImageCapabilities capabilities;
    capabilities.full = full;
    capabilities.limits = iiif::default_limits(full, options.max_output_pixels);
    return iiif::resolve(*iiif::ImageRequest::parse(iiif::ImageVersion::v3, region, size, rotation, quality_format),
                         capabilities)
        .value();
  }
  Rendered render(const iiif::ResolvedRequest& what) const {
    auto rendered = pipeline->render({"a", 0, ""}, what, "public", kNever);
    EXPECT_TRUE(rendered) << (rendered ? "" : rendered.error().message + " " + rendered.error().detail);
    return rendered ? *rendered : Rendered{base::share({}), "", ""};
  }
};

// The largest and the mean difference of `part` to the area of `whole` that starts at (left, top).
std::pair<int, double> difference(const Pixels& whole, std::uint32_t left, std::uint32_t top, const Pixels& part) {
  int largest = 0;
  double total = 0;
  for (std::uint32_t y = 0; y < part.height(); ++y) {
    for (std::uint32_t x = 0; x < part.width(); ++x) {
      for (std::uint32_t c = 0; c < 3; ++c) {
        const int distance = std::abs(at(part, x, y, c) - at(whole, left + x, top + y, c));
        largest = std::max(largest, distance);
        total += distance;
      }
    }
  }
  return {largest, total / (3.0 * static_cast<double>(part.size().area()))};
}

// All tiles of all levels, laid side by side, are the picture at that size: IMG3-067.
void expect_tiles_join(Size full, codec::Format format, std::uint32_t side, int tolerance) {
  const Fixture fixture(full, format);
  const Target target{"a", 0, ""};
  for (std::uint32_t factor = 1;; factor *= 2) {
    const Size level = image::level_size(full, factor);
    auto whole = fixture.pipeline->pixels(target, Rect::of(full), level, kNever);
    ASSERT_TRUE(whole);
    for (std::uint32_t y = 0; y < full.height; y += side * factor) {
      for (std::uint32_t x = 0; x < full.width; x += side * factor) {
        const Rect region{x, y, std::min(side * factor, full.width - x), std::min(side * factor, full.height - y)};
        const Size size = image::level_size(region.size(), factor);
        auto tile = fixture.pipeline->pixels(target, region, size, kNever);
        ASSERT_TRUE(tile) << tile.error().message << tile.error().detail;
        ASSERT_EQ(tile->size(), size);
        ASSERT_LE(x / factor + size.width, level.width);
        ASSERT_LE(y / factor + size.height, level.height);
        const auto [largest, mean] = difference(*whole, x / factor, y / factor, *tile);
        EXPECT_LE(largest, tolerance) << full.width << 'x' << full.height << " /" << factor << " at " << x << ',' << y;
      }
    }
    if (level.width <= side && level.height <= side) break;
  }
}

TEST(Tiles, JoinToThePictureAtThatSize) {
  for (const Size full : {Size{1001, 2003}, Size{1, 1}, Size{9999, 1}, Size{1, 9999}, Size{256, 256}, Size{257, 255}}) {
    expect_tiles_join(full, codec::Format::png, 256, 1);
  }
}

TEST(Tiles, JoinFromPicturesWithLevels) {
  for (const Size full : {Size{1001, 1203}, Size{257, 255}}) {
    expect_tiles_join(full, codec::Format::jpeg, 128, 2);
    expect_tiles_join(full, codec::Format::jp2, 128, 2);
  }
}

TEST(Render, GivesWhatWasAsked) {
  const Fixture fixture({300, 200}, codec::Format::png);
  const Rendered whole = fixture.render(fixture.request());
  EXPECT_EQ(whole.media_type, "image/png");
  const Pixels pixels = decoded(*whole.body);
  ASSERT_EQ(pixels.size(), (Size{300, 200}));
  EXPECT_EQ(difference(waves({300, 200}), 0, 0, pixels).first, 0);
  EXPECT_EQ(decoded(*fixture.render(fixture.request("10,20,100,50", "50,", "90")).body).size(), (Size{25, 50}));
  EXPECT_EQ(decoded(*fixture.render(fixture.request("full", "^600,", "0", "default.jpg")).body).size(),
            (Size{600, 400}));
}

TEST(Render, OrderOfOperations) {  // IMG3-106
  const Fixture fixture({300, 200}, codec::Format::png);
  const Pixels got = decoded(*fixture.render(fixture.request("20,30,120,80", "60,40", "!90", "gray.png")).body);
  auto step = image::crop(waves({300, 200}), {20, 30, 120, 80}).value();
  step = image::resample(step, {0, 0, 120, 80}, {60, 40}, kNever).value();
  step = image::to_grey(image::rotate(image::mirror(step).value(), 90, false, 255, kNever).value()).value();
  ASSERT_EQ(got.size(), step.size());
  ASSERT_EQ(got.format().model, image::ColourModel::grey);
  for (std::uint32_t y = 2; y + 2 < step.height();
       ++y) {  // the edge of the region sees its neighbours, that of the crop does not
    for (std::uint32_t x = 2; x + 2 < step.width(); ++x) ASSERT_NEAR(at(got, x, y), at(step, x, y), 2) << x << ',' << y;
  }
}

TEST(Render, CornersAreTransparentWhereTheFormatCan) {  // IMG3-084
  const Fixture fixture({300, 200}, codec::Format::png);
  const Pixels png = decoded(*fixture.render(fixture.request("full", "max", "45", "default.png")).body);
  ASSERT_TRUE(png.format().alpha);
  EXPECT_EQ(at(png, 0, 0, 3), 0);
  const Pixels jpg = decoded(*fixture.render(fixture.request("full", "max", "45", "default.jpg")).body);
  EXPECT_GE(at(jpg, 0, 0, 1), 250);
  EXPECT_EQ(jpg.size(), image::rotated_size({300, 200}, 45));
  const Pixels two = decoded(*fixture.render(fixture.request("full", "max", "45", "bitonal.png")).body);
  for (const std::uint8_t sample : two.bytes()) ASSERT_TRUE(sample == 0 || sample == 255);
}

TEST(Render, IsDoneOnceAndKept) {
  Fixture fixture({300, 200}, codec::Format::png);
  const auto request = fixture.request();
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { (void)fixture.render(request); });
  for (auto& thread : threads) thread.join();
  const auto reads = fixture.source.bytes_read();
  const Rendered again = fixture.render(request);
  EXPECT_EQ(again.timing.cache, "hit");
  EXPECT_EQ(fixture.source.bytes_read(), reads);
  EXPECT_EQ(again.etag, *fixture.pipeline->etag({"a", 0, ""}, request, "public"));
  EXPECT_EQ(fixture.source.opens, 1);
}

TEST(Render, ATagForEachVersionRequestAndTier) {
  Fixture fixture({300, 200}, codec::Format::png);
  const Target target{"a", 0, ""};
  const auto first = fixture.pipeline->etag(target, fixture.request(), "public").value();
  EXPECT_NE(first, fixture.pipeline->etag(target, fixture.request(), "staff").value());
  EXPECT_NE(first, fixture.pipeline->etag(target, fixture.request("full", "max", "!0"), "public").value());
  EXPECT_NE(first,
            fixture.pipeline->etag(target, fixture.request("full", "max", "0", "default.jpg"), "public").value());
  EXPECT_EQ(fixture.source.opens, 0);  // a tag needs no look into the file
  EXPECT_EQ(first, fixture.render(fixture.request()).etag);
  fixture.source.put("a", encoded(waves({300, 200}), codec::Format::png));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_NE(first, fixture.render(fixture.request()).etag);
  EXPECT_EQ(fixture.source.opens, 2);
}

TEST(Render, AnUntiledPictureIsDecodedOnce) {
  Fixture fixture({1500, 1500}, codec::Format::png);
  (void)fixture.render(fixture.request("0,0,256,256"));
  const auto reads = fixture.source.bytes_read();
  for (const char* region : {"256,0,256,256", "512,256,256,256", "1024,1024,476,476"}) {
    const Rendered tile = fixture.render(fixture.request(region));
    EXPECT_EQ(tile.timing.cache, "pixels");
  }
  EXPECT_EQ(fixture.source.bytes_read(), reads);
}

TEST(Render, WhatTakesTooLongIsNotTriedAgainUntilTheFileChanges) {
  constexpr auto kAnswer = std::chrono::milliseconds(10);
  Fixture fixture({1500, 1500}, codec::Format::png, kAnswer);
  const auto answer = [&](std::chrono::milliseconds time) {
    return fixture.pipeline->render({"a", 0, ""}, fixture.request("full", "100,"), "public",
                                    base::CancelToken(base::CancelToken::Clock::now() + time));
  };
  // A few milliseconds do not do for so many pixels; on a busy machine it takes some attempts until that is known.
  ErrorCode code = ErrorCode::deadline_exceeded;
  for (int attempt = 0; attempt < 200 && code == ErrorCode::deadline_exceeded; ++attempt)
    code = answer(kAnswer).error().code;
  EXPECT_EQ(code, ErrorCode::resource_limit);
  const std::uint64_t read = fixture.source.bytes_read();
  const auto refused = answer(kAnswer);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Decoding it takes longer than the server allows.");
  EXPECT_EQ(fixture.source.bytes_read(), read);
  fixture.source.put("a", encoded(waves({1500, 1500}), codec::Format::png));
  const auto changed =
      fixture.pipeline->render({"a", 0, "2"}, fixture.request("full", "100,"), "public",
                               base::CancelToken(base::CancelToken::Clock::now() + std::chrono::milliseconds(1)));
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::deadline_exceeded) << "a file that changed is tried";
  EXPECT_TRUE(answer(std::chrono::seconds(60)));
}

TEST(Render, SaysWhatIsWrong) {
  Fixture fixture({300, 200}, codec::Format::png);
  auto refusal = [&](const Target& target, const iiif::ResolvedRequest& request) {
    auto rendered = fixture.pipeline->render(target, request, "public", kNever);
    return rendered ? ErrorCode::internal : rendered.error().code;
  };
  EXPECT_EQ(refusal({"none", 0, ""}, fixture.request()), ErrorCode::not_found);
  EXPECT_EQ(refusal({"a", 1, ""}, fixture.request()), ErrorCode::not_found);
  auto unknown = fixture.request();
  unknown.format = "xyz";
  EXPECT_EQ(refusal({"a", 0, ""}, unknown), ErrorCode::invalid_argument);
  auto huge = fixture.request("full", "max", "0", "default.jpg");
  huge.size = {70000, 10};
  EXPECT_EQ(refusal({"a", 0, ""}, huge), ErrorCode::over_limit);
  fixture.source.put("strange", base::Bytes(1000, 0x42));
  EXPECT_EQ(refusal({"strange", 0, ""}, fixture.request()), ErrorCode::unsupported);
  base::Bytes broken = encoded(waves({9, 9}), codec::Format::png);
  std::fill(broken.begin() + 8, broken.end(), std::uint8_t{0});
  fixture.source.put("broken", broken);
  EXPECT_EQ(refusal({"broken", 0, ""}, fixture.request()), ErrorCode::corrupt);
  const int opens = fixture.source.opens;
  EXPECT_EQ(refusal({"broken", 0, ""}, fixture.request()), ErrorCode::corrupt);
  EXPECT_EQ(fixture.source.opens, opens);  // not asked again until it changes
  const base::CancelToken gone;
  gone.cancel();
  EXPECT_EQ(fixture.pipeline->render({"a", 0, ""}, fixture.request("0,0,9,9"), "public", gone).error().code,
            ErrorCode::cancelled);
}

TEST(Estimate, TilesAreSmallAndWholePicturesLarge) {
  Fixture fixture({3000, 3000}, codec::Format::jp2);
  EXPECT_TRUE(fixture.pipeline->estimate({"a", 0, ""}, fixture.request(), "public")->large);
  EXPECT_FALSE(fixture.pipeline->estimate({"a", 0, ""}, fixture.request("full", "400,"), "public")->large);
  EXPECT_FALSE(fixture.pipeline->estimate({"a", 0, ""}, fixture.request("0,0,512,512"), "public")->large);
}

TEST(Formats, AreThoseWithAnEncoder) {
  Fixture fixture({1, 1}, codec::Format::png);
  EXPECT_THAT(fixture.pipeline->output_formats(), ::testing::IsSupersetOf({"jpg", "png"}));
}

}  // namespace
}  // namespace armarium::pipeline
