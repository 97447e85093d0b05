#include "api/site/asset_pack.h"

#include <gtest/gtest.h>

#include "api/site/testing/archive.h"

namespace armarium::api::site {
namespace {

using testing::archive_of;

TEST(AssetPack, FindsWhatWasPacked) {
  const auto pack = AssetPack::from_bytes(archive_of(
      {{"static/css/site.css", "body{}"}, {"templates/item.mustache", ""}, {"dist/a.woff2", std::string(1000, 'x')}}));
  ASSERT_TRUE(pack) << pack.error().message;
  const Asset* css = (*pack)->find("static/css/site.css");
  ASSERT_NE(css, nullptr);
  EXPECT_EQ(css->bytes, "body{}");
  EXPECT_EQ(css->media_type, "text/css; charset=utf-8");
  EXPECT_EQ((*pack)->find("dist/a.woff2")->bytes.size(), 1000U);
  EXPECT_EQ((*pack)->find("templates/item.mustache")->bytes, "");
  EXPECT_EQ((*pack)->find("nothing"), nullptr);
  EXPECT_EQ((*pack)->version().size(), 12U);
}

TEST(AssetPack, ChangesItsVersionWithAnyContentOrName) {
  const auto version = [](const std::vector<std::pair<std::string, std::string>>& files) {
    return (*AssetPack::from_bytes(archive_of(files)))->version();
  };
  EXPECT_EQ(version({{"a", "1"}}), version({{"a", "1"}}));
  EXPECT_NE(version({{"a", "1"}}), version({{"a", "2"}}));
  EXPECT_NE(version({{"a", "1"}}), version({{"b", "1"}}));
}

TEST(AssetPack, ShowsBrowsersOnlyStaticFilesAndScripts) {
  const auto pack = *AssetPack::from_bytes(archive_of({{"static/a.css", "a"}, {"templates/x.mustache", "t"}}));
  EXPECT_TRUE(find_asset(*pack, pack->version() + "/static/a.css").immutable);
  const FoundAsset old = find_asset(*pack, "000000000000/static/a.css");
  EXPECT_NE(old.asset, nullptr);
  EXPECT_FALSE(old.immutable);
  EXPECT_EQ(find_asset(*pack, pack->version() + "/templates/x.mustache").asset, nullptr);
  EXPECT_EQ(find_asset(*pack, pack->version() + "/static/../templates/x.mustache").asset, nullptr);
  EXPECT_EQ(find_asset(*pack, "static").asset, nullptr);
}

TEST(AssetPack, RefusesDamage) {
  const std::string good = archive_of({{"a", std::string(600, 'x')}});
  std::string broken_sum = good;
  broken_sum[3] = 'z';
  EXPECT_FALSE(AssetPack::from_bytes(broken_sum));
  EXPECT_FALSE(AssetPack::from_bytes(good.substr(0, 700)));
  EXPECT_FALSE(AssetPack::from_bytes(std::string(512, 'q')));
  EXPECT_TRUE(AssetPack::from_bytes(""));
  EXPECT_FALSE(AssetPack::open("/nonexistent/site.tar"));
}

TEST(AssetPack, SurvivesEveryTruncationAndAFlipOfEveryHeaderByte) {
  const std::string good = archive_of({{"a", "12345"}, {"b", "6"}});
  for (std::size_t length = 0; length < good.size(); length += 7) (void)AssetPack::from_bytes(good.substr(0, length));
  for (std::size_t at = 0; at < 512; ++at) {
    if (at == 155) continue;  // after the NUL that ends the checksum: no part of it
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    EXPECT_FALSE(AssetPack::from_bytes(bad) && bad.front() != '\0') << at;
  }
}

}  // namespace
}  // namespace armarium::api::site
