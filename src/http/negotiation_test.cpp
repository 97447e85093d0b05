#include "http/negotiation.h"

#include <gtest/gtest.h>

namespace armarium::http {
namespace {

constexpr const char* kP2 = "http://iiif.io/api/presentation/2/context.json";
constexpr const char* kP3 = "http://iiif.io/api/presentation/3/context.json";
const std::vector<Offer> kOffers = {
    {"application/ld+json", kP3}, {"application/json"}, {"application/ld+json", kP2}, {"text/html"}};

std::optional<std::size_t> chosen(std::string_view accept) { return choose_media_type(accept, kOffers); }

TEST(Negotiation, TakesTheFirstWhereNothingIsAsked) {
  EXPECT_EQ(chosen(""), 0U);
  EXPECT_EQ(chosen("*/*"), 0U);
  EXPECT_EQ(chosen("application/ld+json"), 0U);
  EXPECT_EQ(chosen("application/*"), 0U);
}

TEST(Negotiation, ReadsProfilesQuotedOrNot) {
  EXPECT_EQ(chosen(std::string("application/ld+json;profile=\"") + kP2 + "\""), 2U);
  EXPECT_EQ(chosen(std::string("application/ld+json; Profile=") + kP2), 2U);
  EXPECT_EQ(chosen(std::string("application/ld+json;charset=utf-8;profile=\"") + kP3 + "\""), 0U);
  EXPECT_EQ(chosen(std::string("application/ld+json;profile=\"http://other ") + kP2 + "\""), 2U);
  EXPECT_EQ(chosen("application/ld+json;profile=\"http://other\""), std::nullopt);
  EXPECT_EQ(chosen("application/ld+json;profile=\"http://other\", */*;q=0.1"), 0U);
  EXPECT_EQ(chosen(std::string("application/ld+json;profile=\"") + kP2 + "\", application/ld+json;q=0.9"), 2U);
}

TEST(Negotiation, WeighsQualities) {
  EXPECT_EQ(chosen("application/json"), 1U);
  EXPECT_EQ(chosen("APPLICATION/JSON;charset=utf-8"), 1U);
  EXPECT_EQ(chosen("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), 3U);
  EXPECT_EQ(chosen("application/json;q=0.5, text/html;q=0.4"), 1U);
  EXPECT_EQ(chosen("application/json;q=0, */*"), 0U);
  EXPECT_EQ(chosen("application/ld+json;q=0, */*;q=0.1"), 1U);
  EXPECT_EQ(chosen("image/png"), std::nullopt);
  EXPECT_EQ(chosen("*/*;q=0"), std::nullopt);
  EXPECT_EQ(chosen(", ;;q=, application/json;q=banana"), 1U);
}

TEST(Negotiation, ChoosesLanguages) {
  const std::vector<std::string> offers = {"en", "de", "zh-Hant"};
  EXPECT_EQ(choose_language("", offers), 0U);
  EXPECT_EQ(choose_language("de-AT,de;q=0.9,en;q=0.8", offers), 1U);
  EXPECT_EQ(choose_language("fr;q=1, de;q=0.3, en;q=0.2", offers), 1U);
  EXPECT_EQ(choose_language("zh", offers), 2U);
  EXPECT_EQ(choose_language("zh-Hant-TW", offers), 2U);
  EXPECT_EQ(choose_language("fr", offers), std::nullopt);
  EXPECT_EQ(choose_language("fr, *;q=0.1", offers), 0U);
}

TEST(Negotiation, ChoosesCodings) {
  EXPECT_EQ(choose_coding(""), Coding::identity);
  EXPECT_EQ(choose_coding("gzip, deflate, br, zstd"), Coding::brotli);
  EXPECT_EQ(choose_coding("gzip"), Coding::gzip);
  EXPECT_EQ(choose_coding("x-gzip"), Coding::gzip);
  EXPECT_EQ(choose_coding("br;q=0.5, gzip"), Coding::gzip);
  EXPECT_EQ(choose_coding("br;q=0, gzip;q=0"), Coding::identity);
  EXPECT_EQ(choose_coding("*"), Coding::brotli);
  EXPECT_EQ(choose_coding("identity, gzip;q=0.5"), Coding::identity);
  EXPECT_EQ(choose_coding("deflate"), Coding::identity);
}

}  // namespace
}  // namespace armarium::http
