#include "ingest/readers/mets.h"

#include <gmock/gmock.h>

#include <map>

#include <fmt/format.h>

#include "ingest/readers/alto_areas.h"
#include "ingest/readers/mets_file.h"
#include "ingest/readers/mets_ranges.h"
#include "ingest/readers/mets_records.h"

namespace armarium::ingest::readers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A folder in memory.
struct Folder {
  std::map<std::string, std::string> files{};
  std::vector<std::string> folders{};

  Described read(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& [below, bytes] : files) names.push_back(below);
    const std::string& bytes = files.at(name);
    return read_mets({.name = name,
                      .bytes = bytes,
                      .root = xml::sniff(base::as_bytes(bytes)),
                      .crosswalk = *Crosswalk::standard(),
                      .files = names,
                      .folders = folders,
                      .sibling = [this](const std::string& below) -> base::Result<std::string> {
                        const auto found = files.find(below);
                        if (found == files.end()) return base::fail(base::ErrorCode::not_found, "None.");
                        return found->second;
                      }});
  }
};

std::string mets(const std::string& inside, const std::string& attributes = {}) {
  return fmt::format(
      "<m:mets xmlns:m='http://www.loc.gov/METS/' xmlns:xlink='http://www.w3.org/1999/xlink' "
      "xmlns:mods='http://www.loc.gov/mods/v3' {}>{}</m:mets>",
      attributes, inside);
}

std::string file(const std::string& id, const std::string& href, const std::string& type = "image/jpeg") {
  return fmt::format("<m:file ID='{}' MIMETYPE='{}'><m:FLocat LOCTYPE='URL' xlink:href='{}'/></m:file>", id, type,
                     href);
}

const char* const kPages =
    "<m:structMap TYPE='PHYSICAL'><m:div ID='P0' TYPE='physSequence'><m:fptr FILEID='ALL'/>"
    "<m:div ID='P2' ORDER='2' ORDERLABEL='ii' TYPE='page'><m:fptr FILEID='T2'/><m:fptr FILEID='X2'/></m:div>"
    "<m:div ID='P1' ORDER='1' ORDERLABEL=' - ' TYPE='page'><m:fptr FILEID='T1'/><m:fptr FILEID='X1'/>"
    "<m:fptr FILEID='A1'/></m:div></m:div></m:structMap>";

std::string two_pages() {
  return "<m:fileSec><m:fileGrp USE='THUMBS'>" + file("T1", "http://h/thumbs/1.jpg") + file("T2", "http://h/t/2.jpg") +
         "</m:fileGrp><m:fileGrp USE='MAX'>" + file("X1", "file:///opt/work/images/1.tif", "image/tiff") +
         file("X2", "http://h/max/2.jpg") + "</m:fileGrp><m:fileGrp USE='FULLTEXT'>" +
         file("A1", "./alto/1.xml", "text/xml") + "</m:fileGrp><m:fileGrp USE='DOWNLOAD'>" +
         file("ALL", "all.pdf", "application/pdf") + "</m:fileGrp></m:fileSec>" + kPages;
}

std::string text_at(const json::Value& value, std::string_view pointer) {
  boost::system::error_code failed;
  const json::Value* found = value.find_pointer(pointer, failed);
  return found == nullptr ? "" : found->is_string() ? std::string(found->get_string()) : json::to_text(*found);
}

TEST(Mets, GivesPagesInOrderWithTheirPictures) {
  const Folder folder{{{"m.xml", mets(two_pages(), "LABEL='A book'")},
                       {"images/1.jp2", ""},
                       {"alto/1.xml", "<alto/>"},
                       {"all.pdf", ""}},
                      {}};
  const Described described = folder.read("m.xml");
  const json::Value tree(described.tree);
  EXPECT_EQ(text_at(tree, "/label/none/0"), "A book");
  EXPECT_EQ(text_at(tree, "/items/0/label/none/0"), "[1]");
  EXPECT_EQ(text_at(tree, "/items/1/label/none/0"), "ii");
  EXPECT_EQ(text_at(tree, "/items/0/items/0/items/0/body/id"), part_id("picture", "images/1.jp2"));
  EXPECT_EQ(text_at(tree, "/items/1/items/0/items/0/body/id"), "http://h/max/2.jpg");
  EXPECT_EQ(text_at(tree, "/items/0/seeAlso/0/id"), file_id("alto/1.xml"));
  EXPECT_EQ(text_at(tree, "/rendering/0/id"), file_id("all.pdf"));
  EXPECT_TRUE(described.problems.empty());
}

