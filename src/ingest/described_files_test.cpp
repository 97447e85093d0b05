#include "ingest/described_files.h"

#include <gtest/gtest.h>

#include "ingest/readers/reader.h"

namespace armarium::ingest {
namespace {

TEST(DescribedFiles, NamesOfPathsGoBothWays) {
  for (const char* below : {"mets.xml", "alto/p1.xml", "a~b/c=d.xml", "ä/ö.xml"}) {
    const std::string name = media_name(below);
    EXPECT_EQ(name.find('/'), std::string::npos) << below;
    EXPECT_EQ(below_of(name), std::string(below));
  }
  for (const char* name : {"", "..~secret", "a~..~b", "~a", "a~", "a~~b", "=41", "a/b"})
    EXPECT_FALSE(below_of(name)) << name;
}

TEST(DescribedFiles, LinksBecomeThoseOfTheItem) {
  iiif::Description description;
  description.see_also.push_back({.id = readers::file_id("text/p 1.xml"), .type = "Dataset"});
  description.see_also.push_back({.id = "https://e.org/1", .type = "Dataset"});
  name_files(description, "book~a");
  EXPECT_EQ(description.see_also[0].id, "/media/book~a/text~p%201.xml");
  EXPECT_EQ(description.see_also[1].id, "https://e.org/1");
  catalogue::Manifest manifest;
  manifest.description = description;
  EXPECT_TRUE(links_to(manifest, media_id("book~a", "text/p 1.xml")));
  EXPECT_FALSE(links_to(manifest, media_id("book~a", "text/p 2.xml")));
  manifest.description = {};
  catalogue::Canvas canvas;
  canvas.tree = json::Object{{"rendering", json::Array{json::Object{{"id", "/media/book/p1.pdf"}}}}};
  manifest.canvases.push_back(canvas);
  EXPECT_TRUE(links_to(manifest, media_id("book", "p1.pdf")));
}

TEST(DescribedFiles, OnlyWhatIsKnownIsGivenOut) {
  EXPECT_EQ(given_out_as("mets.xml", "<mets xmlns='http://www.loc.gov/METS/'>"), "application/xml");
  EXPECT_EQ(given_out_as("alto/p1.xml", "<alto>"), "application/xml");
  EXPECT_EQ(given_out_as("p1.pdf", "%PDF-1.4"), "application/pdf");
  EXPECT_EQ(given_out_as("text/p1.txt", "Words"), "text/plain");
  EXPECT_EQ(given_out_as("ocr/p1.html", "<html><div class='ocr_page'>"), "text/html");
  EXPECT_EQ(given_out_as("notes.txt", "Words"), "");
  EXPECT_EQ(given_out_as("info.yml", "publish: false"), "");
  EXPECT_EQ(given_out_as("staff.xml", "<salaries>"), "");
  EXPECT_EQ(given_out_as(".hidden/mets.xml", "<mets xmlns='http://www.loc.gov/METS/'>"), "");
  EXPECT_EQ(given_out_as("!private/p1.xml", "<alto>"), "");
}

}  // namespace
}  // namespace armarium::ingest
