#include "iiif/description.h"

#include <gtest/gtest.h>

#include "iiif/description_values.h"

namespace armarium::iiif {
namespace {

json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

Description read(std::string_view text) {
  auto description = Description::from_json(parsed(text));
  EXPECT_TRUE(description) << (description ? "" : description.error().message);
  return description ? *description : Description();
}

std::string problem_of(std::string_view text) {
  auto description = Description::from_json(parsed(text));
  return description ? "" : description.error().message;
}

TEST(LanguageMap, KeepsLanguagesAndValuesInOrder) {
  LanguageMap map = LanguageMap::of("de", "eins");
  map.add("en", "one");
  map.add("de", "zwei");
  EXPECT_EQ(json::to_text(map.to_json()), R"({"de":["eins","zwei"],"en":["one"]})");
}

TEST(LanguageMap, ReadsEveryPermittedForm) {
  EXPECT_EQ(*LanguageMap::from_json(parsed(R"("a")"), "label"), LanguageMap::none("a"));
  EXPECT_EQ(json::to_text(LanguageMap::from_json(parsed(R"(["a","b"])"), "label")->to_json()), R"({"none":["a","b"]})");
  EXPECT_EQ(json::to_text(LanguageMap::from_json(parsed(R"({"de-AT":"a","@none":["b"]})"), "label")->to_json()),
            R"({"de-AT":["a"],"none":["b"]})");
}

TEST(LanguageMap, AnEmptyTextSaysNothing) {
  EXPECT_TRUE(LanguageMap::from_json(parsed(R"("")"), "label")->empty());
  EXPECT_TRUE(LanguageMap::from_json(parsed(R"({"de":["",""]})"), "label")->empty());
}

TEST(LanguageMap, NamesThePropertyThatIsWrong) {
  for (const char* text : {"1", "true", "[1]", R"({"de":1})", R"({"de":[null]})"}) {
    auto map = LanguageMap::from_json(parsed(text), "summary");
    ASSERT_FALSE(map) << text;
    EXPECT_EQ(map.error().code, base::ErrorCode::invalid_argument);
    EXPECT_NE(map.error().message.find("summary"), std::string::npos);
  }
  EXPECT_FALSE(LanguageMap::from_json(parsed(R"({"not a tag":"x"})"), "label"));
}

TEST(LanguageMap, BestFollowsTheReader) {
  LanguageMap map = LanguageMap::of("fr", "un");
  map.add("en", "one");
  map.add("de-AT", "eins");
  EXPECT_EQ(map.best("de").value, "eins");
  EXPECT_EQ(map.best("de-CH").value, "eins");
  EXPECT_EQ(map.best("EN-GB").value, "one");
  EXPECT_EQ(map.best("it").value, "one");
  map.add("none", "1");
  EXPECT_EQ(map.best("it").value, "1");
  EXPECT_EQ(map.best("it").language, "none");
  EXPECT_EQ(LanguageMap::of("fr", "un").best("it").language, "fr");
  EXPECT_EQ(LanguageMap().best("de").value, "");
}

constexpr std::string_view kFull = R"({
  "label":{"de":["Titel"]},"summary":{"en":["<p>x</p>"]},
  "metadata":[{"label":{"en":["Creator"]},"value":{"none":["A","B"]}}],
  "requiredStatement":{"label":{"en":["Attribution"]},"value":{"en":["Museum"]}},
  "rights":"http://creativecommons.org/licenses/by/4.0/",
  "provider":[{"id":"https://e.org/","type":"Agent","label":{"en":["E"]},
    "homepage":[{"id":"https://e.org/h","type":"Text","label":{"en":["Home"]},"format":"text/html","language":["en"]}],
    "logo":[{"id":"https://e.org/l.png","type":"Image","format":"image/png"}]}],
  "navDate":"1850-03-01T00:00:00Z","navPlace":{"type":"FeatureCollection","features":[]},
  "behavior":["paged"],"viewingDirection":"right-to-left","language":"de",
  "homepage":[{"id":"https://e.org/1","type":"Text","label":{"en":["Page"]}}],
  "seeAlso":[{"id":"https://e.org/1.xml","type":"Dataset","format":"text/xml","profile":"https://e.org/p"}],
  "rendering":[{"id":"https://e.org/1.pdf","type":"Text"}],
  "zebra":{"b":1,"a":2},"apple":[1],"@origins":{"label":"info.yml"}})";

TEST(Description, WritesWhatItReads) {
  const Description description = read(kFull);
  EXPECT_EQ(json::to_text(description.to_json()), json::to_text(parsed(kFull)));
  EXPECT_EQ(description.provider[0].logo[0].format, "image/png");
  EXPECT_EQ(description.see_also[0].profile, "https://e.org/p");
  EXPECT_EQ(description.origins.at("label"), "info.yml");
}

