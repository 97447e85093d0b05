#include "catalogue/takedowns.h"

#include <gtest/gtest.h>

namespace armarium::catalogue {
namespace {

Takedowns of(std::initializer_list<const char*> names) {
  std::vector<store::TakedownRow> rows;
  for (const char* name : names) rows.push_back({.identifier = name, .cause = name});
  return Takedowns(std::move(rows));
}

json::Object parsed(std::string_view text) { return json::parse(text)->get_object(); }

TEST(TakedownsTest, ANameStandsForAllThatLiesBelowIt) {
  const Takedowns all = of({"book", "shelf~one", "film=p2"});
  for (const char* name : {"book", "book~p1", "book~a~b", "book=p3", "book=r1.2", "book~p1=a1", "book=i0c31",
                           "shelf~one~p1", "film=p2", "film=p2=a1"})
    EXPECT_TRUE(all.holds(name)) << name;
  for (const char* name : {"", "boo", "books", "book-2", "book.1", "shelf", "shelf~two", "film", "film=p20", "film=p1",
                           "book=3Dother", "book=7Eother"})  // a byte of a name
    EXPECT_FALSE(all.holds(name)) << name;
  EXPECT_EQ(all.find("book~p1")->identifier, "book");
  EXPECT_FALSE(Takedowns().holds("book"));
}

TEST(TakedownsTest, AFileGoesWithEachOfItsPages) {
  const Takedowns all = of({"film=p2"});
  EXPECT_TRUE(all.holds_part_of_file("film"));
  EXPECT_TRUE(all.holds_part_of_file("film=p1"));
  EXPECT_FALSE(all.holds_part_of_file("films=p1"));
  EXPECT_FALSE(of({"film=x"}).holds_part_of_file("film"));
}

TEST(TakedownsTest, FindsWhatAnAddressNames) {
  const Takedowns all = of({"book", "ark:/1/x"});
  for (const char* address :
       {"/iiif/book/manifest", "/iiif/presentation/2/book/manifest", "/iiif/canvas/book~p1#xywh=1,2,3,4",
        "/iiif/image/3/book~p1/full/max/0/default.jpg", "/iiif/image/2/book~p1", "/item/book?canvas=2",
        "/media/book~p1/p1.jpg", "/iiif/range/book=r1", "/iiif/annotation/book~p1=a1", "/iiif/page/book~p1",
        "/iiif/ark%3A%2F1%2Fx/manifest", "/iiif/book/collection/2"})
    EXPECT_NE(all.find_address(address), nullptr) << address;
  for (const char* address : {"", "/", "/iiif", "/iiif/collection", "/iiif/canvas/books~p1",
                              "https://x/iiif/book/manifest", "/iiif/canvas/%zz", "book"})
    EXPECT_EQ(all.find_address(address), nullptr) << address;
}

TEST(TakedownsTest, PrunesWhatIsShowsOrSpeaksOfIt) {
  const Takedowns all = of({"book"});
  json::Object tree = parsed(R"({
    "id": "/iiif/show/manifest", "label": {"en": ["/iiif/book/manifest is only said"]},
    "partOf": [{"id": "/iiif/book/collection", "type": "Collection"}, {"id": "/iiif/other/collection", "type": "Collection"}],
    "start": {"id": "/iiif/canvas/book~p1", "type": "Canvas"},
    "items": [{"id": "/iiif/canvas/show=i1", "type": "Canvas", "items": [{"id": "/iiif/page/show=i2", "type": "AnnotationPage", "items": [
      {"id": "/iiif/annotation/show=i3", "type": "Annotation", "target": {"id": "/iiif/canvas/show=i1"},
       "body": {"id": "https://x/a.jpg", "type": "Image", "service": [{"id": "/iiif/image/3/book~p1", "type": "ImageService3"}]}},
      {"id": "/iiif/annotation/show=i4", "type": "Annotation", "target": {"id": "/iiif/canvas/show=i1"}, "body": {"id": "https://x/b.jpg"}}]}]}],
    "structures": [{"id": "/iiif/range/show=i5", "type": "Range", "items": [{"id": "/iiif/canvas/book~p1", "type": "Canvas"}]}]})");
  EXPECT_TRUE(all.prune(tree));
  const std::string text = json::to_text(tree);
  EXPECT_EQ(text.find("book~p1"), std::string::npos) << text;
  EXPECT_EQ(text.find("book/collection"), std::string::npos) << text;
  EXPECT_EQ(text.find("show=i3"), std::string::npos) << text;
  EXPECT_FALSE(tree.contains("start"));
  for (const char* kept : {"only said", "show=i4", "show=i5", "other/collection"})
    EXPECT_NE(text.find(kept), std::string::npos) << kept;
  EXPECT_FALSE(all.prune(tree)) << "there is nothing left to prune";
}

TEST(TakedownsTest, SaysTheReasonOnlyWhereOneWasGiven) {
  EXPECT_EQ(withheld({.identifier = "book"}).code, base::ErrorCode::withheld);
  EXPECT_EQ(withheld({.identifier = "book"}).message.find("Reason"), std::string::npos);
  EXPECT_NE(withheld({.identifier = "book", .reason = "A court said so."}).message.find("A court said so."),
            std::string::npos);
}

}  // namespace
}  // namespace armarium::catalogue
