#include "iiif/image_info.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json.h"

namespace armarium::iiif {
namespace {

using image::Size;
using testing::ElementsAre;

ImageDescription describe(Size full, Size tile = {}, const std::vector<Size>& levels = {},
                          std::optional<SizeLimits> limits = {}) {
  ImageCapabilities capabilities;
  capabilities.full = full;
  capabilities.limits = limits.value_or(default_limits(full, 400'000'000));
  return describe_image(capabilities, tile, levels, {"jpg", "png", "webp", "tif"});
}

std::vector<std::string> keys_of(const json::Value& value) {
  std::vector<std::string> keys;
  for (const auto& member : value.as_object()) keys.emplace_back(member.key());
  return keys;
}

TEST(DescribeTiles, UsesTheTilesOfTheFileWhereTheySuit) {
  EXPECT_EQ(describe({6000, 4000}, {256, 256}).tiles.at(0).tile, (Size{256, 256}));
  EXPECT_EQ(describe({6000, 4000}, {1024, 128}).tiles.at(0).tile, (Size{1024, 128}));
  EXPECT_EQ(describe({6000, 4000}, {6000, 8}).tiles.at(0).tile, (Size{512, 512}));  // strips
  EXPECT_EQ(describe({6000, 4000}, {4096, 4096}).tiles.at(0).tile, (Size{512, 512}));
  EXPECT_EQ(describe({6000, 4000}).tiles.at(0).tile, (Size{512, 512}));
}

TEST(DescribeTiles, FactorsDoubleUntilOneTileHoldsAll) {
  EXPECT_THAT(describe({6000, 4000}).tiles.at(0).scale_factors, ElementsAre(1, 2, 4, 8, 16));
  EXPECT_THAT(describe({512, 512}).tiles.at(0).scale_factors, ElementsAre(1));
  EXPECT_THAT(describe({513, 1}).tiles.at(0).scale_factors, ElementsAre(1, 2));
  EXPECT_THAT(describe({1, 1}).tiles.at(0).scale_factors, ElementsAre(1));
}

TEST(DescribeTiles, SizesAreTheLevels) {
  EXPECT_THAT(describe({1001, 2003}).sizes,
              ElementsAre(Size{126, 251}, Size{251, 501}, Size{501, 1002}, Size{1001, 2003}));
  EXPECT_THAT(describe({1, 1}).sizes, ElementsAre(Size{1, 1}));
  EXPECT_THAT(describe({9999, 1}).sizes.front(), (Size{157, 1}));
  // A level that is a halving but for its rounding is not named twice; one of another ratio is.
  EXPECT_THAT(describe({1001, 2003}, {256, 256}, {{1001, 2003}, {500, 1001}, {300, 600}}).sizes,
              ElementsAre(Size{126, 251}, Size{251, 501}, Size{300, 600}, Size{501, 1002}, Size{1001, 2003}));
}

TEST(DescribeTiles, StaysWithinLimits) {  // IMG3-125
  for (const SizeLimits& limits :
       {SizeLimits{600, 400, {}}, SizeLimits{{}, {}, 100000}, SizeLimits{100, {}, {}}, SizeLimits{10, {}, {}}}) {
    const auto description = describe({6000, 4000}, {256, 256}, {{3000, 2000}}, limits);
    for (const Size size : description.sizes) EXPECT_TRUE(limits.allows(size));
    for (const TileSet& set : description.tiles) EXPECT_TRUE(limits.allows(set.tile));
  }
  EXPECT_TRUE(describe({6000, 4000}, {}, {}, SizeLimits{10, {}, {}}).tiles.empty());
  EXPECT_EQ(describe({6000, 4000}, {}, {}, SizeLimits{300, {}, {}}).tiles.at(0).tile, (Size{256, 256}));
}

// Every size and tile that is announced resolves to exactly these pixels: IMG3-066, IMG3-067, IMG2-018.
TEST(DescribeTiles, WhatIsAnnouncedResolves) {
  for (const Size full :
       {Size{1001, 2003}, Size{1, 1}, Size{9999, 1}, Size{256, 256}, Size{257, 255}, Size{6000, 4000}}) {
    const auto description = describe(full, {256, 256});
    const auto& capabilities = description.capabilities;
    for (const ImageVersion version : {ImageVersion::v2, ImageVersion::v3}) {
      for (const Size size : description.sizes) {
        auto request =
            ImageRequest::parse(version, "full", fmt::format("{},{}", size.width, size.height), "0", "default.jpg");
        ASSERT_TRUE(request);
        auto resolved = resolve(*request, capabilities);
        ASSERT_TRUE(resolved);
        EXPECT_EQ(resolved->size, size);
      }
      for (const TileSet& set : description.tiles) {
        for (const std::uint32_t factor : set.scale_factors) {
          const std::uint32_t step_x = set.tile.width * factor;
          const std::uint32_t step_y = set.tile.height * factor;
          for (std::uint32_t y = 0; y < full.height; y += step_y) {
            for (std::uint32_t x = 0; x < full.width; x += step_x) {
              const std::uint32_t width = std::min(step_x, full.width - x);
              const std::uint32_t height = std::min(step_y, full.height - y);
              const Size tile{image::scaled_up(width, factor), image::scaled_up(height, factor)};
              auto request = ImageRequest::parse(version, fmt::format("{},{},{},{}", x, y, width, height),
                                                 fmt::format("{},{}", tile.width, tile.height), "0", "default.jpg");
              ASSERT_TRUE(request);
              auto resolved = resolve(*request, capabilities);
              ASSERT_TRUE(resolved);
              EXPECT_EQ(resolved->size, tile);
              EXPECT_EQ(resolved->region, (image::Rect{x, y, width, height}));
            }
          }
        }
      }
    }
  }
}

TEST(WriteInfo3, MembersInOrder) {
  auto description = describe({6000, 4000}, {256, 128});
  description.rights = "http://creativecommons.org/publicdomain/mark/1.0/";
  description.preferred_formats = {"webp", "jpg"};
  description.service_json = {R"({"id":"https://example.org/s","type":"X"})"};
  const std::string text = write_info_3(description, "https://example.org/iiif/image/3/a~b");
  EXPECT_TRUE(text.starts_with(
      R"({"@context":"http://iiif.io/api/image/3/context.json","id":"https://example.org/iiif/image/3/a~b",)"));  // IMG3-120
  auto info = json::parse(text);
  ASSERT_TRUE(info);
  EXPECT_THAT(keys_of(*info),
              ElementsAre("@context", "id", "type", "protocol", "profile", "width", "height", "maxWidth", "maxHeight",
                          "maxArea", "sizes", "tiles", "rights", "preferredFormats", "extraFormats", "extraQualities",
                          "extraFeatures", "service"));
  EXPECT_EQ(json::to_text(info->at("tiles")), R"([{"width":256,"height":128,"scaleFactors":[1,2,4,8,16,32]}])");
  EXPECT_EQ(json::to_text(info->at("extraFormats")), R"(["webp","tif"])");
  EXPECT_EQ(json::to_text(info->at("extraQualities")), R"(["color","gray","bitonal"])");  // IMG3-095
  EXPECT_EQ(json::to_text(info->at("extraFeatures")),
            R"(["canonicalLinkHeader","mirroring","profileLinkHeader","rotationArbitrary","sizeUpscaling"])");
  EXPECT_EQ(json::to_text(info->at("service")), R"([{"id":"https://example.org/s","type":"X"}])");
}

TEST(WriteInfo3, ListsOnlyWhatWorks) {
  ImageCapabilities grey;
  grey.full = {300, 200};
  grey.has_colour = false;
  grey.upscaling = false;
  auto info = json::parse(write_info_3(describe_image(grey, {}, {}, {"jpg", "png"}), "https://example.org/x"));
  ASSERT_TRUE(info);
  EXPECT_EQ(json::to_text(info->at("extraQualities")), R"(["gray","bitonal"])");  // IMG3-096
  EXPECT_EQ(json::to_text(info->at("extraFeatures")),
            R"(["canonicalLinkHeader","mirroring","profileLinkHeader","rotationArbitrary"])");
  EXPECT_FALSE(info->as_object().contains("extraFormats"));
  EXPECT_FALSE(info->as_object().contains("maxWidth"));
  EXPECT_FALSE(info->as_object().contains("service"));
}

TEST(WriteInfo2, ProfileHoldsLimitsAndExtras) {  // IMG2-001 to IMG2-004
  auto description = describe({6000, 4000}, {}, {}, SizeLimits{600, 400, {}});
  description.rights = "http://creativecommons.org/publicdomain/mark/1.0/";
  auto info = json::parse(write_info_2(description, "https://example.org/iiif/image/2/a"));
  ASSERT_TRUE(info);
  EXPECT_THAT(keys_of(*info), ElementsAre("@context", "@id", "@type", "protocol", "width", "height", "sizes", "tiles",
                                          "profile", "license"));
  EXPECT_EQ(
      json::to_text(info->at("profile")),
      R"(["http://iiif.io/api/image/2/level2.json",{"formats":["webp","tif"],"qualities":["color","gray"],"maxWidth":600,"maxHeight":400,)"
      R"("supports":["canonicalLinkHeader","mirroring","profileLinkHeader","regionSquare","rotationArbitrary","sizeAboveFull"]}])");
}

}  // namespace
}  // namespace armarium::iiif
