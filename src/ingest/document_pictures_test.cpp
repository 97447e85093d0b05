#include "ingest/document_pictures.h"

#include <gtest/gtest.h>

#include "iiif/presentation/read_document.h"
#include "iiif/presentation/tree.h"

namespace armarium::ingest {
namespace {

using Names = std::vector<std::string>;

catalogue::ManifestChange folder_of(const Names& files) {
  catalogue::ManifestChange folder;
  for (const std::string& file : files) {
    catalogue::Asset asset;
    asset.identifier = "book~" + file.substr(0, file.find('.'));
    asset.path = "book/" + file;
    asset.size = {60, 40};
    catalogue::Canvas canvas;
    canvas.identifier = asset.identifier;
    canvas.extent = asset.size;
    canvas.assets.push_back(std::move(asset));
    folder.canvases.push_back(std::move(canvas));
  }
  return folder;
}

// A Manifest of Canvases that paint the pictures of these addresses ("": none).
json::Object manifest_of(const Names& addresses, const Names& labels = {}) {
  json::Array canvases;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::string id = "https://old.example/canvas/" + std::to_string(i);
    json::Object canvas{{"id", id}, {"type", "Canvas"}, {"height", 400}, {"width", 600}};
    if (i < labels.size()) canvas["label"] = json::Object{{"none", json::Array{labels[i]}}};
    json::Array annotations;
    if (!addresses[i].empty()) {
      annotations.emplace_back(json::Object{{"type", "Annotation"},
                                            {"motivation", "painting"},
                                            {"body", json::Object{{"id", addresses[i]}, {"type", "Image"}}},
                                            {"target", id}});
    }
    canvas["items"] = json::Array{json::Object{{"type", "AnnotationPage"}, {"items", std::move(annotations)}}};
    canvases.emplace_back(std::move(canvas));
  }
  const json::Object document{{"type", "Manifest"}, {"items", std::move(canvases)}};
  return iiif::presentation::read_document(document)->tree;
}

// The places of the folder's Canvases as text: "1-0" for the second, none, the first.
std::string matched(const Names& addresses, const Names& files, const Names& labels = {}) {
  json::Object tree = manifest_of(addresses, labels);
  std::string out;
  for (const auto& own : match_pictures(tree, folder_of(files)).own) out += own ? std::to_string(*own) : "-";
  return out;
}

TEST(DocumentPictures, NamesInAnAddress) {
  EXPECT_EQ(names_in_address("https://host/iiif/2/box%2Fp1.jp2/full/max/0/default.jpg"),
            (Names{"box/p1.jp2", "p1.jp2", "p1"}));
  EXPECT_EQ(names_in_address("https://host/iiif/3/p1/info.json"), (Names{"p1"}));
  EXPECT_EQ(names_in_address("https://host/pictures/p1.jpg?size=large#xywh=1,2,3,4"), (Names{"p1.jpg", "p1"}));
  EXPECT_EQ(names_in_address("p1.jpg"), (Names{"p1.jpg", "p1"}));
  EXPECT_EQ(names_in_address("https://host/p%ZZ.jpg/"), (Names{"p%ZZ.jpg", "p%ZZ"}));
  EXPECT_EQ(names_in_address("https://host/iip?IIIF=/srv/p1.tif/full/max/0/default.jpg"), (Names{"p1.tif", "p1"}));
  EXPECT_EQ(names_in_address(""), Names{});
}

TEST(DocumentPictures, ByAddressThenLabelThenOrder) {
  EXPECT_EQ(matched({"https://x/p2.jpg", "https://x/other.jpg", "https://x/p1.jpg"}, {"p1.png", "p2.png"}), "1-0");
  EXPECT_EQ(matched({"https://x/1.jpg", ""}, {"p1.png", "p2.png", "p3.png"}, {"p3.png", "p1"}), "20");
  EXPECT_EQ(matched({"https://x/1.jpg", "https://x/2.jpg"}, {"a.png", "b.png"}), "01");
  EXPECT_EQ(matched({"https://x/1.jpg", "https://x/2.jpg"}, {"a.png", "b.png", "c.png"}), "--");
  // One that stands elsewhere says that the order is not the folder's.
  EXPECT_EQ(matched({"https://x/1.jpg", "https://x/a.jpg", "https://x/3.jpg"}, {"a.png", "b.png", "c.png"}), "-0-");
  EXPECT_EQ(matched({"https://x/a.jpg", "https://x/2.jpg", "https://x/3.jpg"}, {"a.png", "b.png", "c.png"}), "012");
}

TEST(DocumentPictures, APictureIsOneCanvas) {
  json::Object tree = manifest_of({"https://x/a.jpg", "https://x/a.jpg"});
  const PictureMatch match = match_pictures(tree, folder_of({"a.png", "b.png"}));
  EXPECT_EQ(match.own[0], std::size_t{0});
  EXPECT_FALSE(match.own[1]);
  EXPECT_EQ(match.left, std::vector<std::size_t>{1});
  const std::string text = json::to_text(json::Value(tree));
  EXPECT_EQ(text.find("book~b"), std::string::npos);
  // Both paint it.
  const std::string mark = R"("@picture":"book~a")";
  EXPECT_LT(text.find(mark), text.find("canvas/1")) << text;
  EXPECT_GT(text.rfind(mark), text.find("canvas/1")) << text;
}

TEST(DocumentPictures, ACanvasWithoutExtentHasItsPictures) {
  json::Object tree = manifest_of({"https://x/a.jpg"});
  json::Object& canvas = tree["items"].get_array()[0].get_object();
  canvas.stable_erase("width");
  canvas.stable_erase("height");
  match_pictures(tree, folder_of({"a.png"}));
  EXPECT_EQ(canvas.at("width").to_number<int>(), 60);
  EXPECT_EQ(canvas.at("height").to_number<int>(), 40);
}

TEST(DocumentPictures, OddShapesStopNothing) {
  for (const char* text : {R"({"type":"Manifest"})", R"({"type":"Manifest","items":[1,"x",null,{}]})",
                           R"({"type":"Manifest","items":[{"type":"Canvas","items":[{"items":[{"motivation":7}]}]}]})",
                           R"({"type":"Manifest","items":{"type":"Canvas"},"thumbnail":"x"})"}) {
    json::Object tree = json::parse(text)->get_object();
    const std::size_t items = match_pictures(tree, folder_of({"a.png"})).own.size();
    EXPECT_LE(items, 4U) << text;
  }
}

}  // namespace
}  // namespace armarium::ingest