TEST(Mets, MakesRangesOfTheLogicalStructure) {
  const std::string logical =
      "<m:structMap TYPE='LOGICAL'><m:div ID='L0' TYPE='Monograph' LABEL='Book'>"
      "<m:div ID='L1' TYPE='TitlePage'/><m:div ID='L2' TYPE='Chapter' LABEL='One'><m:div ID='L3' LABEL='Deep'/></m:div>"
      "<m:div ID='L4' LABEL='Not here'/></m:div></m:structMap>"
      "<m:structLink><m:smLink xlink:from='L0' xlink:to='P0'/><m:smLink xlink:from='L1' xlink:to='P1'/>"
      "<m:smLink xlink:from='L2' xlink:to='P1'/><m:smLink xlink:from='L2' xlink:to='P2'/>"
      "<m:smLink xlink:from='L3' xlink:to='P2'/><m:smLink xlink:from='L3' xlink:to='P9'/></m:structLink>";
  const json::Value tree(Folder{{{"m.xml", mets(two_pages() + logical)}}, {}}.read("m.xml").tree);
  EXPECT_EQ(text_at(tree, "/structures/0/label/en/0"), "Title page");
  EXPECT_EQ(text_at(tree, "/structures/1/label/none/0"), "One");
  EXPECT_EQ(text_at(tree, "/structures/1/items/0/id"), part_id("canvas", "P1"));
  EXPECT_EQ(text_at(tree, "/structures/1/items/1/label/none/0"), "Deep");
  EXPECT_EQ(text_at(tree, "/structures/1/items/1/items/0/id"), part_id("canvas", "P2"));
  EXPECT_EQ(text_at(tree, "/structures/1/items/2"), "");
  EXPECT_EQ(text_at(tree, "/structures/2"), "");
}

TEST(Mets, GivesArticlesTheRegionsOfTheirBlocks) {
  const std::string logical =
      "<m:structMap TYPE='LOGICAL'><m:div TYPE='Newspaper'><m:div TYPE='ISSUE'><m:div ID='A' TYPE='ARTICLE' "
      "LABEL='News'><m:div TYPE='HEADLINE'><m:fptr><m:area FILEID='A1' BETYPE='IDREF' BEGIN='B1'/></m:fptr></m:div>"
      "<m:div TYPE='TEXTBLOCK'><m:fptr><m:area FILEID='A1' BETYPE='IDREF' BEGIN='B2'/></m:fptr></m:div>"
      "<m:div TYPE='TEXTBLOCK'><m:fptr><m:area FILEID='A1' BETYPE='IDREF' BEGIN='B3'/></m:fptr></m:div>"
      "</m:div></m:div></m:div></m:structMap>";
  const std::string alto =
      "<alto xmlns='http://www.loc.gov/standards/alto/ns-v2#'><Layout><Page WIDTH='1000' HEIGHT='2000'><PrintSpace>"
      "<TextBlock ID='B1' HPOS='100' VPOS='100' WIDTH='300' HEIGHT='50'/>"
      "<TextBlock ID='B2' HPOS='100' VPOS='160' WIDTH='300' HEIGHT='400'/>"
      "<TextBlock ID='B3'><TextLine HPOS='600' VPOS='100.0' WIDTH='300' HEIGHT='20'/></TextBlock>"
      "</PrintSpace></Page></Layout></alto>";
  const json::Value tree(Folder{
      {{"m.xml", mets(two_pages() + logical, "TYPE='Newspaper' LABEL='News of 1871-05-06'")}, {"alto/1.xml", alto}}, {}}
                             .read("m.xml")
                             .tree);
  EXPECT_EQ(text_at(tree, "/navDate"), "1871-05-06T00:00:00Z");
  EXPECT_EQ(text_at(tree, "/structures/0/items/0/id"), part_id("canvas", "P1") + "#xywh=100.00,100.00,300.00,460.00");
  EXPECT_EQ(text_at(tree, "/structures/0/items/1/id"), part_id("canvas", "P1") + "#xywh=600.00,100.00,300.00,20.00");
  EXPECT_EQ(text_at(tree, "/structures/0/items/2"), "");
  EXPECT_EQ(text_at(tree, "/items/0/regionSpace"), "[1000.0,2000.0]");
}

