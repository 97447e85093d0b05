#include "codec/stored_picture.h"

#include <gtest/gtest.h>
#include <tiffio.h>

#include "codec/jpeg_stream.h"
#include "codec/testing.h"
#include "codec/tiff_writer.h"
#include "image/test_profile.h"

namespace armarium::codec {
namespace {

using image::Rect;
using image::Size;
using testing::difference;
using testing::Kind;

constexpr Size kSize{301, 203};
constexpr std::uint32_t kTile = 64;

struct Fixture {
  base::MemorySource file;
  std::shared_ptr<const Picture> picture;

  Fixture(image::PixelFormat format, std::uint16_t photometric, std::uint16_t compression = COMPRESSION_JPEG)
      : file(testing::written(testing::gradient(kSize, format),
                              Kind{.compression = compression, .tile = kTile, .photometric = photometric})),
        picture(testing::opened(file)) {}

  // Head and range in one piece.
  base::Bytes raw(const StoredPicture& tile) const {
    base::Bytes bytes = *tile.head;
    bytes.resize(bytes.size() + tile.range.length);
    EXPECT_TRUE(file.read(tile.range.offset, std::span(bytes).subspan(tile.head->size())));
    return bytes;
  }
  base::Bytes finished(const StoredPicture& tile) const {
    base::Bytes bytes = raw(tile);
    EXPECT_TRUE(complete(tile, bytes));
    if (!tile.narrower()) return bytes;
    base::Bytes cut = crop(tile, bytes).value();
    EXPECT_LT(cut.size(), bytes.size());
    return cut;
  }
};

// The tile at (x, y) as far as the picture goes.
Rect tile_at(std::uint32_t x, std::uint32_t y) {
  return {x, y, std::min(kTile, kSize.width - x), std::min(kTile, kSize.height - y)};
}

void expect_like_decoded(const Fixture& fixture, Rect area) {
  SCOPED_TRACE(::testing::Message() << area.x << "," << area.y);
  const auto tile = fixture.picture->stored(0, 0, area);
  ASSERT_TRUE(tile);
  const base::MemorySource handed_out(fixture.finished(*tile));
  const auto alone = testing::opened(handed_out);
  ASSERT_EQ(alone->size(0), area.size());
  const auto pixels = testing::read_all(*alone, handed_out).pixels;
  const auto plan = fixture.picture->plan({0, area, area.size()});
  const auto decoded = fixture.picture->read(*plan, fixture.file, {});
  ASSERT_TRUE(decoded);
  const Rect inside{static_cast<std::uint32_t>(plan->window.x), static_cast<std::uint32_t>(plan->window.y), area.width,
                    area.height};
  EXPECT_LE(difference(*decoded, inside, pixels).mean, 0.6);
}

TEST(StoredPicture, TilesOfTiffAreJpegFilesOfTheirOwn) {
  for (const auto& [format, photometric] : {std::pair{image::kRgb8, PHOTOMETRIC_YCBCR},
                                            {image::kRgb8, PHOTOMETRIC_RGB},
                                            {image::kGrey8, PHOTOMETRIC_MINISBLACK}}) {
    SCOPED_TRACE(photometric);
    const Fixture fixture(format, static_cast<std::uint16_t>(photometric));
    expect_like_decoded(fixture, tile_at(64, 64));
    expect_like_decoded(fixture, tile_at(64, 192));   // only rows are cut
    expect_like_decoded(fixture, tile_at(256, 0));    // columns
    expect_like_decoded(fixture, tile_at(256, 192));  // both
  }
}

TEST(StoredPicture, WebpTilesAreFilesWhereTheyAreWhole) {
  const Fixture fixture(image::kRgb8, PHOTOMETRIC_RGB, COMPRESSION_WEBP);
  expect_like_decoded(fixture, tile_at(64, 64));
  const auto edge = fixture.picture->stored(0, 0, tile_at(256, 0));
  ASSERT_TRUE(edge);
  base::Bytes bytes = fixture.raw(*edge);
  EXPECT_FALSE(complete(*edge, bytes));
}

TEST(StoredPicture, AProfileGoesAlongWithItsTiles) {
  const std::string profile = image::testing::wide_profile(2.2);
  testing::Writer writer;
  writer.icc = profile;
  writer.add(testing::gradient(kSize, image::kRgb8),
             Kind{.compression = COMPRESSION_JPEG, .tile = kTile, .photometric = PHOTOMETRIC_YCBCR});
  writer.icc.clear();  // as most writers do, the levels have none of their own
  writer.add(testing::gradient({151, 102}, image::kRgb8),
             Kind{.compression = COMPRESSION_JPEG, .tile = kTile, .photometric = PHOTOMETRIC_YCBCR, .subfile = 1});
  const base::MemorySource file(writer.take());
  const auto picture = testing::opened(file);
  for (const std::uint32_t level : {0U, 1U}) {
    const auto tile = picture->stored(0, level, {64, 0, 64, 64});
    ASSERT_TRUE(tile);
    base::Bytes bytes = *tile->head;
    bytes.resize(bytes.size() + tile->range.length);
    ASSERT_TRUE(file.read(tile->range.offset, std::span(bytes).subspan(tile->head->size())));
    ASSERT_TRUE(complete(*tile, bytes));
    const base::MemorySource alone(bytes);
    const auto reopened = testing::opened(alone);
    const base::Bytes& icc = *reopened->page(0).icc;
    EXPECT_TRUE(std::equal(icc.begin(), icc.end(), profile.begin(), profile.end(),
                           [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }));
  }
}

TEST(StoredPicture, OnlyTilesAreStored) {
  const Fixture fixture(image::kRgb8, PHOTOMETRIC_YCBCR);
  EXPECT_FALSE(fixture.picture->stored(0, 0, {1, 0, 64, 64}));
  EXPECT_FALSE(fixture.picture->stored(0, 0, {0, 0, 65, 64}));
  EXPECT_FALSE(fixture.picture->stored(0, 0, {256, 0, 64, 64}));  // past the edge
  EXPECT_FALSE(fixture.picture->stored(7, 0, {0, 0, 64, 64}));
  const Fixture inverted(image::kGrey8, PHOTOMETRIC_MINISWHITE);
  EXPECT_FALSE(inverted.picture->stored(0, 0, {0, 0, 64, 64}));
  const Fixture deflated(image::kRgb8, PHOTOMETRIC_RGB, COMPRESSION_ADOBE_DEFLATE);
  EXPECT_FALSE(deflated.picture->stored(0, 0, {0, 0, 64, 64}));
}

TEST(StoredPicture, WhatTheFileHoldsIsNotTrusted) {
  const Fixture fixture(image::kRgb8, PHOTOMETRIC_YCBCR);
  const auto tile = fixture.picture->stored(0, 0, tile_at(64, 64));
  ASSERT_TRUE(tile);
  const base::Bytes sound = fixture.raw(*tile);

  StoredPicture other = *tile;
  other.stored = other.wanted = {128, 128};
  base::Bytes bytes = sound;
  EXPECT_FALSE(complete(other, bytes)) << "the frame is of another size";

  for (std::size_t length = 0; length < tile->head->size() + 24; ++length) {
    bytes.assign(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(complete(*tile, bytes)) << length;
  }
  bytes = sound;
  const std::uint8_t comment[] = {0xFF, 0xFE, 0, 4, 'h', 'i'};
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(tile->head->size()), std::begin(comment), std::end(comment));
  EXPECT_FALSE(complete(*tile, bytes)) << "a comment would be published";

  bytes = sound;
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(tile->head->size() + 30), bytes.end(), std::uint8_t{0xFF});
  static_cast<void>(crop_jpeg(bytes, {10, 10}));  // whatever it says, it comes back
}

TEST(StoredPicture, MarkersOfATileDoNotChangeItsColours) {
  const Fixture fixture(image::kRgb8, PHOTOMETRIC_RGB);
  const auto tile = fixture.picture->stored(0, 0, tile_at(64, 64));
  ASSERT_TRUE(tile);
  base::Bytes bytes = fixture.raw(*tile);
  ASSERT_TRUE(complete(*tile, bytes));
  const std::uint8_t jfif[] = {0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0};
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(tile->head->size()), std::begin(jfif), std::end(jfif));
  EXPECT_FALSE(complete(*tile, bytes));
}

TEST(StoredPicture, EnormousTilesAreLeftToTheDecoder) {
  const base::MemorySource file(
      testing::written(testing::gradient({16, 16}, image::kGrey8),
                       Kind{.compression = COMPRESSION_JPEG, .tile = 4112, .photometric = PHOTOMETRIC_MINISBLACK}));
  EXPECT_FALSE(testing::opened(file)->stored(0, 0, {0, 0, 16, 16}));
}

TEST(StoredPicture, TablesThatAreMoreThanTablesAreNotUsed) {
  EXPECT_EQ(jpeg_head({}, JpegColour::ycbcr).size(), 20U);
  const base::Bytes with_frame = {0xFF, 0xD8, 0xFF, 0xC0, 0, 2, 0xFF, 0xD9};
  EXPECT_TRUE(jpeg_head(with_frame, JpegColour::rgb).empty());
  const base::Bytes too_long = {0xFF, 0xD8, 0xFF, 0xDB, 0xFF, 0xFF, 1};
  EXPECT_TRUE(jpeg_head(too_long, JpegColour::rgb).empty());
}

}  // namespace
}  // namespace armarium::codec
