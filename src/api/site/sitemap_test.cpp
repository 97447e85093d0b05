#include "api/site/sitemap.h"

#include <gtest/gtest.h>

namespace armarium::api::site {
namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

Site example() {
  Site site;
  site.public_url = "https://library.example/iiif";
  return site;
}

TEST(Sitemap, HoldsNoMoreThanOneMapMay) {
  std::vector<SitemapEntry> entries(kSitemapEntries + 7, SitemapEntry{"/item/a&b", ""});
  entries[1].last_modified = "2026-01-02";
  const std::string xml = sitemap(example(), entries);
  EXPECT_EQ(count(xml, "<url>"), kSitemapEntries) << "sitemaps.org: at most 50,000";
  EXPECT_LT(xml.size(), 50U << 20);
  EXPECT_EQ(count(xml, "<lastmod>2026-01-02</lastmod>"), 1U);
  EXPECT_NE(xml.find("<loc>https://library.example/iiif/item/a&amp;b</loc>"), std::string::npos);
}

TEST(Sitemap, AnIndexNamesEachMapOnce) {
  const std::string xml = sitemap_index(example(), 3);
  EXPECT_EQ(count(xml, "<sitemap>"), 3U);
  for (const char* page : {"?page=1<", "?page=2<", "?page=3<"}) {
    EXPECT_EQ(count(xml, std::string("<loc>https://library.example/iiif/sitemap.xml") + page), 1U) << page;
  }
}

}  // namespace
}  // namespace armarium::api::site
