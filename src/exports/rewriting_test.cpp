#include <gtest/gtest.h>

#include "exports/documents.h"
#include "exports/pages.h"
#include "exports/pyramid.h"

namespace armarium::exports {
namespace {

const Places kPlaces("https://e.org", "en", true);

std::string files(const std::vector<Place>& places) {
  std::string out;
  for (const Place& place : places) out += place.file + ' ';
  return out;
}

TEST(RewriteDocument, AddressesAndServices) {
  json::Value manifest = *json::parse(
      R"({"@context":"c","id":"https://e.org/iiif/a/manifest","type":"Manifest","homepage":[{"id":"https://e.org/item/a","type":"Text"}],
    "seeAlso":[{"id":"https://other.org/a.xml"}],"service":[{"id":"https://e.org/iiif/search/2/a","type":"SearchService2"}],"partOf":[{"id":"https://e.org/iiif/collection","type":"Collection"}],
    "items":[{"id":"https://e.org/iiif/canvas/a","type":"Canvas","items":[{"id":"https://e.org/iiif/page/a","type":"AnnotationPage","items":[
      {"id":"https://e.org/iiif/annotation/a","target":"https://e.org/iiif/canvas/a","body":{"id":"https://e.org/iiif/image/3/a/full/max/0/default.jpg","service":[
        {"id":"https://e.org/iiif/image/3/a","type":"ImageService3","profile":"level2"},{"@id":"https://e.org/iiif/image/2/a","@type":"ImageService2"},
        {"id":"https://other.org/i","type":"ImageService3","profile":"level2"}]}}]}],"annotations":[{"id":"https://e.org/iiif/page/b","type":"AnnotationPage"}]}]})");
  const auto found = rewrite_document(manifest, kPlaces);
  EXPECT_EQ(
      json::to_text(manifest),
      R"({"@context":"c","id":"https://e.org/iiif/a/manifest.json","type":"Manifest","homepage":[{"id":"https://e.org/item/a/","type":"Text"}],)"
      R"("seeAlso":[{"id":"https://other.org/a.xml"}],"partOf":[{"id":"https://e.org/iiif/collection.json","type":"Collection"}],)"
      R"("items":[{"id":"https://e.org/iiif/canvas/a","type":"Canvas","items":[{"id":"https://e.org/iiif/page/a","type":"AnnotationPage","items":[)"
      R"({"id":"https://e.org/iiif/annotation/a","target":"https://e.org/iiif/canvas/a","body":{"id":"https://e.org/iiif/image/3/a/full/max/0/default.jpg","service":[)"
      R"({"id":"https://e.org/iiif/image/3/a","type":"ImageService3","profile":"level0"},)"
      R"({"id":"https://other.org/i","type":"ImageService3","profile":"level2"}]}}]}],"annotations":[{"id":"https://e.org/iiif/page/b.json","type":"AnnotationPage"}]}]})");
  EXPECT_EQ(files(found),
            "iiif/a/manifest.json item/a/index.html iiif/collection.json iiif/image/3/a/full/max/0/default.jpg "
            "iiif/image/3/a/info.json iiif/page/b.json ");
}

TEST(RewriteDocument, APageOfAnnotationsByItself) {
  json::Value page = *json::parse(
      R"({"id":"https://e.org/iiif/page/b","type":"AnnotationPage","items":[{"id":"https://e.org/iiif/annotation/b","target":"https://e.org/iiif/canvas/a"}]})");
  rewrite_document(page, kPlaces);
  EXPECT_EQ(
      json::to_text(page),
      R"({"id":"https://e.org/iiif/page/b.json","type":"AnnotationPage","items":[{"id":"https://e.org/iiif/annotation/b","target":"https://e.org/iiif/canvas/a"}]})");
}

TEST(RewritePage, Attributes) {
  const RewrittenPage page = rewrite_page(
      R"(<html lang="en"><p title="/item/a">https://e.org/item/a "<a href="/item/a?lang=de&amp;canvas=2" class="x">A</a><a data-home="/" href='/item/b'><img src="https://e.org/iiif/image/3/a/full/9,9/0/default.jpg" alt=""><input value="https://e.org/iiif/a/manifest">)"
      R"(<script type="application/ld+json">{"url":"https://e.org/item/a","name":"<\/b>"}</script><script>"https://e.org/item/a"</script>)",
      kPlaces);
  EXPECT_EQ(
      page.html,
      R"(<html lang="en"><p title="/item/a">https://e.org/item/a "<a href="/de/item/a/?canvas=2" class="x">A</a><a data-home="/viewer/mirador/" href='/item/b'><img src="https://e.org/iiif/image/3/a/full/9,9/0/default.jpg" alt=""><input value="https://e.org/iiif/a/manifest.json">)"
      R"(<script type="application/ld+json">{"url":"https://e.org/item/a/","name":"\u003c/b>"}</script><script>"https://e.org/item/a"</script>)");
  EXPECT_EQ(files(page.found),
            "de/item/a/index.html viewer/mirador/index.html iiif/image/3/a/full/9,9/0/default.jpg iiif/a/manifest.json "
            "item/a/index.html ");
  EXPECT_EQ(language_of_page(page.html), "en");
}

TEST(RewritePage, WhatIsCutOffStaysAsItIs) {
  for (const char* html : {"<a href=\"/item/a", "<a href=", "<", "<a", "a > b", "<a href=\"x\"",
                           "<script type=\"application/ld+json\">{", "\""})
    EXPECT_EQ(rewrite_page(html, kPlaces).html, html);
}

TEST(RewriteText, SiteMap) {
  EXPECT_EQ(
      rewrite_text(
          "<loc>https://e.org/item/a</loc><loc>https://other.org/item/a</loc>\nSitemap: https://e.org/sitemap.xml",
          kPlaces),
      "<loc>https://e.org/item/a/</loc><loc>https://other.org/item/a</loc>\nSitemap: https://e.org/sitemap.xml");
}

TEST(Pyramid, Level0) {
  const json::Value information = *json::parse(
      R"({"@context":"c","id":"https://e.org/i","type":"ImageService3","protocol":"p","profile":"level2","width":1000,"height":700,"maxWidth":1000,
    "sizes":[{"width":250,"height":175}],"tiles":[{"width":512,"scaleFactors":[1,2]}],"extraFeatures":["rotationArbitrary"],"extraFormats":["webp"],"service":[{}],"rights":"r"})");
  const auto pyramid = level_0(information.get_object());
  ASSERT_TRUE(pyramid);
  EXPECT_EQ(pyramid->pictures,
            (std::vector<std::string>{"full/max/0/default.jpg", "full/90,/0/default.jpg", "full/250,175/0/default.jpg",
                                      "0,0,512,512/512,512/0/default.jpg", "512,0,488,512/488,512/0/default.jpg",
                                      "0,512,512,188/512,188/0/default.jpg", "512,512,488,188/488,188/0/default.jpg",
                                      "full/500,350/0/default.jpg"}));
  EXPECT_EQ(
      json::to_text(json::Value(pyramid->information)),
      R"({"@context":"c","id":"https://e.org/i","type":"ImageService3","protocol":"p","profile":"level0","width":1000,"height":700,"maxWidth":1000,"sizes":[{"width":250,"height":175}],"tiles":[{"width":512,"scaleFactors":[1,2]}],"rights":"r"})");
}

TEST(Pyramid, WhatIsNone) {
  for (const char* text :
       {R"({})", R"({"type":"ImageService3","width":0,"height":5})",
        R"({"type":"ImageService3","width":-1,"height":5})", R"({"type":"Manifest","width":5,"height":5})",
        R"({"type":"ImageService3","width":4000000000,"height":4000000000,"tiles":[{"width":1,"scaleFactors":[1]}]})"})
    EXPECT_FALSE(level_0(json::parse(text)->get_object())) << text;
  EXPECT_TRUE(level_0(
      json::parse(
          R"({"type":"ImageService3","width":10,"height":5,"tiles":[{"width":0,"scaleFactors":[1]},{"width":5,"scaleFactors":[0,-1,"x",1e30]},5]})")
          ->get_object()));
}

}  // namespace
}  // namespace armarium::exports