TEST(Description, ReadsShorthands) {
  const Description d =
      read(R"({"label":"Titel","language":"de","metadata":{"Urheber":"Haeckel","Ort":["Jena","Berlin"]},
    "requiredStatement":"© Haus","rights":"https://creativecommons.org/publicdomain/mark/1.0/deed.de","provider":"Haus",
    "navDate":"1904","behavior":"paged","homepage":"https://e.org/x","summary":{"none":"k"}})");
  EXPECT_EQ(d.label, LanguageMap::of("de", "Titel"));
  ASSERT_EQ(d.metadata.size(), 2U);
  EXPECT_EQ(d.metadata[1].label, LanguageMap::of("de", "Ort"));
  EXPECT_EQ(d.metadata[1].value.entries()[0].second.size(), 2U);
  EXPECT_EQ(d.required_statement.at(0).value, LanguageMap::of("de", "© Haus"));
  EXPECT_EQ(d.rights, "http://creativecommons.org/publicdomain/mark/1.0/");
  EXPECT_EQ(d.provider.at(0).label, LanguageMap::of("de", "Haus"));
  EXPECT_EQ(d.nav_date, "1904-01-01T00:00:00Z");
  EXPECT_EQ(d.behavior, std::vector<std::string>{"paged"});
  EXPECT_EQ(d.homepage.at(0).type, "Text");
  EXPECT_EQ(d.homepage.at(0).format, "text/html");
  EXPECT_EQ(d.summary, LanguageMap::none("k"));
}

TEST(Description, RefusesByName) {
  EXPECT_NE(problem_of(R"({"rights":"CC BY"})").find("rights"), std::string::npos);
  EXPECT_NE(problem_of(R"({"navDate":"yesterday"})").find("navDate"), std::string::npos);
  EXPECT_NE(problem_of(R"({"metadata":[{"label":"x"}]})").find("metadata"), std::string::npos);
  EXPECT_NE(problem_of(R"({"viewingDirection":"up"})").find("viewingDirection"), std::string::npos);
  EXPECT_NE(problem_of(R"j({"homepage":"javascript:alert(1)"})j").find("homepage"), std::string::npos);
  EXPECT_NE(problem_of(R"({"provider":[{"id":"https://e.org"}]})").find("provider"), std::string::npos);
  EXPECT_NE(problem_of(R"({"navPlace":[]})").find("navPlace"), std::string::npos);
  EXPECT_NE(problem_of("[]").find("object"), std::string::npos);
}

TEST(Description, KeepsTheRestWhenOneThingIsWrong) {
  std::vector<std::string> problems;
  const auto d = Description::from_json(parsed(R"({"rights":7,"label":"x","behavior":["paged",3]})"), problems);
  EXPECT_EQ(problems.size(), 2U);
  EXPECT_EQ(d.label, LanguageMap::none("x"));
  EXPECT_EQ(d.behavior, std::vector<std::string>{"paged"});
}

TEST(Description, MergesBelowPropertyByProperty) {
  Description high = read(R"({"label":"A","metadata":{"x":"1"},"own":1,"@origins":{"label":"info.yml"}})");
  const Description low = read(R"({"label":"B","summary":"S","metadata":{"y":"2"},"own":2,"other":3,
    "@origins":{"label":"file name","summary":"embedded","other":"embedded"}})");
  high.merge_below(low);
  EXPECT_EQ(high.label, LanguageMap::none("A"));
  EXPECT_EQ(high.summary, LanguageMap::none("S"));
  ASSERT_EQ(high.metadata.size(), 1U);
  EXPECT_EQ(json::to_text(high.more), R"({"own":1,"other":3})");
  const std::map<std::string, std::string> expected{
      {"label", "info.yml"}, {"summary", "embedded"}, {"other", "embedded"}};
  EXPECT_EQ(high.origins, expected);
}

TEST(DescriptionValues, RightsHaveOneSpelling) {
  EXPECT_EQ(rights_uri("https://rightsstatements.org/page/InC/1.0/?language=de"),
            "http://rightsstatements.org/vocab/InC/1.0/");
  EXPECT_EQ(rights_uri("https://www.creativecommons.org/licenses/by-sa/4.0"),
            "http://creativecommons.org/licenses/by-sa/4.0/");
  EXPECT_EQ(rights_uri("http://creativecommons.org/licenses/by/4.0/legalcode"),
            "http://creativecommons.org/licenses/by/4.0/");
  EXPECT_FALSE(rights_uri("https://example.org/licenses/by/4.0/"));
  EXPECT_FALSE(rights_uri("https://creativecommons.org/about"));
}

TEST(DescriptionValues, DatesHaveAZone) {
  EXPECT_EQ(nav_date("1850-03"), "1850-03-01T00:00:00Z");
  EXPECT_EQ(nav_date("1850-03-02 14:05"), "1850-03-02T14:05:00Z");
  EXPECT_EQ(nav_date("-0044-03-15"), "-0044-03-15T00:00:00Z");
  EXPECT_EQ(nav_date("2020-01-01T00:30:00.5+02:00"), "2020-01-01T00:30:00.5+02:00");
  for (const char* wrong : {"", "18", "1850-13", "1850-02-30", "1850-01-01T25:00", "1850-01-01T00:00:00x", "1850-",
                            "c. 1850", "1850-01-01T10:00:00+2"}) {
    EXPECT_FALSE(nav_date(wrong)) << wrong;
  }
  EXPECT_EQ(nav_date_in_utc("2020-01-01T00:30:00.5+02:00"), "2019-12-31T22:30:00.5Z");
  EXPECT_EQ(nav_date_in_utc("2019-12-31T22:30:00-03:30"), "2020-01-01T02:00:00Z");
}

TEST(DescriptionValues, LanguageTags) {
  for (const char* good : {"de", "en-GB", "zh-Hant-TW", "x-private", "sgn"}) EXPECT_TRUE(is_language_tag(good)) << good;
  for (const char* bad : {"", "d", "de_AT", "de-", "-de", "123", "toolonglanguage"})
    EXPECT_FALSE(is_language_tag(bad)) << bad;
}

}  // namespace
}  // namespace armarium::iiif
