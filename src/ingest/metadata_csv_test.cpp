#include "ingest/metadata_csv.h"

#include <gtest/gtest.h>

#include "ingest/csv.h"
#include "ingest/ignore.h"

namespace armarium::ingest {
namespace {

using iiif::LanguageMap;
using Fields = std::vector<std::string>;

TEST(Csv, Rfc4180) {
  const auto rows = read_csv("a,b,c\r\n\"1,5\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n\r\nx,,\n");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].fields, (Fields{"1,5", "say \"hi\"", "two\nlines"}));
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_EQ(rows[2].fields, (Fields{"x", "", ""}));
  EXPECT_EQ(rows[2].line, 5);
  EXPECT_TRUE(read_csv("").empty());
  EXPECT_EQ(read_csv("a").size(), 1U);
  EXPECT_EQ(read_csv("\"never closed").size(), 1U);
}

TEST(Csv, WhatSpreadsheetsMakeOfIt) {
  EXPECT_EQ(read_csv("a;b\n1,5;2\n")[1].fields, (Fields{"1,5", "2"}));
  EXPECT_EQ(read_csv("a\tb\n1\t2\n")[1].fields, (Fields{"1", "2"}));
  EXPECT_EQ(read_csv("\xEF\xBB\xBFpath,b\n")[0].fields, (Fields{"path", "b"}));
  EXPECT_EQ(read_csv("a\nM\xFCnchen\n")[1].fields, (Fields{"M\xC3\xBCnchen"}));
  const std::string little(
      "\xFF\xFE"
      "a\0\n\0\xFC\0=\xD8\0\xDE",
      12);
  EXPECT_EQ(read_csv(little)[1].fields, (Fields{"\xC3\xBC\xF0\x9F\x98\x80"}));
  const std::string big("\xFE\xFF\0a\0\n\0b", 8);
  EXPECT_EQ(read_csv(big)[1].fields, (Fields{"b"}));
  EXPECT_EQ(to_utf8(std::string("\xFF\xFE\x00\xD8", 4)), "\xEF\xBF\xBD") << "half a pair";
}

TEST(MetadataCsv, ColumnsByTheirNames) {
  const MetadataTable table = read_metadata_csv(
      "path,Title,title@de,dc:creator,dcterms.date,rights,Shelfmark,id,navDate,description\n"
      "a.jpg,Fox,Fuchs,Ann | Bob,1850,CC0,Ms. 7,ark:/1/2,1850,<p>Red</p>\n");
  EXPECT_TRUE(table.problems.empty());
  const MetadataRow* row = table.find("a.jpg");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(table.find("a"), row) << "also without its extension";
  EXPECT_EQ(row->id, "ark:/1/2");
  EXPECT_EQ(row->description.label.best("de").value, "Fuchs");
  EXPECT_EQ(row->description.label.best("en").value, "Fox");
  EXPECT_EQ(row->description.summary, LanguageMap::none("<p>Red</p>"));
  EXPECT_EQ(row->description.rights, "http://creativecommons.org/publicdomain/zero/1.0/");
  EXPECT_EQ(row->description.nav_date, "1850-01-01T00:00:00Z");
  ASSERT_EQ(row->description.metadata.size(), 3U);
  EXPECT_EQ(row->description.metadata[0].label.best("en").value, "Creator");
  EXPECT_EQ(row->description.metadata[0].value.entries()[0].second, (Fields{"Ann", "Bob"}));
  EXPECT_EQ(row->description.metadata[2].label, LanguageMap::none("Shelfmark"));
  EXPECT_EQ(row->description.origins.at("rights"), "metadata.csv");
}

TEST(MetadataCsv, MistakesAreNamedWithTheirLine) {
  const MetadataTable table =
      read_metadata_csv("path,label,navDate\na.jpg,A,\n,B,\na.jpg,C,\nb.jpg,D,soon\nsub\\c.jpg,E,\n");
  ASSERT_EQ(table.problems.size(), 3U);
  EXPECT_EQ(table.problems[0].line, 3);
  EXPECT_EQ(table.problems[1].line, 4);
  EXPECT_EQ(table.problems[2].line, 5);
  EXPECT_EQ(table.find("a.jpg")->description.label, LanguageMap::none("A"));
  EXPECT_NE(table.find("sub/c.jpg"), nullptr);
  EXPECT_EQ(read_metadata_csv("label\nA\n").problems.size(), 1U);
  EXPECT_TRUE(read_metadata_csv("").problems.empty());
}

TEST(Ignore, InTheMannerOfGit) {
  const IgnoreList list = IgnoreList::parse("# comment\n*.tmp\n/top.jpg\nraw/\n!keep.tmp\na/*.png\n\n", "shelf");
  using Answer = IgnoreList::Answer;
  EXPECT_EQ(list.ask("shelf/x.tmp", false), Answer::ignored);
  EXPECT_EQ(list.ask("shelf/deep/x.tmp", false), Answer::ignored);
  EXPECT_EQ(list.ask("shelf/deep/keep.tmp", false), Answer::taken_back);
  EXPECT_EQ(list.ask("shelf/top.jpg", false), Answer::ignored);
  EXPECT_EQ(list.ask("shelf/deep/top.jpg", false), Answer::says_nothing);
  EXPECT_EQ(list.ask("shelf/raw", true), Answer::ignored);
  EXPECT_EQ(list.ask("shelf/raw", false), Answer::says_nothing);
  EXPECT_EQ(list.ask("shelf/a/x.png", false), Answer::ignored);
  EXPECT_EQ(list.ask("shelf/a/b/x.png", false), Answer::says_nothing);
  EXPECT_EQ(list.ask("shelf/comment", false), Answer::says_nothing);
}

}  // namespace
}  // namespace armarium::ingest
