#include "pipeline/derivatives.h"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "codec/encoder.h"
#include "image/operations.h"
#include "image/test_pixels.h"
#include "pipeline/pipeline.h"
#include "pipeline/test_source.h"

namespace armarium::pipeline {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using image::Pixels;
using image::Size;

const base::CancelToken kNever;
constexpr Size kSize{2101, 2003};

base::Bytes picture(codec::Format format, int phase = 0, int quality = 82) {
  const Pixels pixels = image::testing::make(kSize, image::kRgb8, [phase](auto x, auto y, auto c) {
    return std::lround(127.5 + 60 * std::sin((x + phase + 0.5) / (29.0 + c)) + 60 * std::cos((y + 0.5) / (23.0 + c)));
  });
  return codec::encoder_for(format)->encode(pixels, {.quality = quality}, kNever).value();
}

Pixels decoded(const base::Bytes& bytes) {
  const base::MemorySource file{bytes};
  auto opened = codec::Picture::open(file, {}).value();
  auto plan = opened->plan({0, image::Rect::of(opened->size(0)), opened->size(0)}).value();
  return image::to_display(opened->read(plan, file, kNever).value(), *opened->page(0).icc, kNever).value();
}

double difference(const base::Bytes& a, const base::Bytes& b) {
  const Pixels first = decoded(a);
  const Pixels second = decoded(b);
  EXPECT_EQ(first.size(), second.size());
  if (first.size() != second.size()) return 255;
  double total = 0;
  for (std::size_t i = 0; i < first.bytes().size(); ++i) total += std::abs(first.bytes()[i] - second.bytes()[i]);
  return total / static_cast<double>(first.bytes().size());
}

class DerivativesTest : public ::testing::Test {
 protected:
  DerivativesTest() {
    char name[] = "/tmp/armarium-derivatives-XXXXXX";
    folder_ = fs::path(::mkdtemp(name));
  }
  ~DerivativesTest() override {
    pipeline_.reset();
    fs::remove_all(folder_);
  }
  void start(std::uint64_t max_bytes = 1U << 30, bool lossless = false) {
    pipeline_.reset();
    Options options;
    options.derivatives = {folder_, max_bytes, {lossless}};
    pipeline_ = std::make_unique<Pipeline>(source_, options);
  }
  Rendered render(const std::string& region, const std::string& size, const std::string& form = "default.jpg") {
    iiif::ImageCapabilities capabilities;
    capabilities.full = kSize;
    capabilities.limits = iiif::default_limits(kSize, 400'000'000);
    const auto request =
        iiif::resolve(*iiif::ImageRequest::parse(iiif::ImageVersion::v3, region, size, "0", form), capabilities);
    auto rendered = pipeline_->render({"a", 0, ""}, *request, "public", kNever);
    EXPECT_TRUE(rendered) << (rendered ? "" : rendered.error().message);
    const auto etag = pipeline_->etag({"a", 0, ""}, *request, "public");
    EXPECT_EQ(rendered->etag, etag.value_or(""));
    return *rendered;
  }
  bool wait_for(std::size_t count) const {
    for (int i = 0; i < 1200; ++i) {
      if (pipeline_->derivatives().count == count) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }

  testing::TestSource source_;
  fs::path folder_;
  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(DerivativesTest, ASlowPictureBecomesAPyramidThatIsHandedOut) {
  for (const codec::Format format : {codec::Format::jpeg, codec::Format::png}) {
    source_.put("a", picture(format));
    start();
    const Rendered tile = render("512,512,512,512", "512,512");
    const Rendered edge = render("1024,1024,1077,979", "539,490");
    const Rendered lossless = render("512,512,100,100", "max", "default.png");
    const std::size_t before = pipeline_->derivatives().count;
    ASSERT_TRUE(wait_for(before == 0 ? 1 : before)) << "format " << static_cast<int>(format);
    const Rendered again = render("512,512,512,512", "512,512");
    EXPECT_EQ(again.timing.plan, "stored");
    EXPECT_NE(again.etag, tile.etag);
    EXPECT_LE(difference(*again.body, *tile.body), 2.5);
    const Rendered edge_again = render("1024,1024,1077,979", "539,490");
    EXPECT_LE(difference(*edge_again.body, *edge.body), 3.0);
    EXPECT_EQ(render("512,512,100,100", "max", "default.png").etag, lossless.etag)
        << "what loses nothing is made of the source";
    pipeline_.reset();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
}

TEST_F(DerivativesTest, TheFullSizeOfAJpegIsCutWithoutLoss) {
  source_.put("a", picture(codec::Format::jpeg, 0, 95));
  start();
  const Rendered part = render("512,512,512,512", "max", "default.png");
  (void)pipeline_->optimize({"a", 0, ""});
  ASSERT_TRUE(wait_for(1));
  const Rendered tile = render("512,512,512,512", "512,512");
  EXPECT_EQ(tile.timing.plan, "stored");
  EXPECT_EQ(difference(*tile.body, *part.body), 0);
}

TEST_F(DerivativesTest, ALosslessOneLosesNothing) {
  for (const codec::Format format : {codec::Format::jpeg, codec::Format::png}) {
    source_.put("a", picture(format, 0, 95));
    start(1U << 30, true);
    (void)pipeline_->optimize({"a", 0, ""});
    ASSERT_TRUE(wait_for(1));
    pipeline_.reset();
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      EXPECT_EQ(difference({text.begin(), text.end()}, picture(format, 0, 95)), 0);
    }
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
}

TEST_F(DerivativesTest, ItBelongsToOneVersionAndOutlivesTheProcess) {
  source_.put("a", picture(codec::Format::jpeg));
  start();
  EXPECT_TRUE(pipeline_->optimize({"a", 0, ""}).value());
  ASSERT_TRUE(wait_for(1));
  start();
  EXPECT_EQ(render("0,0,512,512", "512,512").timing.plan, "stored");
  source_.put("a", picture(codec::Format::jpeg, 11));
  std::this_thread::sleep_for(1100ms);  // a version is trusted for a second
  EXPECT_NE(render("0,0,512,512", "512,512").timing.plan, "stored");
  ASSERT_TRUE(wait_for(2));
}

TEST_F(DerivativesTest, WhatIsForgottenLeavesNoFile) {
  const auto files = [&] {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) count += entry.is_regular_file() ? 1 : 0;
    return count;
  };
  source_.put("a", picture(codec::Format::png));
  const std::string version = (*source_.open("a"))->version().token;
  start();
  render("512,512,512,512", "512,512");
  ASSERT_TRUE(wait_for(1));
  ASSERT_EQ(files(), 1U);
  pipeline_->forget({"a", 0, version});
  EXPECT_EQ(files(), 0U);
  // One that is being made is not kept; asked for again, it is.
  render("512,512,512,512", "512,512");
  pipeline_->forget({"a", 0, version});
  render("0,0,512,512", "512,512");
  EXPECT_TRUE(wait_for(1));
  pipeline_.reset();
  ASSERT_EQ(files(), 1U);
  remove_derivative(folder_, "a", 0, version);
  EXPECT_EQ(files(), 0U);
}

TEST_F(DerivativesTest, ADamagedOneIsLeftOut) {
  source_.put("a", picture(codec::Format::jpeg));
  start();
  (void)pipeline_->optimize({"a", 0, ""});
  ASSERT_TRUE(wait_for(1));
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::trunc) << "no picture";
  }
  EXPECT_NE(render("0,0,512,512", "512,512").timing.plan, "stored");
  EXPECT_EQ(pipeline_->derivatives().count, 0U);
}

TEST_F(DerivativesTest, NoneAreMadeWhereNothingIsGainedOrAllowed) {
  source_.put("a", picture(codec::Format::jpeg));
  start(0);
  EXPECT_FALSE(pipeline_->optimize({"a", 0, ""}));
  source_.put("a", codec::encoder_for(codec::Format::jpeg)
                       ->encode(image::testing::make({100, 100}, image::kRgb8, [](auto x, auto, auto) { return x; }),
                                {}, kNever)
                       .value());
  start();
  EXPECT_FALSE(pipeline_->optimize({"a", 0, ""}).value());
}

}  // namespace
}  // namespace armarium::pipeline
