#include "catalogue/overlay.h"

#include <gtest/gtest.h>

namespace armarium::catalogue {
namespace {

TEST(MovedIds, FollowTheItemAndWhatIsBelowIt) {
  EXPECT_EQ(moved_identifier("old", "old", "shelf~new"), "shelf~new");
  EXPECT_EQ(moved_identifier("old~p1", "old", "new"), "new~p1");
  EXPECT_EQ(moved_identifier("old=i0c31", "old", "new"), "new=i0c31");
  EXPECT_EQ(moved_identifier("older~p1", "old", "new"), "older~p1");
  EXPECT_EQ(moved_identifier("an~old", "old", "new"), "an~old");
}

TEST(MovedIds, InEachAddressOfTheModel) {
  const auto id = [](std::string_view text) { return moved_id(text, "m\xC3\xBC", "new"); };
  EXPECT_EQ(id("/iiif/canvas/m%C3%BC~p1#xywh=0,0,1,1"), "/iiif/canvas/new~p1#xywh=0,0,1,1");
  EXPECT_EQ(id("/iiif/m%C3%BC/manifest"), "/iiif/new/manifest");
  EXPECT_EQ(id("/iiif/m%C3%BC~a/collection"), "/iiif/new~a/collection");
  EXPECT_EQ(id("/iiif/image/3/m%C3%BC~p1/full/max/0/default.jpg"), "/iiif/image/3/new~p1/full/max/0/default.jpg");
  EXPECT_EQ(id("/item/m%C3%BC"), "/item/new");
  EXPECT_EQ(id("/media/m%C3%BC~p1/m%C3%BC.tif"), "/media/new~p1/m%C3%BC.tif") << "a file keeps its name";
  EXPECT_EQ(id("https://elsewhere.example/iiif/canvas/m%C3%BC"), "https://elsewhere.example/iiif/canvas/m%C3%BC");
}

TEST(MovedIds, NoWordOfTheAddressesIsAnItem) {
  EXPECT_EQ(moved_id("/iiif/canvas/canvas~p1", "canvas", "new"), "/iiif/canvas/new~p1");
  EXPECT_EQ(moved_id("/iiif/collection", "collection", "new"), "/iiif/collection");
  EXPECT_EQ(moved_id("/iiif/canvas/a", "canvas", "new"), "/iiif/canvas/a");
}

}  // namespace
}  // namespace armarium::catalogue
