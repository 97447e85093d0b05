#include "ingest/folder_document.h"

#include <gtest/gtest.h>

namespace armarium::ingest {
namespace {

constexpr const char* kManifest = R"({"@context":"http://iiif.io/api/presentation/3/context.json",
  "id":"https://old.example/m","type":"Manifest","label":{"en":["Said"]},"summary":{"en":["<b>a</b><script>x</script>"]},
  "items":[{"id":"https://old.example/c","type":"Canvas","height":4,"width":6,"items":[]}]})";

DocumentPlace place_of(store::Kind kind = store::Kind::manifest) {
  DocumentPlace place{.item = {kind, "book"}};
  place.name = iiif::LanguageMap::none("book");
  return place;
}

TEST(FolderDocument, ReadsAndCleans) {
  const FolderDocument document = read_folder_document(kManifest, "manifest.json");
  ASSERT_TRUE(document.is("Manifest"));
  EXPECT_TRUE(document.problems.empty());
  catalogue::ManifestChange manifest{.identifier = "book"};
  const auto laid = lay_document(document, place_of(), manifest);
  ASSERT_TRUE(laid);
  EXPECT_EQ(manifest.description.label, iiif::LanguageMap::of("en", "Said"));
  EXPECT_EQ(manifest.description.origins.at("label"), "manifest.json");
  EXPECT_EQ(manifest.description.summary, iiif::LanguageMap::of("en", "<b>a</b>"));
  ASSERT_EQ(manifest.canvases.size(), 1U);
  EXPECT_EQ(manifest.canvases[0].extent, (image::Size{6, 4}));
  EXPECT_EQ(json::text_of(manifest.tree, "id"), "/iiif/book/manifest");
  EXPECT_FALSE(manifest.tree.contains("items"));
  ASSERT_EQ(laid->ids.size(), 2U);
  EXPECT_EQ(laid->ids[0].second, "book");
}

TEST(FolderDocument, WhatLiesOverItWins) {
  DocumentPlace place = place_of();
  place.above.label = iiif::LanguageMap::of("en", "Over");
  place.above.origins["label"] = "info.yml";
  place.above.behavior = {"paged", "multi-part"};
  catalogue::ManifestChange manifest{.identifier = "book"};
  ASSERT_TRUE(lay_document(read_folder_document(kManifest, "manifest.json"), place, manifest));
  EXPECT_EQ(manifest.description.label, iiif::LanguageMap::of("en", "Over"));
  EXPECT_EQ(manifest.description.origins.at("label"), "info.yml");
  EXPECT_EQ(manifest.tree.at("label").at("en").at(0), json::Value("Over"));
  EXPECT_EQ(manifest.tree.at("behavior"), json::Value(json::Array{"paged"}));  // the other is for Collections
}

TEST(FolderDocument, WithoutALabelItHasTheNameOfTheFolder) {
  const auto document = read_folder_document(
      R"({"type":"Manifest","id":"https://x/m","items":[{"type":"Canvas","id":"https://x/c","width":1,"height":1}]})",
      "manifest.json");
  catalogue::ManifestChange manifest{.identifier = "book"};
  ASSERT_TRUE(lay_document(document, place_of(), manifest));
  EXPECT_EQ(manifest.description.label, iiif::LanguageMap::none("book"));
}

TEST(FolderDocument, SaysWhatIsWrong) {
  const auto broken = read_folder_document("{\n\n \"type\": }", "manifest.json");
  ASSERT_EQ(broken.problems.size(), 1U);
  EXPECT_EQ(broken.problems[0].line, 3);
  EXPECT_TRUE(broken.tree.empty());
  EXPECT_EQ(read_folder_document(R"({"type":"Canvas","width":1,"height":1})", "manifest.json").problems.size(), 1U);
  EXPECT_EQ(read_folder_document(R"({"type":"Sofa"})", "manifest.json").problems.size(), 1U);
  EXPECT_EQ(read_folder_document("[]", "manifest.json").problems.size(), 1U);
  EXPECT_EQ(read_folder_document(std::string(100'000, '['), "manifest.json").problems.size(), 1U);

  catalogue::ManifestChange manifest{.identifier = "book"};
  const auto no_canvas =
      read_folder_document(R"({"type":"Manifest","label":{"en":["x"]},"items":[]})", "manifest.json");
  const auto laid = lay_document(no_canvas, place_of(), manifest);
  ASSERT_FALSE(laid);
  EXPECT_NE(laid.error().message.find("Canvas"), std::string::npos);
  EXPECT_TRUE(manifest.tree.empty());
}

TEST(FolderDocument, CollectionsNameWhatIsHere) {
  const auto document = read_folder_document(R"({"type":"Collection","id":"https://x/c","label":{"en":["Shelf"]},
      "items":[{"id":"https://x/m","type":"Manifest","label":{"en":["m"]}},{"id":"https://x/n","type":"Manifest","label":{"en":["n"]}}]})",
                                             "collection.json");
  DocumentPlace place = place_of(store::Kind::collection);
  place.known_item = [](const std::string& outside) {
    return outside == "https://x/m" ? std::string("/iiif/book~m/manifest") : std::string();
  };
  catalogue::CollectionChange collection{.identifier = "book"};
  ASSERT_TRUE(lay_document(document, place, collection));
  EXPECT_EQ(json::text_of(collection.tree.at("items").at(0).get_object(), "id"), "/iiif/book~m/manifest");
  EXPECT_EQ(json::text_of(collection.tree.at("items").at(1).get_object(), "id"), "https://x/n");
  EXPECT_EQ(collection.description.origins.at("label"), "collection.json");
}

}  // namespace
}  // namespace armarium::ingest
