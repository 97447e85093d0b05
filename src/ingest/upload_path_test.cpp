#include "ingest/upload_path.h"

#include <gtest/gtest.h>

namespace armarium::ingest {
namespace {

using namespace std::string_view_literals;

std::string path_of(std::string_view folder, std::string_view name) {
  const auto path = upload_path(folder, name);
  return path ? *path : "refused";
}

TEST(UploadPath, JoinsWhatIsPlain) {
  EXPECT_EQ(path_of("", "p1.tif"), "p1.tif");
  EXPECT_EQ(path_of("maps", "p1.tif"), "maps/p1.tif");
  EXPECT_EQ(path_of("maps/atlas of 1620/", "blatt 1.jpg"), "maps/atlas of 1620/blatt 1.jpg");
  EXPECT_EQ(path_of("a", "info.yml"), "a/info.yml");
  EXPECT_EQ(path_of("a", "fu\xCC\x88r.jpg"), "a/f\xC3\xBCr.jpg");  // NFC
}

TEST(UploadPath, NothingLeadsElsewhere) {
  for (const std::string_view name : {""sv, "."sv, ".."sv, ".hidden"sv, "a/b"sv, "a\\b"sv, "a\0b"sv, "a\nb"sv, "\x7F"sv,
                                      "\xFF.jpg"sv, " a"sv, "a "sv})
    EXPECT_EQ(path_of("", name), "refused") << name;
  for (const std::string_view folder :
       {"/"sv, "/etc"sv, ".."sv, "a/../b"sv, "a//b"sv, "a/."sv, ".armarium"sv, "a/.git"sv, "a\\b"sv, "a\0"sv})
    EXPECT_EQ(path_of(folder, "p1.tif"), "refused") << folder;
}

TEST(UploadPath, RefusesWhatNoScanLooksAt) {
  for (const std::string_view name :
       {"Thumbs.db"sv, "x.tif~"sv, "x.tmp"sv, "x.part"sv, "!x.tif"sv, "+x.tif"sv, "written.yml"sv, "fox.written.yml"sv})
    EXPECT_EQ(path_of("", name), "refused") << name;
  EXPECT_EQ(path_of("@eaDir", "x.tif"), "refused");
  EXPECT_EQ(path_of("!drafts", "x.tif"), "refused");
}

TEST(UploadPath, HasLimits) {
  EXPECT_NE(path_of("", std::string(251, 'a') + ".tif"), "refused");
  EXPECT_EQ(path_of("", std::string(252, 'a') + ".tif"), "refused");
  std::string deep = "a";
  for (std::size_t i = 1; i < kDeepestFolder; ++i) deep += "/a";
  EXPECT_NE(path_of(deep, "p.tif"), "refused");
  EXPECT_EQ(path_of(deep + "/a", "p.tif"), "refused");
  const std::string wide = std::string(250, 'a') + '/' + std::string(250, 'b') + '/' + std::string(250, 'c');
  EXPECT_NE(path_of(wide, std::string(250, 'd')), "refused");
  EXPECT_EQ(path_of(wide + '/' + std::string(250, 'e'), std::string(250, 'd')), "refused");
}

}  // namespace
}  // namespace armarium::ingest
