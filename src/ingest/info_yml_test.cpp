#include "ingest/info_yml.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/rights_names.h"
#include "ingest/yaml_reader.h"

namespace armarium::ingest {
namespace {

using iiif::LanguageMap;

TEST(InfoYml, WhatNoDatabaseHoldsComesInAsTextOrIsNamed) {
  const Info old = read_info("label: B\xE4ume\n", "info.yml");
  EXPECT_EQ(old.description.label, LanguageMap::none("B\xC3\xA4ume")) << "an editor of the last century";
  const Info nul = read_info("label: \"a\\0b\"\n", "info.yml");
  ASSERT_EQ(nul.problems.size(), 1U);
  EXPECT_NE(nul.problems[0].reason.find("U+0000"), std::string::npos);
}

TEST(InfoYml, ReadsWhatAMuseumWrites) {
  const Info info = read_info(R"(label: {en: A book, de: Ein Buch}
summary: Plain words
metadata:
  - label: Author
    value: [Ann, Bob]
  - label: {en: Year}
    value: 1850
rights: CC-BY-SA-4.0
requiredStatement: {label: Source, value: "<a href='https://example.org' onclick='x()'>Us</a>"}
navDate: 1850
behavior: paged
viewingDirection: right-to-left
id: ark:/12148/x
order: [b.jpg, a.jpg]
each: file
masters: public
embedded: all
publish: true
maxWidth: 1000
maxArea: 5000000000
ranges: [{label: One, items: [a]}]
)",
                              "info.yml");
  EXPECT_TRUE(info.problems.empty()) << info.problems.front().reason;
  EXPECT_EQ(info.description.label.best("de").value, "Ein Buch");
  EXPECT_EQ(info.description.summary, LanguageMap::none("Plain words"));
  ASSERT_EQ(info.description.metadata.size(), 2U);
  EXPECT_EQ(info.description.metadata[0].value.entries()[0].second.size(), 2U);
  EXPECT_EQ(info.description.metadata[1].value, LanguageMap::none("1850"));
  EXPECT_EQ(info.description.rights, "http://creativecommons.org/licenses/by-sa/4.0/");
  EXPECT_EQ(info.description.required_statement[0].value, LanguageMap::none("<a href=\"https://example.org\">Us</a>"));
  EXPECT_EQ(info.description.nav_date, "1850-01-01T00:00:00Z");
  EXPECT_EQ(info.description.origins.at("label"), "info.yml");
  EXPECT_EQ(info.id, "ark:/12148/x");
  EXPECT_EQ(info.order, (std::vector<std::string>{"b.jpg", "a.jpg"}));
  EXPECT_TRUE(info.each_file && info.masters_public && info.embedded_all && info.publish);
  EXPECT_EQ(info.limits.max_width, 1000U);
  EXPECT_EQ(info.limits.max_area, 5'000'000'000U);
  EXPECT_FALSE(info.limits.max_height);
  EXPECT_TRUE(info.ranges.is_array());
}

TEST(InfoYml, AMistakeCostsOnlyItsProperty) {
  const Info info =
      read_info("label: Good\nnavDate: soon\nmaxWidth: -5\npublish: perhaps\nsummary: Fine\n", "info.yml");
  ASSERT_EQ(info.problems.size(), 3U);
  EXPECT_EQ(info.problems[0].line, 3);
  EXPECT_EQ(info.problems[1].line, 4);
  EXPECT_EQ(info.problems[2].line, 2);
  EXPECT_NE(info.problems[2].reason.find("navDate"), std::string::npos);
  EXPECT_EQ(info.description.label, LanguageMap::none("Good"));
  EXPECT_EQ(info.description.summary, LanguageMap::none("Fine"));
}

TEST(InfoYml, BrokenYamlIsNamedWithItsLine) {
  const Info info = read_info("label: a\nsummary: [1, 2\nrights: x\n", "info.yml");
  ASSERT_EQ(info.problems.size(), 1U);
  EXPECT_GT(info.problems[0].line, 1);
  EXPECT_FALSE(read_info("- a\n- b\n", "x").problems.empty());
  EXPECT_TRUE(read_info("", "x").problems.empty());
  EXPECT_TRUE(read_info("\xEF\xBB\xBFlabel: a\n", "x").problems.empty());
}

TEST(InfoYml, OlderNamesAreUnderstood) {
  const Info info = read_info(
      "title: T\ndescription: D\nattribution: From us\nlicense: http://creativecommons.org/publicdomain/zero/1.0/\n",
      "x");
  EXPECT_EQ(info.description.label, LanguageMap::none("T"));
  EXPECT_EQ(info.description.summary, LanguageMap::none("D"));
  EXPECT_EQ(info.description.required_statement.size(), 1U);
  EXPECT_EQ(info.description.rights, "http://creativecommons.org/publicdomain/zero/1.0/");
}

TEST(InfoYml, CoordinatesBecomeNumbers) {
  const Info info = read_info(R"(navPlace:
  type: FeatureCollection
  features:
    - type: Feature
      properties: {label: {en: ["12"]}}
      geometry: {type: Point, coordinates: [9.05, 48.52]}
)",
                              "x");
  EXPECT_TRUE(info.problems.empty());
  EXPECT_NE(json::to_text(info.description.nav_place).find("[9.05,48.52]"), std::string::npos)
      << json::to_text(info.description.nav_place);
  EXPECT_NE(json::to_text(info.description.nav_place).find("\"12\""), std::string::npos);
}

TEST(YamlReader, BombsAreRefused) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += fmt::format("{0}: &{0} [*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1}]\n", c, static_cast<char>(c - 1));
  }
  EXPECT_FALSE(read_yaml(bomb));
  EXPECT_FALSE(read_yaml(std::string(5000, '[')));
  EXPECT_FALSE(read_yaml(std::string(40, '[') + std::string(40, ']')));
  EXPECT_FALSE(read_yaml("a: &a [*a]\n")) << "an alias inside its own anchor";
  EXPECT_FALSE(read_yaml("a: 1\na: 2\n"));
  EXPECT_FALSE(read_yaml(std::string((1U << 20) + 1, 'a')));
  EXPECT_FALSE(read_yaml("? [a]\n: b\n"));
}

