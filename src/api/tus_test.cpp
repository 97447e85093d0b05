#include "api/tus.h"

#include <gtest/gtest.h>

namespace armarium::api::tus {
namespace {

TEST(Tus, ReadsMetadata) {
  const auto read = read_metadata("filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at("filename"), "world_domination_plan.pdf");
  EXPECT_EQ(read->at("is_confidential"), "");
  EXPECT_EQ(read->size(), 2U);
  EXPECT_TRUE(read_metadata("")->empty());
  EXPECT_EQ(read_metadata("name YQ== , folder Yg==")->at("folder"), "b");
  EXPECT_EQ(read_metadata("name ")->at("name"), "");
}

TEST(Tus, RefusesMetadataThatIsNone) {
  for (const char* text : {"filename not-base64", "filename YQ=", "filename YQ==, filename Yg==", "a YQ==,,b YQ==",
                           " , ", "a YR==", "filename Y===", "filename =YQ="})
    EXPECT_FALSE(read_metadata(text)) << text;
  EXPECT_FALSE(read_metadata("k\xC3\xA9y YQ=="));
  std::string many = "k0";
  for (int i = 1; i < 50; ++i) many += ",k" + std::to_string(i);
  EXPECT_TRUE(read_metadata(many));
  EXPECT_FALSE(read_metadata(many + ",k50"));
}

TEST(Tus, ReadsChecksums) {
  const auto sum = read_checksum("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->algorithm, "sha1");
  EXPECT_EQ(sum->digest.size(), 20U);
  for (const char* text : {"", "sha1", "sha1 ", "sha1 ?", "sha1 YQ"}) EXPECT_FALSE(read_checksum(text)) << text;
}

TEST(Tus, ReadsNumbers) {
  EXPECT_EQ(read_number("0"), 0U);
  EXPECT_EQ(read_number("18446744073709551615"), 18446744073709551615U);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616"})
    EXPECT_FALSE(read_number(text)) << text;
}

}  // namespace
}  // namespace armarium::api::tus