std::string pointer(const std::string& href, const std::string& more = {}) {
  return fmt::format("<m:div LABEL='{0}' {1}><m:mptr LOCTYPE='URL' xlink:href='{0}'/></m:div>", href, more);
}

TEST(Mets, ListsTheSubfoldersThatItRefersTo) {
  const std::string text = mets("<m:structMap TYPE='LOGICAL'><m:div TYPE='newspaper' LABEL='Year'>" +
                                pointer("d1/m.xml", "ORDERLABEL='1871-05-06'") + pointer("https://e.org/m.xml") +
                                pointer("gone.xml") + "</m:div></m:structMap>");
  const Described described = Folder{{{"m.xml", text}}, {"d1"}}.read("m.xml");
  const json::Value tree(described.tree);
  EXPECT_EQ(text_at(tree, "/type"), "Collection");
  EXPECT_EQ(text_at(tree, "/items/0/id"), folder_id("d1"));
  EXPECT_EQ(text_at(tree, "/items/0/navDate"), "1871-05-06T00:00:00Z");
  EXPECT_EQ(text_at(tree, "/items/1"), "");
  ASSERT_EQ(described.problems.size(), 2U);
  EXPECT_THAT(described.problems[0].reason, HasSubstr("gone.xml"));
  EXPECT_THAT(described.problems[1].reason, HasSubstr("elsewhere"));
}

TEST(Mets, TakesInTheVolumesBesideIt) {
  const std::string up =
      "<m:structMap TYPE='LOGICAL'><m:div TYPE='MultiVolumeWork'><m:mptr xlink:href='w.xml'/>"
      "<m:div ID='V' LABEL='Volume'/></m:div></m:structMap>";
  const Folder folder{{{"w.xml", mets("<m:structMap TYPE='LOGICAL'><m:div LABEL='Work' TYPE='MultiVolumeWork'>" +
                                      pointer("v1.xml") + pointer("v2.xml") + "</m:div></m:structMap>")},
                       {"v1.xml", mets(up + two_pages())},
                       {"v2.xml", mets(up + two_pages())}},
                      {}};
  const Described work = folder.read("w.xml");
  EXPECT_THAT(work.inside, ElementsAre("v1.xml", "v2.xml"));
  const json::Value tree(work.tree);
  EXPECT_EQ(tree.at("items").as_array().size(), 4U);
  EXPECT_NE(text_at(tree, "/items/0/id"), text_at(tree, "/items/2/id"));
  EXPECT_EQ(text_at(tree, "/structures/1/label/none/0"), "v2.xml");
  EXPECT_EQ(tree.at("structures").at(1).at("items").as_array().size(), 2U);
  const Described volume = folder.read("v1.xml");
  EXPECT_TRUE(volume.tree.empty());
  EXPECT_THAT(volume.inside, ElementsAre("v1.xml"));
}

TEST(Mets, EndsWhereFilesReferToEachOther) {
  const auto round = [](const std::string& to) {
    return mets("<m:structMap TYPE='LOGICAL'><m:div TYPE='work'>" + pointer(to) + "</m:div></m:structMap>");
  };
  const Described described = Folder{{{"a.xml", round("b.xml")}, {"b.xml", round("a.xml")}}, {}}.read("a.xml");
  ASSERT_EQ(described.problems.size(), 1U);
  EXPECT_EQ(described.problems[0].file, "b.xml");
  EXPECT_THAT(described.problems[0].reason, HasSubstr("leads back"));
}

