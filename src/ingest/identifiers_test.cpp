#include "ingest/identifiers.h"

#include <gtest/gtest.h>

namespace armarium::ingest {
namespace {

TEST(Identifiers, FoldersAreJoinedByTildes) {
  EXPECT_EQ(folder_identifier(""), "");
  EXPECT_EQ(folder_identifier("maps"), "maps");
  EXPECT_EQ(folder_identifier("maps/england/north"), "maps~england~north");
  EXPECT_EQ(folder_identifier("vol. 1.2"), "vol. 1.2") << "a folder has no extension";
}

TEST(Identifiers, FilesLoseOneExtension) {
  EXPECT_EQ(file_identifier("maps/england.tif"), "maps~england");
  EXPECT_EQ(file_identifier("maps/p.1.TIF"), "maps~p.1");
  EXPECT_EQ(file_identifier("maps/slide"), "maps~slide");
  EXPECT_EQ(file_identifier("maps/scan.001"), "maps~scan.001") << "what is no known ending belongs to the name";
  EXPECT_EQ(full_file_identifier("maps/p.1.TIF"), "maps~p.1.TIF");
  EXPECT_EQ(page_identifier("maps~england", 12), "maps~england=p12");
}

TEST(Identifiers, OurSignsAreEscaped) {
  EXPECT_EQ(segment_of("a~b=c"), "a=7Eb=3Dc");
  EXPECT_EQ(file_identifier("a~b/c=p3.png"), "a=7Eb~c=3Dp3") << "a name must not look like a page";
}

TEST(Identifiers, NamesAreComposedAndKeepTheirCase) {
  EXPECT_EQ(segment_of("Mu\xCC\x88nchen"), "M\xC3\xBCnchen");
  EXPECT_EQ(segment_of("M\xC3\xBCnchen"), "M\xC3\xBCnchen");
  EXPECT_EQ(segment_of("\xE3\x83\xA9"), "\xE3\x83\xA9");
}

TEST(Identifiers, BytesThatAreNoTextAreEscapedOneByOne) {
  EXPECT_EQ(segment_of("M\xFCnchen"), "M=FCnchen");
  EXPECT_EQ(segment_of("\xFF\xFE"), "=FF=FE");
  EXPECT_EQ(segment_of("a\xC3"), "a=C3");
  EXPECT_EQ(segment_of("\xED\xA0\x80x"), "=ED=A0=80x") << "a surrogate is no UTF-8";
  EXPECT_EQ(segment_of("\xFFu\xCC\x88"), "=FF\xC3\xBC");
}

TEST(Identifiers, TheRootsManifestKeepsItsName) {
  EXPECT_EQ(folder_identifier("_"), "=5F");
  EXPECT_EQ(file_identifier("_.png"), "=5F");
  EXPECT_EQ(folder_identifier("a/_"), "a~_");
  EXPECT_EQ(parse_identifier("=5F")->path, "_");
  EXPECT_EQ(parse_identifier("_")->path, "");
}

TEST(Identifiers, LongOnesBecomeAHash) {
  const std::string name(200, 'n');
  std::string path = name;
  for (int i = 0; i < 6; ++i) path += "/" + name;
  const std::string identifier = folder_identifier(path);
  EXPECT_EQ(identifier.size(), 34U);
  EXPECT_TRUE(is_hash(identifier));
  EXPECT_FALSE(parse_identifier(identifier));
  EXPECT_NE(identifier, folder_identifier(path + "x"));
  EXPECT_EQ(folder_identifier(std::string(1024, 'n')).size(), 1024U);
  EXPECT_TRUE(is_hash(folder_identifier(std::string(1025, 'n'))));
}

TEST(Identifiers, GoThereAndBack) {
  for (const std::string path : {"a", "a/b", "a~b/c=d", "_x", "a/_", "M\xFCnchen/\xFF", "a b/c%2Fd",
                                 "\xE3\x83\xA9/\xC3\xBC", "x=p3", "=", "~"}) {
    const auto parsed = parse_identifier(folder_identifier(path));
    ASSERT_TRUE(parsed) << path;
    EXPECT_EQ(parsed->path, path);
    EXPECT_FALSE(parsed->page);
    const auto page = parse_identifier(page_identifier(folder_identifier(path), 7));
    ASSERT_TRUE(page) << path;
    EXPECT_EQ(page->path, path);
    EXPECT_EQ(page->page, 7U);
  }
}

TEST(Identifiers, NoneIsAWordOfTheAddresses) {
  for (const std::string word : {"canvas", "range", "collection", "page", "content-state"}) {
    const std::string identifier = folder_identifier(word);
    EXPECT_NE(identifier, word);
    EXPECT_FALSE(is_reserved(identifier));
    const auto parsed = parse_identifier(identifier);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->path, word);
    EXPECT_EQ(folder_identifier("a/" + word), "a~" + word) << "only alone";
  }
  EXPECT_EQ(folder_identifier("canvas"), "=63anvas");
  EXPECT_EQ(folder_identifier("manifest"), "manifest");
  EXPECT_EQ(folder_identifier("image"), "image") << "a version follows it in addresses";
}

TEST(Identifiers, NothingLeadsOutOfTheFolder) {
  for (const std::string text :
       {"..", "a~..", ".",    "=2E=2E", "a~=2E=2E~b", "=2Fetc", "a=00b", "a~~b", "~a",    "a~",
        "a=", "a=7",  "a=7e", "a=ZZ",   "a=p0",       "a=p",    "a=p01", "a=px", "a=p-1", "a=p99999999999"}) {
    EXPECT_FALSE(parse_identifier(text)) << text;
  }
}

TEST(Identifiers, PartsOfAPath) {
  EXPECT_EQ(stem_of("a.tar.gz"), "a.tar");
  EXPECT_EQ(stem_of(".hidden"), ".hidden");
  EXPECT_EQ(extension_of("A.TIFF"), "tiff");
  EXPECT_EQ(extension_of("none"), "");
  EXPECT_EQ(name_of("a/b/c.png"), "c.png");
  EXPECT_EQ(parent_of("a/b/c.png"), "a/b");
  EXPECT_EQ(parent_of("c.png"), "");
  EXPECT_EQ(join("", "c"), "c");
  EXPECT_EQ(join("a", "c"), "a/c");
}

}  // namespace
}  // namespace armarium::ingest
