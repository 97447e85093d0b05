#include "api/site/locale.h"

#include <gtest/gtest.h>

namespace armarium::api::site {
namespace {

Strings language(std::string_view json) {
  auto strings = parse_strings(json);
  EXPECT_TRUE(strings) << strings.error().message;
  return *std::move(strings);
}

Catalogue catalogue() {
  return Catalogue(
      {language(
           R"({"language_code":"en","direction":"ltr","group_separator":",","hello":"Hello {name}","works":{"one":"{n} work","other":"{n} works"},"only":"English"})"),
       language(
           R"({"language_code":"de","direction":"ltr","group_separator":".","hello":"Hallo {name}","works":{"one":"{n} Werk","other":"{n} Werke"}})"),
       language(
           R"({"language_code":"ar","direction":"rtl","offered":false,"works":{"two":"two","few":"few {n}","many":"many","other":"other"}})")});
}

TEST(Locale, TakesTheQueryBeforeTheHeader) {
  const Catalogue languages = catalogue();
  EXPECT_EQ(languages.choose("de", "en").code(), "de");
  EXPECT_TRUE(languages.choose("de", "en").explicit_choice());
  EXPECT_FALSE(languages.choose("xx", "de").explicit_choice());
  EXPECT_EQ(languages.choose("xx", "de").code(), "de");
}

TEST(Locale, WeighsAcceptLanguage) {
  const Catalogue languages = catalogue();
  EXPECT_EQ(languages.choose("", "fr, en;q=0.3, de-AT;q=0.9").code(), "de");
  EXPECT_EQ(languages.choose("", "de;q=0, en;q=0.1").code(), "en");
  EXPECT_EQ(languages.choose("", "fr").code(), "en");
  EXPECT_EQ(languages.choose("", ";;,,;q=,").code(), "en");
}

TEST(Locale, OffersTheTestLanguageOnlyWhenAskedByName) {
  const Catalogue languages = catalogue();
  EXPECT_EQ(languages.choose("", "ar").code(), "en");
  EXPECT_EQ(languages.choose("ar", "").direction(), "rtl");
}

TEST(Locale, FillsArgumentsAndFallsBackToEnglish) {
  const Catalogue languages = catalogue();
  const Locale german = languages.choose("de", "");
  EXPECT_EQ(german.text("hello", {{"name", "Anna"}}), "Hallo Anna");
  EXPECT_EQ(german.text("hello"), "Hallo {name}");
  EXPECT_EQ(german.text("only"), "English");
  EXPECT_EQ(german.text("missing"), "missing");
}

TEST(Locale, CountsInPluralFormsWithGroupedDigits) {
  const Catalogue languages = catalogue();
  const Locale german = languages.choose("de", "");
  EXPECT_EQ(german.count("works", 1), "1 Werk");
  EXPECT_EQ(german.count("works", 1234567), "1.234.567 Werke");
  const Locale arabic = languages.choose("ar", "");
  EXPECT_EQ(arabic.count("works", 2), "two");
  EXPECT_EQ(arabic.count("works", 105), "few 105");
  EXPECT_EQ(arabic.count("works", 111), "many");
  EXPECT_EQ(arabic.count("works", 100), "other");
}

TEST(Locale, RefusesStringsThatAreSomethingElse) {
  EXPECT_FALSE(parse_strings(R"({"language_code":"en","a":1})"));
  EXPECT_FALSE(parse_strings(R"({"a":"b"})"));
  EXPECT_FALSE(parse_strings(R"(["a"])"));
  EXPECT_FALSE(parse_strings("{"));
}

TEST(Locale, KnowsTheDirectionOfLanguagesAndScripts) {
  EXPECT_EQ(direction_of("ar-EG"), "rtl");
  EXPECT_EQ(direction_of("az-Arab"), "rtl");
  EXPECT_EQ(direction_of("ar-Latn"), "ltr");
  EXPECT_EQ(direction_of("HE"), "rtl");
  EXPECT_EQ(direction_of("de"), "ltr");
  EXPECT_EQ(direction_of(""), "ltr");
}

LanguageMap map_of(std::vector<LanguageMap::Entry> entries) {
  LanguageMap map;
  map.entries = std::move(entries);
  return map;
}

// Presentation 3.0, 4.1 Language of Property Values: the rules one by one.
TEST(ChooseValues, FollowsTheSpecification) {
  const LanguageMap both = map_of({{"fr", {"f"}}, {"de-CH", {"d1", "d2"}}, {"none", {"n"}}});
  EXPECT_EQ(choose_values(both, "de").values, (std::vector<std::string>{"d1", "d2"}));
  EXPECT_EQ(choose_values(both, "de").language, "de-CH");
  EXPECT_EQ(choose_values(both, "it").values, std::vector<std::string>{"n"});
  EXPECT_EQ(choose_values(both, "it").language, "");
  EXPECT_EQ(choose_values(map_of({{"fr", {"f"}}, {"en", {"e"}}}), "it").language, "en");
  EXPECT_EQ(choose_values(map_of({{"fr", {"f"}}, {"la", {"l"}}}), "it").language, "fr");
  EXPECT_TRUE(choose_values({}, "en").values.empty());
}

}  // namespace
}  // namespace armarium::api::site