TEST(Mets, NamesIdsThatAreUsedTwice) {
  std::string text = two_pages();
  text.insert(text.find("</m:fileSec>"), "\n" + file("X2", "other.jpg"));
  const Described described = Folder{{{"m.xml", mets(text)}}, {}}.read("m.xml");
  ASSERT_EQ(described.problems.size(), 2U);
  EXPECT_THAT(described.problems[1].reason, HasSubstr("X2"));
  EXPECT_EQ(described.problems[1].line, 2);
  EXPECT_EQ(text_at(json::Value(described.tree), "/items/1/items/0/items/0/body/id"), "http://h/max/2.jpg");
}

TEST(Mets, SaysWhatIsNoXml) {
  const Described described = Folder{{{"m.xml", "<mets xmlns='http://www.loc.gov/METS/'>\n<a>"}}, {}}.read("m.xml");
  EXPECT_TRUE(described.tree.empty());
  ASSERT_EQ(described.problems.size(), 1U);
  EXPECT_EQ(described.problems[0].line, 2);
}

TEST(Mets, FindsTheFoldersOfItsPictures) {
  std::string found;
  for (const PartFolder& part : mets_parts(mets(two_pages())))
    found += part.path + (part.thumbnails ? "(hidden) " : " ");
  EXPECT_EQ(found,
            "h/thumbs(hidden) thumbs(hidden) h/t(hidden) t(hidden) opt/work/images work/images images h/max max alto ");
}

TEST(Mets, KeepsVolumesOfOneGroupApart) {
  const std::string text = mets("<m:fileSec><m:fileGrp USE='masters'>" + file("A", "file:///x/vol01/1.tif") +
                                file("B", "file:///x/vol02/1.tif") +
                                "</m:fileGrp></m:fileSec><m:structMap><m:div><m:div><m:fptr FILEID='A'/></m:div>"
                                "<m:div><m:fptr FILEID='B'/></m:div></m:div></m:structMap>");
  for (const PartFolder& part : mets_parts(text)) EXPECT_TRUE(part.apart) << part.path;
  const json::Value tree(Folder{{{"m.xml", text}, {"vol01/1.jpg", ""}, {"vol02/1.jpg", ""}}, {}}.read("m.xml").tree);
  EXPECT_EQ(text_at(tree, "/items/0/items/0/items/0/body/id"), part_id("picture", "vol01/1.jpg"));
  EXPECT_EQ(text_at(tree, "/items/1/items/0/items/0/body/id"), part_id("picture", "vol02/1.jpg"));
}

TEST(MetsPath, IsBelowTheFolder) {
  EXPECT_EQ(mets_path("file://./images/1.tif"), "images/1.tif");
  EXPECT_EQ(mets_path("file:///opt/../a%20b/1.tif"), "opt/a b/1.tif");
  EXPECT_EQ(mets_path(".\\x\\1.tif"), "x/1.tif");
  EXPECT_EQ(mets_path("HTTP://h/a"), "HTTP://h/a");
}

TEST(MetsDays, AreFoundInNames) {
  EXPECT_EQ(day_in("Zeitung 1858-12-07_01"), "1858-12-07T00:00:00Z");
  EXPECT_EQ(day_in("no.  01.08.1821"), "1821-08-01T00:00:00Z");
  EXPECT_EQ(day_in("issue 18210801"), "1821-08-01T00:00:00Z");
  EXPECT_EQ(day_in("1821-13-01"), "");
  EXPECT_EQ(day_in("123456789"), "");
  EXPECT_EQ(readable_type("TITLE_SECTION"), "Title section");
  EXPECT_EQ(readable_type("np:TitlePage"), "Title page");
}

}  // namespace
}  // namespace armarium::ingest::readers
