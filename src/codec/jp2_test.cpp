#include <gtest/gtest.h>

#include "codec/jp2_header.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using image::Rect;
using image::Size;

base::MemorySource written(Size size, image::PixelFormat format, int quality = 100) {
  EncodeOptions options;
  options.quality = quality;
  return base::MemorySource(testing::encoded(Format::jp2, testing::gradient(size, format), options));
}

TEST(Jp2, LosslessGivesTheSamePixels) {
  for (const image::PixelFormat format : {image::kGrey8, image::kRgb8, image::kRgba8}) {
    const auto file = written({203, 151}, format);
    const auto picture = testing::opened(file);
    EXPECT_EQ(picture->format(), Format::jp2);
    EXPECT_EQ(picture->page(0).pixels, format);
    const auto all = testing::read_all(*picture, file);
    EXPECT_EQ(testing::difference(testing::gradient({203, 151}, format), all.pixels).largest, 0);
  }
}

TEST(Jp2, LossyIsCloseAndSmaller) {
  const auto lossy = written({400, 300}, image::kRgb8, 80);
  EXPECT_LT(lossy.size(), written({400, 300}, image::kRgb8).size());
  const auto all = testing::read_all(*testing::opened(lossy), lossy);
  EXPECT_LT(testing::difference(testing::gradient({400, 300}, image::kRgb8), all.pixels).mean, 3.0);
}

TEST(Jp2, LevelsAreHalvesRoundedUp) {
  const auto file = written({1001, 203}, image::kRgb8);
  const auto picture = testing::opened(file);
  const auto& levels = picture->page(0).levels;
  ASSERT_EQ(levels.size(), 6U);
  for (std::size_t i = 0; i < levels.size(); ++i) EXPECT_EQ(levels[i].size, image::level_size({1001, 203}, 1U << i));
}

TEST(Jp2, ARegionEqualsItsPartOfTheWholeOnEachLevel) {
  const auto file = written({701, 503}, image::kRgb8);
  const auto picture = testing::opened(file);
  for (std::uint32_t level = 0; level < picture->page(0).levels.size(); ++level) {
    const Size size = picture->page(0).levels[level].size;
    const auto whole = testing::read(*picture, file, {0, Rect::of({701, 503}), size});
    ASSERT_EQ(whole.plan.level, level);
    const std::uint32_t factor = 1U << level;
    const Rect region{701 / 3 / factor * factor, 503 / 2 / factor * factor, factor * 2, factor * 2};
    const auto part = testing::read(*picture, file, {0, region, {2, 2}});
    ASSERT_EQ(part.plan.level, level);
    EXPECT_EQ(testing::difference(whole.pixels, part.plan.area, part.pixels).largest, 0) << "level " << level;
  }
}

TEST(Jp2, ABareCodeStreamIsReadToo) {
  const base::Bytes boxed = testing::encoded(Format::jp2, testing::gradient({64, 48}, image::kRgb8), {100, false, {}});
  const auto header = jp2::read_header(base::MemorySource(boxed), {});
  ASSERT_TRUE(header);
  const auto start = static_cast<std::ptrdiff_t>(header->stream.offset);
  const base::MemorySource bare(base::Bytes(boxed.begin() + start, boxed.end()));
  const auto all = testing::read_all(*testing::opened(bare), bare);
  EXPECT_EQ(testing::difference(testing::gradient({64, 48}, image::kRgb8), all.pixels).largest, 0);
}

// Without armarium-decode, which reads leniently, a truncated file is refused.
TEST(Jp2, ATruncatedFileIsAnError) {
  base::Bytes bytes = testing::encoded(Format::jp2, testing::gradient({640, 480}, image::kRgb8), {90, false, {}});
  bytes.resize(bytes.size() * 3 / 4);
  const base::MemorySource file(bytes);
  const auto picture = Picture::open(file, {});
  ASSERT_TRUE(picture);
  const auto plan = (*picture)->plan({0, Rect::of({640, 480}), {640, 480}});
  ASSERT_TRUE(plan);
  const auto pixels = (*picture)->read(*plan, file, {});
  ASSERT_FALSE(pixels);
  EXPECT_EQ(pixels.error().code, ErrorCode::corrupt);
}

