#include "exports/places.h"

#include <gtest/gtest.h>

#include "iiif/content_state.h"
#include "json/json.h"

namespace armarium::exports {
namespace {

const Places kPlaces("https://e.org/site", "en", true);

// "file address" of an address, or "" where it has no place.
std::string at(std::string_view address, const Places& places = kPlaces) {
  const auto place = places.find(address);
  return place && !place->file.empty() ? place->file + ' ' + place->address : std::string();
}

TEST(Places, Pages) {
  EXPECT_EQ(at("https://e.org/site/"), "index.html https://e.org/site/");
  EXPECT_EQ(at("https://e.org/site"), "index.html https://e.org/site/");
  EXPECT_EQ(at("/site/item/a~b"), "item/a~b/index.html https://e.org/site/item/a~b/");
  EXPECT_EQ(at("/site/item/a?lang=de"), "de/item/a/index.html https://e.org/site/de/item/a/");
  EXPECT_EQ(at("/site/item/a?lang=en"), at("/site/item/a"));
  EXPECT_EQ(at("/site/item/a?page=2&lang=de#works"),
            "de/item/a/page-2/index.html https://e.org/site/de/item/a/page-2/#works");
  EXPECT_EQ(at("/site/item/a?page=1"), at("/site/item/a"));
  EXPECT_EQ(at("/site/item/a?as=manifest"), "item/a/as-manifest/index.html https://e.org/site/item/a/as-manifest/");
  EXPECT_EQ(at("/site/item/a?canvas=3&xywh=1,2,3,4"),
            "item/a/index.html https://e.org/site/item/a/?canvas=3&xywh=1%2C2%2C3%2C4");
  EXPECT_EQ(kPlaces.find("/site/item/a?lang=de&page=2&canvas=3")->target, "/item/a?page=2&lang=de");
}

TEST(Places, Documents) {
  EXPECT_EQ(at("https://e.org/site/iiif/collection"), "iiif/collection.json https://e.org/site/iiif/collection.json");
  EXPECT_EQ(at("https://e.org/site/iiif/a/collection/2"),
            "iiif/a/collection/2.json https://e.org/site/iiif/a/collection/2.json");
  EXPECT_EQ(at("https://e.org/site/iiif/a/manifest"), "iiif/a/manifest.json https://e.org/site/iiif/a/manifest.json");
  EXPECT_EQ(at("https://e.org/site/iiif/a/manifest?manifest=https%3A%2F%2Fe.org%2Fsite%2Fiiif%2Fa%2Fmanifest"),
            "iiif/a/manifest.json "
            "https://e.org/site/iiif/a/manifest.json?manifest=https%3A%2F%2Fe.org%2Fsite%2Fiiif%2Fa%2Fmanifest.json");
  for (const char* part : {"canvas", "range", "page", "annotation"})
    EXPECT_EQ(at("https://e.org/site/iiif/" + std::string(part) + "/a"), "");
  EXPECT_EQ(kPlaces.find_document("https://e.org/site/iiif/page/a")->file, "iiif/page/a.json");
}

TEST(Places, Pictures) {
  EXPECT_EQ(at("https://e.org/site/iiif/image/3/a"), "iiif/image/3/a/info.json https://e.org/site/iiif/image/3/a");
  EXPECT_EQ(at("https://e.org/site/iiif/image/3/a/info.json"),
            "iiif/image/3/a/info.json https://e.org/site/iiif/image/3/a/info.json");
  EXPECT_EQ(kPlaces.find("https://e.org/site/iiif/image/3/a")->kind, Kind::service);
  EXPECT_EQ(at("https://e.org/site/iiif/image/3/a/full/max/0/default.jpg"),
            "iiif/image/3/a/full/max/0/default.jpg https://e.org/site/iiif/image/3/a/full/max/0/default.jpg");
  EXPECT_EQ(at("https://e.org/site/iiif/image/2/a"), "");
}

TEST(Places, WhatIsElsewhere) {
  for (const char* address :
       {"https://other.org/item/a", "https://e.org/sites/item/a", "//other.org/item/a", "/item/a", "item/a", "",
        "https://e.org/site//x", "/site/status", "/site/iiif/presentation/2/a/manifest", "mailto:a@e.org"})
    EXPECT_EQ(at(address), "") << address;
}

TEST(Places, NamesAreThoseOfAFileSystem) {
  EXPECT_EQ(file_of_path("/a/%C3%A4%20b"), "a/\xC3\xA4 b");
  EXPECT_EQ(file_of_path("/ark%3A%2F1%2F2/x"), "ark:/1/2/x");
  for (const char* path :
       {"/../a", "/a/..", "/a/%2E%2E/b", "/a%2F..%2Fb", "/a//b", "/a/%2F%2Fb", "/a%00", "/%", "/./a", "/%2Fa"})
    EXPECT_FALSE(file_of_path(path)) << path;
  EXPECT_FALSE(file_of_path("/" + std::string(256, 'a')));
  EXPECT_EQ(kPlaces.find("/site/item/%2E%2E%2F%2E%2E")->file, "");
  EXPECT_EQ(kPlaces.find("/site/iiif/" + std::string(256, 'a') + "/manifest")->file, "");
}

TEST(Places, ContentStates) {
  EXPECT_EQ(at("https://e.org/site/?iiif-content="),
            "viewer/mirador/index.html https://e.org/site/viewer/mirador/?iiif-content=");
  EXPECT_EQ(at("/site/viewer/uv?iiif-content=https%3A%2F%2Fe.org%2Fsite%2Fiiif%2Fa%2Fmanifest&lang=de"),
            "de/viewer/uv/index.html "
            "https://e.org/site/de/viewer/uv/?iiif-content=https%3A%2F%2Fe.org%2Fsite%2Fiiif%2Fa%2Fmanifest.json");
  const std::string state = iiif::content_state::encode(
      R"({"id":"https://e.org/site/iiif/canvas/a","type":"Canvas","partOf":[{"id":"https://e.org/site/iiif/a/manifest","type":"Manifest"}]})");
  const std::string mapped = kPlaces.find("/site/?iiif-content=" + state)->address;
  const auto text = iiif::content_state::decode(mapped.substr(mapped.find('=') + 1));
  ASSERT_TRUE(text);
  EXPECT_EQ(
      *text,
      R"({"id":"https://e.org/site/iiif/canvas/a","type":"Canvas","partOf":[{"id":"https://e.org/site/iiif/a/manifest.json","type":"Manifest"}]})");
  EXPECT_EQ(at("/site/?iiif-content=", Places("https://e.org/site", "en", false)),
            "index.html https://e.org/site/?iiif-content=");
}

}  // namespace
}  // namespace armarium::exports
