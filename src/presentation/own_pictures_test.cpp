#include "presentation/own_pictures.h"

#include <gtest/gtest.h>

namespace armarium::presentation {
namespace {

json::Object put(std::string_view text, catalogue::AssetState state = catalogue::AssetState::ready) {
  catalogue::Asset asset;
  asset.identifier = "book~p1";
  asset.size = {600, 400};
  asset.state = state;
  json::Object tree = json::parse(text)->get_object();
  put_own_pictures(tree, [&](std::string_view name) { return name == "book~p1" ? &asset : nullptr; });
  return tree;
}

constexpr const char* kPainting =
    R"({"body":{"id":"https://x/p1.jpg","type":"Image","@picture":"book~p1","label":{"en":["One"]},"service":[]}})";

TEST(OwnPictures, TakeThePlaceOfWhatIsMarked) {
  const json::Object tree = put(kPainting);
  const json::Object& body = tree.at("body").get_object();
  EXPECT_EQ(json::text_of(body, "id"), "/iiif/image/3/book~p1/full/max/0/default.jpg");
  EXPECT_EQ(body.at("width").to_number<int>(), 600);
  EXPECT_EQ(body.at("service").get_array().size(), 2U);
  EXPECT_EQ(body.at("label").at("en").at(0), json::Value("One"));
  EXPECT_FALSE(body.contains("@picture"));
}

TEST(OwnPictures, WhatCannotBeShownStaysElsewhere) {
  const json::Object tree = put(kPainting, catalogue::AssetState::damaged);
  EXPECT_EQ(json::text_of(tree.at("body").get_object(), "id"), "https://x/p1.jpg");
  EXPECT_FALSE(tree.at("body").get_object().contains("@picture"));
}

TEST(OwnPictures, Thumbnails) {
  constexpr const char* kText = R"({"a":{"thumbnail":[{"type":"Image","@picture":"book~p1","@thumbnail":true}]},
      "b":{"thumbnail":[{"type":"Image","@picture":"other","@thumbnail":true}]}})";
  const json::Object tree = put(kText);
  const json::Object& image = tree.at("a").at("thumbnail").at(0).get_object();
  EXPECT_LE(image.at("width").to_number<int>(), 300);
  EXPECT_FALSE(image.contains("@thumbnail"));
  EXPECT_TRUE(tree.at("b").get_object().empty());  // nothing to show, so no such property
}

}  // namespace
}  // namespace armarium::presentation