TEST(YamlReader, AliasesAndScalars) {
  const auto document = read_yaml("a: &x {k: v}\nb: *x\nc: ~\nd: \"~\"\ne: no\nf: 007\n");
  ASSERT_TRUE(document) << document.error().reason;
  EXPECT_EQ(json::to_text(document->value), R"({"a":{"k":"v"},"b":{"k":"v"},"c":null,"d":"~","e":"no","f":"007"})");
  EXPECT_EQ(document->lines.at("f"), 6);
}

TEST(RightsNames, ShortNamesBecomeUris) {
  const auto uri = [](const char* text) { return rights_from_text(text).value_or(""); };
  EXPECT_EQ(uri("CC0"), "http://creativecommons.org/publicdomain/zero/1.0/");
  EXPECT_EQ(uri("PD"), "http://creativecommons.org/publicdomain/mark/1.0/");
  EXPECT_EQ(uri("cc by 4.0"), "http://creativecommons.org/licenses/by/4.0/");
  EXPECT_EQ(uri("CC-BY-NC-ND-3.0-DE"), "http://creativecommons.org/licenses/by-nc-nd/3.0/de/");
  EXPECT_EQ(uri("CC BY-SA 4.0 International"), "http://creativecommons.org/licenses/by-sa/4.0/");
  EXPECT_EQ(uri("InC"), "http://rightsstatements.org/vocab/InC/1.0/");
  EXPECT_EQ(uri("inc-edu"), "http://rightsstatements.org/vocab/InC-EDU/1.0/");
  EXPECT_EQ(uri("https://example.org/x"), "https://example.org/x");
  for (const char* words : {"", "CC", "CC-BY", "CC-BY-9.9", "All rights reserved", "by-4.0", "CC-BYX-4.0"})
    EXPECT_EQ(uri(words), "") << words;
}

}  // namespace
}  // namespace armarium::ingest
