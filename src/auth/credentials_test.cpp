#include "auth/credentials.h"

#include <gtest/gtest.h>

#include "auth/names.h"

namespace armarium::auth {
namespace {

using base::ErrorCode;

TEST(Authorization, ReadsBasic) {
  const auto read = parse_authorization("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617, 2
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, Credentials::Kind::basic);
  EXPECT_EQ(read->name, "Aladdin");
  EXPECT_EQ(read->secret, "open sesame");
  EXPECT_EQ(parse_authorization("bAsIc   QWxhZGRpbjpvcGVuIHNlc2FtZQ")->secret, "open sesame");
  EXPECT_EQ(parse_authorization("Basic dGVzdDoxMjPCow==")->secret, "123\xc2\xa3");  // RFC 7617, 2.1
  EXPECT_EQ(parse_authorization("Basic YTpiOmM=")->secret, "b:c");
}

TEST(Authorization, NormalisesNameAndPassword) {
  const auto read = parse_authorization("Basic ZcyBOmXMgQ==");  // e and a combining acute, twice
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "é");
  EXPECT_EQ(read->secret, "é");
}

TEST(Authorization, ANameThatNobodyCanHaveIsEmpty) {
  EXPECT_EQ(parse_authorization("Basic OnNlY3JldA==")->name, "");  // ":secret"
  EXPECT_EQ(parse_authorization("Basic c3lzdGVtOng=")->name, "");  // "system:x"
  EXPECT_EQ(parse_authorization("Basic gIA6YQ==")->name, "");      // no UTF-8
}

TEST(Authorization, ReadsBearer) {
  const auto read = parse_authorization("bearer arm_abc-._~+/==");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, Credentials::Kind::bearer);
  EXPECT_EQ(read->secret, "arm_abc-._~+/==");
}

TEST(Authorization, RefusesEverythingElse) {
  for (const char* header :
       {"", " ", "Basic", "Basic ", "Basic !!!!", "Basic YWI=", "Basic YTr/", "Basicx YTpi", "Bearer", "Bearer ",
        "Bearer a b", "Bearer =", "Bearer a=b", "Bearer \xc3\xa9", "Digest username=x", "Negotiate YTpi", "YTpi"}) {
    const auto read = parse_authorization(header);
    ASSERT_FALSE(read) << header;
    EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(read.error().message.ends_with('.')) << read.error().message;
  }
  EXPECT_FALSE(parse_authorization("Bearer " + std::string(5000, 'a')));
}

TEST(UserNames, AreComposedAndLimited) {
  EXPECT_EQ(*user_name("e\xcc\x81va"), "éva");
  EXPECT_EQ(*user_name("ada lovelace"), "ada lovelace");
  EXPECT_EQ(*user_name("ada@example.org"), "ada@example.org");
  EXPECT_TRUE(user_name(std::string(128, 'a')));
  for (const std::string& bad :
       {std::string(), std::string(129, 'a'), std::string("a:b"), std::string(" a"), std::string("a "),
        std::string("a\nb"), std::string("a\0b", 3), std::string("\xff"), std::string("a\xe2\x80\x8b"),
        std::string("a\xe2\x80\xae"), std::string("system"), std::string("anonymous")})
    EXPECT_EQ(user_name(bad).error().code, ErrorCode::invalid_argument) << bad;
}

TEST(Passwords, HaveALeastLengthInCharacters) {
  EXPECT_FALSE(new_password("123456789"));
  EXPECT_TRUE(new_password("1234567890"));
  EXPECT_FALSE(new_password("ééééé"));  // ten bytes
  EXPECT_FALSE(new_password(std::string(1025, 'a')));
  EXPECT_FALSE(new_password(std::string("0123456789\0", 11)));
  EXPECT_FALSE(normal_password("\xff\xff"));
}

}  // namespace
}  // namespace armarium::auth
