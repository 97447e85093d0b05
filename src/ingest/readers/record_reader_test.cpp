#include "ingest/readers/record_reader.h"

#include <gtest/gtest.h>

namespace armarium::ingest::readers {
namespace {

Described read(std::string name, std::string_view bytes, std::vector<std::string> files) {
  std::sort(files.begin(), files.end());
  const std::vector<std::string> folders;
  return read_records({.name = std::move(name),
                       .bytes = bytes,
                       .root = {},
                       .crosswalk = *Crosswalk::standard(),
                       .files = files,
                       .folders = folders});
}

const Reader* reader_for(std::string_view bytes) { return reader_of("a.xml", bytes); }

constexpr std::string_view kTwo =
    "<modsCollection xmlns='http://www.loc.gov/mods/v3'><mods><titleInfo><title>One</title></titleInfo><identifier>Ms "
    "7/1</identifier></mods>\n"
    "<mods><titleInfo><title>Two</title></titleInfo><recordInfo><recordIdentifier>b2</recordIdentifier></recordInfo></"
    "mods></modsCollection>";

TEST(RecordReader, KnowsItsFormatsByTheirContent) {
  for (const char* text :
       {"<mods xmlns='http://www.loc.gov/mods/v3'/>", "<m:collection xmlns:m='http://www.loc.gov/MARC21/slim'/>",
        "<lido xmlns='http://www.lido-schema.org'/>", "<eac-cpf xmlns='urn:isbn:1-931666-33-4'/>",
        "<pbcoreCollection/>", "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader/></TEI>",
        "<my xmlns:dc='http://purl.org/dc/elements/1.1/'/>",
        "{\"@context\": \"https://linked.art/ns/v1/linked-art.json\"}", "00050nam a2200037 a 4500245001200000\x1e"}) {
    const Reader* reader = reader_for(text);
    ASSERT_NE(reader, nullptr) << text;
    EXPECT_EQ(reader->name, "record") << text;
  }
  for (const char* text : {"<alto/>", "<ead/>", "<html><head/></html>", "{}", "text",
                           "<svg xmlns:dc='http://purl.org/dc/elements/1.1/'/>"}) {
    const Reader* reader = reader_for(text);
    EXPECT_TRUE(reader == nullptr || reader->name != "record") << text;
  }
}

TEST(RecordReader, OneRecordIsOfTheItem) {
  const Described found =
      read("record.xml", "<mods xmlns='http://www.loc.gov/mods/v3'><titleInfo><title>One</title></titleInfo></mods>",
           {"p1.jpg", "p2.jpg"});
  EXPECT_EQ(found.record.label.best("en").value, "One");
  EXPECT_EQ(found.record.origins.at("label"), "record.xml");
  EXPECT_EQ(found.media_type, "application/mods+xml");
  EXPECT_EQ(found.profile, "http://www.loc.gov/mods/v3");
  EXPECT_EQ(found.label.best("en").value, "MODS");
  EXPECT_TRUE(found.of_files.empty());
}

TEST(RecordReader, ManyFindTheirPicturesByNumber) {
  const Described found = read("all.xml", kTwo, {"ms_7_1.jpg", "b1.jpg"});
  ASSERT_EQ(found.of_files.size(), 1U);
  EXPECT_EQ(found.of_files[0].first, "ms_7_1");
  EXPECT_EQ(found.of_files[0].second.label.best("en").value, "One");
  EXPECT_TRUE(found.record.label.empty());
  ASSERT_EQ(found.problems.size(), 2U);
  EXPECT_NE(found.problems[0].reason.find("1 of 2 records"), std::string::npos);
  EXPECT_EQ(found.problems[1].reason, "The record b2 has no place.");
  EXPECT_EQ(found.problems[1].line, 2);
}

TEST(RecordReader, TwoPicturesOfOneNameAreNoPlace) {
  EXPECT_TRUE(read("all.xml", kTwo, {"ms_7_1.jpg", "Ms 7-1.jpg"}).of_files.empty());
}

TEST(RecordReader, TheTextOfAPageDoesNotNameIt) {
  constexpr std::string_view kText =
      "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>The "
      "book</title></titleStmt></fileDesc></teiHeader><text><body><p>a</p></body></text></TEI>";
  EXPECT_TRUE(read("p1.xml", kText, {"p1.jpg", "p2.jpg"}).record.label.empty());
  EXPECT_EQ(read("book.xml", kText, {"p1.jpg", "p2.jpg"}).record.label.best("en").value, "The book");
  EXPECT_EQ(read("p1.xml", kText, {"p1.jpg"}).record.label.best("en").value, "The book");
}

TEST(RecordReader, WhatCannotBeReadIsNamedWithItsLine) {
  const Described found = read("record.xml", "<mods xmlns='http://www.loc.gov/mods/v3'>\n<titleInfo>\n</mods>", {});
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_GT(found.problems[0].line, 1);
  EXPECT_TRUE(found.record.label.empty());
}

}  // namespace
}  // namespace armarium::ingest::readers
