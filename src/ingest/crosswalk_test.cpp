#include "ingest/crosswalk.h"

#include <gtest/gtest.h>

#include "ingest/csv.h"
#include "ingest/embedded.h"
#include "ingest/metadata_csv.h"

namespace armarium::ingest {
namespace {

using iiif::LanguageMap;

CrosswalkPtr table_of(std::string_view text) {
  std::vector<TextProblem> problems;
  CrosswalkPtr table = Crosswalk::standard()->with(text, problems);
  EXPECT_TRUE(problems.empty()) << problems.front().reason;
  return table;
}

TEST(Crosswalk, TheTableThatIsBuiltInHasEveryLanguage) {
  std::vector<TextProblem> problems;
  EXPECT_FALSE(Crosswalk().with(default_crosswalk(), problems)->token().empty());
  EXPECT_TRUE(problems.empty()) << problems.front().line << problems.front().reason;
  const auto rows = read_csv(default_crosswalk());
  ASSERT_GT(rows.size(), 30U);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const CrosswalkRow* row = Crosswalk::standard()->find(rows[i].fields[0], rows[i].fields[1]);
    ASSERT_NE(row, nullptr) << rows[i].line;
    if (row->property != "metadata") continue;
    EXPECT_EQ(row->label.entries().size(), 6U) << rows[i].line;
  }
  EXPECT_EQ(Crosswalk::standard()->find("csv", "Creator")->label.best("nl").value, "Vervaardiger");
}

TEST(Crosswalk, ARowLiesOverAnother) {
  const CrosswalkPtr table = table_of(
      "format,field,property,order,en,pt\ncsv,creator,metadata,2,Maker,Autor\ncsv,shelfmark,,1,Shelfmark,Cota\n");
  EXPECT_EQ(table->find("csv", "creator")->label.best("de").value, "Maker");
  EXPECT_EQ(table->find("csv", "creator")->label.best("pt").value, "Autor");
  EXPECT_EQ(table->find("csv", "date")->label.best("de").value, "Datum");
  EXPECT_NE(table->token(), Crosswalk::standard()->token());
  const MetadataTable read = read_metadata_csv("path,date,creator,Shelfmark\na,1850,Ann,Ms. 7\n", *table);
  const auto& metadata = read.find("a")->description.metadata;
  ASSERT_EQ(metadata.size(), 3U);
  EXPECT_EQ(metadata[0].label.best("pt").value, "Cota");
  EXPECT_EQ(metadata[1].label.best("en").value, "Maker");
  EXPECT_EQ(metadata[2].label.best("de").value, "Datum");
}

TEST(Crosswalk, ColumnsBecomeProperties) {
  const CrosswalkPtr table = table_of(
      "format,field,property,de\ncsv,signatur,label,\ncsv,eigentümer,requiredStatement,Besitz\ncsv,date,none,\n");
  const MetadataTable read =
      read_metadata_csv("path,Signatur,Eigentümer,date,attribution\na,Ms. 7,Ein Haus,1850,\n", *table);
  const iiif::Description& said = read.find("a")->description;
  EXPECT_EQ(said.label, LanguageMap::none("Ms. 7"));
  ASSERT_EQ(said.required_statement.size(), 1U);
  EXPECT_EQ(said.required_statement[0].label, LanguageMap::of("de", "Besitz"));
  EXPECT_TRUE(said.metadata.empty());
}

TEST(Crosswalk, WhatPicturesCarry) {
  iiif::Description shown;
  shown.label = LanguageMap::none("Fox");
  shown.metadata = {{field_label("creator"), LanguageMap::none("Ann")},
                    {field_label("date"), LanguageMap::none("1850")}};
  const iiif::Description usual =
      publish_embedded(*Crosswalk::standard(), shown, {{field_label("Keywords"), LanguageMap::none("animals")}});
  EXPECT_EQ(usual.label, LanguageMap::none("Fox"));
  ASSERT_EQ(usual.metadata.size(), 3U);
  EXPECT_EQ(usual.metadata[0].label.best("fr").value, "Créateur");
  EXPECT_EQ(usual.metadata[2].label.best("it").value, "Parole chiave");
  EXPECT_EQ(usual.origins.at("metadata"), "embedded");

  const CrosswalkPtr table = table_of(
      "format,field,property,order,en\nembedded,title,metadata,1,Title\nembedded,creator,requiredStatement,,"
      "By\nembedded,date,none,,\n");
  const iiif::Description other = publish_embedded(*table, shown, {});
  EXPECT_TRUE(other.label.empty());
  ASSERT_EQ(other.metadata.size(), 1U);
  EXPECT_EQ(other.metadata[0].label, LanguageMap::of("en", "Title"));
  ASSERT_EQ(other.required_statement.size(), 1U);
  EXPECT_EQ(other.required_statement[0].value, LanguageMap::none("Ann"));
  EXPECT_FALSE(other.origins.contains("label"));
}

TEST(Crosswalk, MistakesAreNamedAndCostTheirRow) {
  std::vector<TextProblem> problems;
  const CrosswalkPtr table = Crosswalk::standard()->with(
      "format,field,property,order,facet,en,English "
      "words\ncsv,a,sofa,,,A,\ncsv,b,metadata,x,,B,\ncsv,c,metadata,,maybe,C,\n,d,,,,D,\ncsv,e,,3,yes,E,\n",
      problems);
  ASSERT_EQ(problems.size(), 5U);
  EXPECT_EQ(problems[0].line, 1);
  EXPECT_EQ(problems[4].line, 5);
  EXPECT_EQ(table->find("csv", "a"), nullptr);
  ASSERT_NE(table->find("csv", "e"), nullptr);
  EXPECT_TRUE(table->find("csv", "e")->facet);
  problems.clear();
  Crosswalk::standard()->with("a,b\n1,2\n", problems);
  EXPECT_FALSE(problems.empty());
}

}  // namespace
}  // namespace armarium::ingest
