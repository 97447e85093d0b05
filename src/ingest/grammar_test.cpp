#include "ingest/grammar.h"

#include <gtest/gtest.h>

#include "ingest/order.h"

namespace armarium::ingest {
namespace {

using Names = std::vector<std::string>;

FolderPlan plan(const Names& files, const Names& folders = {}, std::map<std::string, Names> inner = {},
                const Rules& rules = {}) {
  return plan_folder({.files = files, .folders = folders, .inner = std::move(inner), .pictures_by_content = {}}, rules);
}
Names shown(const FolderPlan& plan) {
  Names names;
  for (const CanvasPlan& canvas : plan.canvases) names.push_back(canvas.pictures.front());
  return names;
}

TEST(Grammar, EachBaseNameIsACanvasInNaturalOrder) {
  const FolderPlan found = plan({"p10.jpg", "p2.jpg", "p1.png", "notes.txt", "data.bin"});
  EXPECT_EQ(shown(found), (Names{"p1.png", "p2.jpg", "p10.jpg"}));
  EXPECT_TRUE(found.members.empty());
}

TEST(Grammar, RectoComesBeforeVersoAndCoversStandOutside) {
  EXPECT_EQ(shown(plan({"f2v.jpg", "f1v.jpg", "f2r.jpg", "f1r.jpg", "back-cover.jpg", "front-cover.jpg", "spine.jpg"})),
            (Names{"front-cover.jpg", "spine.jpg", "f1r.jpg", "f1v.jpg", "f2r.jpg", "f2v.jpg", "back-cover.jpg"}));
  EXPECT_EQ(shown(plan({"1 verso.jpg", "1 recto.jpg", "2 verso.jpg", "2 recto.jpg"})),
            (Names{"1 recto.jpg", "1 verso.jpg", "2 recto.jpg", "2 verso.jpg"}));
  EXPECT_EQ(shown(plan({"coin_back.jpg", "coin_front.jpg"})), (Names{"coin_front.jpg", "coin_back.jpg"}));
  EXPECT_EQ(shown(plan({"discover2.jpg", "a1.jpg"})), (Names{"a1.jpg", "discover2.jpg"}))
      << "a cover is a word of its own";
}

bool comes_before(std::string_view a, std::string_view b) { return OrderKey(a) < OrderKey(b); }

TEST(Grammar, OrderIsAStrictWeakOne) {
  const Names names = {"a",   "A",   "front", "back", "cover", "spine", "back cover", "p1",
                       "p01", "p10", "p2",    "1r",   "1v",    "",      "-"};
  for (const std::string& a : names) {
    EXPECT_FALSE(comes_before(a, a)) << a;
    for (const std::string& b : names) {
      EXPECT_EQ(a != b, comes_before(a, b) != comes_before(b, a)) << a << " " << b;
      for (const std::string& c : names) {
        EXPECT_TRUE(!comes_before(a, b) || !comes_before(b, c) || comes_before(a, c)) << a << " " << b << " " << c;
      }
    }
  }
}

TEST(Grammar, NamedOnesComeFirst) {
  EXPECT_EQ(shown(plan({"a.jpg", "b.jpg", "c.jpg"}, {}, {}, {.order = {"c", "b.jpg"}, .masters_public = false})),
            (Names{"c.jpg", "b.jpg", "a.jpg"}));
  EXPECT_EQ(plan({}, {"x", "y", "z"}, {}, {.order = {"z"}, .masters_public = false}).members, (Names{"z", "x", "y"}));
}

TEST(Grammar, TheAccessCopyIsShownAndTheMasterWithheld) {
  const FolderPlan found = plan({"p1.tif", "p1.jpg", "p2.tif"});
  ASSERT_EQ(found.canvases.size(), 2U);
  EXPECT_EQ(found.canvases[0].pictures, (Names{"p1.jpg"}));
  EXPECT_EQ(found.canvases[0].masters, (Names{"p1.tif"}));
  EXPECT_EQ(found.canvases[1].pictures, (Names{"p2.tif"})) << "without an access copy the master is shown";
  const FolderPlan open = plan({"p1.tif", "p1.jpg"}, {}, {}, {.order = {}, .masters_public = true});
  EXPECT_EQ(open.canvases[0].pictures, (Names{"p1.jpg", "p1.tif"}));
  EXPECT_EQ(plan({"p1.png", "p1.jp2", "p1.jpg"}).canvases[0].pictures, (Names{"p1.jpg", "p1.jp2", "p1.png"}));
}

TEST(Grammar, SuffixesTellFormatsApartOnlyWhereThereAreTwo) {
  const FolderPlan found = plan({"p1_master.tif", "p1_access.tif", "p2_access.jpg", "web.jpg", "p3-raw.jpg", "p3.jpg"});
  ASSERT_EQ(found.canvases.size(), 4U);
  EXPECT_EQ(found.canvases[0].stem, "p1");
  EXPECT_EQ(found.canvases[0].pictures, (Names{"p1_access.tif"}));
  EXPECT_EQ(found.canvases[0].masters, (Names{"p1_master.tif"}));
  EXPECT_EQ(found.canvases[1].stem, "p2_access");
  EXPECT_EQ(found.canvases[2].pictures, (Names{"p3.jpg"}));
  EXPECT_EQ(found.canvases[2].masters, (Names{"p3-raw.jpg"}));
}

TEST(Grammar, ParallelFoldersOfOneItem) {
  const FolderPlan found = plan({}, {"jpg", "tif", "alto"},
                                {{"jpg", {"p1.jpg", "p2.jpg"}}, {"tif", {"p1.tif", "p2.tif"}}, {"alto", {"p1.xml"}}});
  ASSERT_EQ(found.canvases.size(), 2U);
  EXPECT_EQ(found.canvases[0].pictures, (Names{"jpg/p1.jpg"}));
  EXPECT_EQ(found.canvases[0].masters, (Names{"tif/p1.tif"}));
  EXPECT_EQ(found.canvases[0].companions, (Names{"alto/p1.xml"}));
  EXPECT_TRUE(found.members.empty());
  const FolderPlan beside = plan({"p1.jpg"}, {"master", "tif"}, {{"master", {"p1.tif"}}, {"tif", {"else.tif"}}});
  EXPECT_EQ(beside.canvases[0].masters, (Names{"master/p1.tif"}));
  EXPECT_EQ(beside.members, (Names{"tif"})) << "nothing in it belongs to a page here";
}

TEST(Grammar, FoldersNamedAfterFormatsMayBeItems) {
  const FolderPlan found = plan({}, {"jp2", "tiff", "other"}, {{"jp2", {"a.jp2"}}, {"tiff", {"b.tif"}}});
  EXPECT_TRUE(found.canvases.empty());
  EXPECT_EQ(found.members, (Names{"jp2", "other", "tiff"}));
  const FolderPlan pages = plan({}, {"page"}, {{"page", {"1.jpg"}}});
  EXPECT_EQ(pages.members, (Names{"page"})) << "a folder of pictures is an item, whatever its name";
}

TEST(Grammar, CompanionsGoWithTheirFile) {
  const FolderPlan found =
      plan({"p1.jpg", "p1.xml", "p1.alto.xml", "p1.yml", "p2.jpg", "p2.jpg.yml", "p2.vtt", "info.yml", "readme.txt"},
           {"text"}, {{"text", {"p2.txt"}}});
  ASSERT_EQ(found.canvases.size(), 2U);
  EXPECT_EQ(found.canvases[0].companions, (Names{"p1.xml", "p1.alto.xml"}));
  EXPECT_EQ(found.canvases[0].description, "p1.yml");
  EXPECT_EQ(found.canvases[1].companions, (Names{"p2.vtt", "text/p2.txt"}));
  EXPECT_EQ(found.canvases[1].description, "p2.jpg.yml");
  EXPECT_EQ(found.part_folders, (Names{"text"}));
}

TEST(Grammar, TextsAreNeverPages) {
  const FolderPlan found = plan({"p1.jpg", "p2.xml", "p3.txt", "p4.json", "notes.html"}, {"alto", "ocr"},
                                {{"alto", {"p1.xml", "p9.xml"}}, {"ocr", {"p1.hocr"}}});
  ASSERT_EQ(found.canvases.size(), 1U);
  EXPECT_EQ(found.canvases[0].companions, (Names{"alto/p1.xml", "ocr/p1.hocr"}));
  EXPECT_TRUE(found.members.empty());
}

TEST(Grammar, BiiifCanvasFolders) {
  const FolderPlan found = plan(
      {"info.yml", "thumb.jpg"}, {"_p1", "_p2", "_notes"},
      {{"_p1", {"image.jpg", "info.yml", "comment.yml", "thumb.png"}}, {"_p2", {"image.png"}}, {"_notes", {"a.txt"}}});
  ASSERT_EQ(found.canvases.size(), 2U);
  EXPECT_EQ(found.canvases[0].pictures, (Names{"_p1/image.jpg"}));
  EXPECT_EQ(found.canvases[0].description, "_p1/info.yml");
  EXPECT_EQ(found.canvases[0].annotations, (Names{"_p1/comment.yml"}));
  EXPECT_EQ(found.canvases[1].pictures, (Names{"_p2/image.png"}));
  EXPECT_EQ(found.thumbnail, "thumb.jpg");
  EXPECT_EQ(found.members, (Names{"_notes"}));
}

TEST(Grammar, LitterIsPassedOver) {
  for (const char* name :
       {".hidden", "Thumbs.db", "desktop.ini", "!draft.jpg", "+generated.json", "page.jpg~", "copy.part", ""}) {
    EXPECT_TRUE(is_passed_over(name, false)) << name;
  }
  for (const char* name : {".armarium", "@eaDir", "lost+found", "__MACOSX", "!drafts", "+p1", ".git", "$RECYCLE.BIN"}) {
    EXPECT_TRUE(is_passed_over(name, true)) << name;
  }
  EXPECT_FALSE(is_passed_over("a+b!.jpg", false));
  EXPECT_FALSE(is_passed_over("part", true));
}

TEST(Grammar, NamesSayWhatTheyAre) {
  EXPECT_EQ(kind_of("A.JPG"), NameKind::picture);
  EXPECT_EQ(kind_of("a.hocr"), NameKind::text);
  EXPECT_EQ(kind_of("metadata.csv"), NameKind::description);
  EXPECT_EQ(kind_of("a.mp3"), NameKind::media);
  EXPECT_EQ(kind_of("README"), NameKind::other);
  EXPECT_EQ(kind_of("scan001"), NameKind::unknown);
  EXPECT_EQ(kind_of("scan.001"), NameKind::unknown);
}

TEST(Grammar, TakesTheFoldersThatADescriptionNames) {
  NameList names;
  names.folders = {"images", "other", "thumbs"};
  names.inner["images/max"] = {"p1.jpg", "p2.jpg"};
  names.inner["thumbs"] = {"p1.jpg", "p2.jpg"};
  const FolderPlan plan = plan_folder(names, {.parts = {{"images/max", false, 1}, {"thumbs", true, 0}}});
  ASSERT_EQ(plan.canvases.size(), 2U);
  EXPECT_EQ(plan.canvases[0].pictures, std::vector<std::string>{"images/max/p1.jpg"});
  EXPECT_EQ(plan.members, std::vector<std::string>{"other"});
}

}  // namespace
}  // namespace armarium::ingest