TEST(Jp2, EveryPrefixOfAFileIsRefusedOrRead) {
  const base::Bytes bytes = testing::encoded(Format::jp2, testing::gradient({40, 30}, image::kRgb8), {50, false, {}});
  for (std::size_t length = 0; length < bytes.size(); length += 7) {
    const base::MemorySource file(base::Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
    const auto header = jp2::read_header(file, {});
    EXPECT_TRUE(!header || length >= 100) << length;
  }
}

TEST(Jp2, HeadersThatClaimTooMuchAreRefused) {
  base::Bytes bytes = testing::encoded(Format::jp2, testing::gradient({40, 30}, image::kRgb8), {50, false, {}});
  const auto header = jp2::read_header(base::MemorySource(bytes), {});
  ASSERT_TRUE(header);
  const std::size_t siz = header->stream.offset + 2;  // marker, length, capabilities, Xsiz, Ysiz
  auto with = [&](std::size_t at, std::uint8_t value) {
    base::Bytes changed = bytes;
    changed[siz + at] = value;
    return jp2::read_header(base::MemorySource(changed), {});
  };
  EXPECT_EQ(with(6, 0xFF).error().code, ErrorCode::resource_limit);  // Xsiz beyond 2^31
  EXPECT_EQ(with(6, 0x40).error().code, ErrorCode::corrupt);         // more tiles than there may be
  EXPECT_EQ(with(9, 0x00).error().code, ErrorCode::corrupt);         // no width
}

// What fuzzing of regions found: OpenJPEG 2.5.0 adds the side of a tile to its corner in 32 bits and writes past its planes where that wraps. It is
// given tiles no larger than the picture, which means the same.
TEST(Jp2, TilesFarLargerThanThePictureAreReadWithinIt) {
  const base::Bytes bytes =
      testing::encoded(Format::jp2, testing::gradient({203, 151}, image::kRgb8), {100, false, {}});
  const std::size_t sides = jp2::read_header(base::MemorySource(bytes), {})->stream.offset + 24;  // XTsiz, YTsiz
  const Rect region{150, 100, 53, 51};
  for (const std::uint32_t side : {0xFFFFFFFFU, 0xFFFFFF00U, 0x80000000U, 0x7FFFFFFFU, 204U}) {
    base::Bytes changed = bytes;
    for (std::size_t i = 0; i < 8; ++i) changed[sides + i] = static_cast<std::uint8_t>(side >> (24 - 8 * (i % 4)));
    const base::MemorySource file(changed);
    const auto picture = testing::opened(file);
    for (const std::uint32_t factor : {1U, 2U, 8U}) {
      const auto part = testing::read(*picture, file, {0, region, image::level_size(region.size(), factor)});
      if (factor == 1) {
        EXPECT_EQ(testing::difference(testing::gradient({203, 151}, image::kRgb8), part.plan.area, part.pixels).largest,
                  0)
            << side;
      }
    }
  }
}

TEST(Jp2, ConformanceFilesDecode) {
  const auto files = testing::data_files("images/j2k_conformance");
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  for (const std::string& path : files) {
    const base::MemorySource file(testing::data_file(path));
    const auto picture = Picture::open(file, {});
    ASSERT_TRUE(picture) << path << picture.error().detail;
    for (const Level& level : (*picture)->page(0).levels) {
      const auto plan = (*picture)->plan({0, Rect::of((*picture)->size(0)), level.size});
      ASSERT_TRUE(plan) << path;
      const auto pixels = (*picture)->read(*plan, file, {});
      EXPECT_TRUE(pixels) << path << pixels.error().detail;
    }
  }
}

TEST(Jp2, RealFilesDecodeAndTilesAgreeWithTheWhole) {
  const auto files = testing::data_files("images/jp2");
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  for (const std::string& path : files) {
    const base::MemorySource file(testing::data_file(path));
    const auto picture = Picture::open(file, {});
    ASSERT_TRUE(picture) << path << picture.error().detail;
    if ((*picture)->format() != Format::jp2) continue;  // is_jpeg.jp2
    const Size size = (*picture)->size(0);
    for (std::uint32_t level = 0; level < std::min<std::size_t>(4, (*picture)->page(0).levels.size()); ++level) {
      const std::uint32_t factor = 1U << level;
      if (std::min(size.width, size.height) < 40 * factor) break;
      const auto whole = testing::read(**picture, file, {0, Rect::of(size), (*picture)->page(0).levels[level].size});
      const Rect region{size.width / 2 / factor * factor, size.height / 3 / factor * factor,
                        std::min(16 * factor, size.width / 2), std::min(16 * factor, size.height / 2)};
      const auto part = testing::read(**picture, file, {0, region, image::level_size(region.size(), factor)});
      ASSERT_EQ(part.plan.level, whole.plan.level) << path;
      EXPECT_LE(testing::difference(whole.pixels, part.plan.area, part.pixels).largest, 1)
          << path << " level " << level;
    }
  }
}

TEST(Jp2, DamagedFilesCostOnlyThemselves) {
  auto files = testing::data_files("malformed/jp2");
  for (const std::string& path : testing::data_files("malformed/jp2_jpylyzer")) files.push_back(path);
  for (const std::string& path : testing::data_files("images/htj2k_conformance")) files.push_back(path);
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  Limits limits;
  limits.max_decode_bytes = std::uint64_t{512} << 20;
  int refused = 0;
  int decoded = 0;
  for (const std::string& path : files) {
    const base::MemorySource file(testing::data_file(path));
    const auto picture = Picture::open(file, limits);
    if (!picture) {
      EXPECT_FALSE(picture.error().message.empty()) << path;
      ++refused;
      continue;
    }
    const auto plan = (*picture)->plan({0, Rect::of((*picture)->size(0)), (*picture)->size(0)});
    const bool good = plan && (*picture)->read(*plan, file, {});
    (good ? decoded : refused)++;
  }
  EXPECT_GT(decoded, 10);
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace armarium::codec
