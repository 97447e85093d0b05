#include <gtest/gtest.h>

#include "api/oai_request.h"
#include "api/oai_xml.h"

namespace armarium::api::oai {
namespace {

std::string code_of(std::string_view query) {
  const auto question = read_question(query);
  return question ? std::string() : question.error().message.substr(0, question.error().message.find(' '));
}

TEST(OaiRequest, VerbsAndArguments) {
  const auto question = read_question("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&set=a%20b");
  ASSERT_TRUE(question);
  EXPECT_EQ(question->verb, Verb::list_records);
  EXPECT_EQ(question->set, "a b");
  EXPECT_EQ(code_of("verb=ListSets&resumptionToken=x"), "");
  for (const char* query : {"", "verb=", "verb=identify", "verb=Identify&verb=Identify", "Verb=Identify"})
    EXPECT_EQ(code_of(query), "badVerb") << query;
  for (const char* query :
       {"verb=Identify&a=b", "verb=GetRecord&identifier=a", "verb=GetRecord&metadataPrefix=a", "verb=ListRecords",
        "verb=ListRecords&metadataPrefix=a&metadataPrefix=a", "verb=ListRecords&metadataPrefix=a&resumptionToken=b",
        "verb=ListRecords&metadataPrefix=a&from=2020-01-01&until=2020-01-01T00:00:00Z", "verb=Identify&set=%"})
    EXPECT_EQ(code_of(query), "badArgument") << query;
}

TEST(OaiRequest, Times) {
  EXPECT_EQ(read_time("1970-01-02", false).value_or(-1), 86'400'000);
  EXPECT_EQ(read_time("1970-01-02", true).value_or(-1), 2 * 86'400'000);
  EXPECT_EQ(read_time("1970-01-01T00:01:02Z", false).value_or(-1), 62'000);
  EXPECT_EQ(read_time("1970-01-01T00:01:02Z", true).value_or(-1), 63'000);
  EXPECT_EQ(read_time("2024-02-29", false).value_or(-1), 1'709'164'800'000);
  for (const char* text :
       {"", "2020", "2020-1-1", "2023-02-29", "2020-13-01", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00",
        "2020-01-01 00:00:00Z", "2020/01/01", "-020-01-01", "2020-01-01T00:00:00.000Z"})
    EXPECT_FALSE(read_time(text, false)) << text;
}

TEST(OaiRequest, TokensComeBack) {
  const auto token = read_token(
      write_token({.place = 12, .cursor = "c", .prefix = "oai_dc", .set = "a\"b", .from = "2020-01-01", .until = ""}));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->place, 12U);
  EXPECT_EQ(token->set, "a\"b");
  EXPECT_EQ(token->from, "2020-01-01");
  for (const char* text : {"", "x", "AAAA", "W10", "bnVsbA"}) EXPECT_FALSE(read_token(text)) << text;
}

TEST(OaiRequest, SetsOfIdentifiers) {
  EXPECT_EQ(set_of("a~b.c_d-e"), "a~b.c_d-e");
  EXPECT_EQ(set_of("a=b:c\xC3\xA4"), "a!3Db!3Ac!C3!A4");
  EXPECT_EQ(identifier_of_set("a!3Db!3Ac!C3!A4"), "a=b:c\xC3\xA4");
  EXPECT_EQ(identifier_of_set("!"), "!");
}

TEST(OaiXml, IsAlwaysWellFormed) {
  EXPECT_EQ(escape("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
  EXPECT_EQ(escape(std::string_view("a\x01\0b\tc", 6)),
            "a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b\tc");
  EXPECT_EQ(escape("\xEF\xBF\xBE"), "\xEF\xBF\xBD");
  EXPECT_EQ(escape("\xFF"), "\xEF\xBF\xBD");
}

TEST(OaiXml, DublinCore) {
  iiif::Description description;
  description.label.add("de", "Titel");
  description.label.add("none", "<b>");
  description.metadata.push_back({iiif::LanguageMap::of("en", "Author"), iiif::LanguageMap::of("none", "Ada")});
  description.metadata.push_back({iiif::LanguageMap::of("en", "Shelf"), iiif::LanguageMap::of("none", "12")});
  description.metadata.push_back({iiif::LanguageMap::of("fr", "Date"), iiif::LanguageMap::of("none", "1850?")});
  description.nav_date = "1850-01-01T00:00:00Z";
  const std::string text =
      dublin_core(description, {"https://e.org/a"}, "Image", {{"author", "creator"}, {"date", "date"}});
  EXPECT_NE(text.find("<dc:title "
                      "xml:lang=\"de\">Titel</dc:title><dc:title>&lt;b&gt;</dc:title><dc:creator>Ada</"
                      "dc:creator><dc:date>1850?</dc:date><dc:type>Image</dc:type>"
                      "<dc:identifier>https://e.org/a</dc:identifier></oai_dc:dc>"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace armarium::api::oai
