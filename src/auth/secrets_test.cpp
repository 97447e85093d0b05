#include "auth/secrets.h"

#include <gtest/gtest.h>

namespace armarium::auth {
namespace {

TEST(Secrets, APasswordMatchesItsHashAlone) {
  const auto hash = hash_password("correct horse battery");
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  EXPECT_TRUE(password_matches(*hash, "correct horse battery"));
  EXPECT_FALSE(password_matches(*hash, "correct horse batterY"));
  EXPECT_FALSE(password_matches("", ""));
  EXPECT_FALSE(password_matches("plain", "plain"));
  EXPECT_NE(*hash, *hash_password("correct horse battery"));
  EXPECT_TRUE(has_todays_cost(*hash));
}

TEST(Secrets, TheDecoyCostsAsMuchAsAPassword) { EXPECT_TRUE(has_todays_cost(decoy_hash())); }

TEST(Secrets, AKeyIsReadBack) {
  const ApiKey key = make_key();
  const std::string text = text_of(key);
  EXPECT_EQ(text.size(), 69U);
  const auto read = parse_key(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, key.id);
  EXPECT_EQ(read->secret, key.secret);
  EXPECT_NE(make_key().id, key.id);
  EXPECT_NE(make_key().secret, key.secret);
}

TEST(Secrets, WhatIsNoKeyIsRefused) {
  const std::string text = text_of(make_key());
  EXPECT_FALSE(parse_key(""));
  EXPECT_FALSE(parse_key("arm_"));
  EXPECT_FALSE(parse_key(text + "a"));
  EXPECT_FALSE(parse_key(text.substr(1)));
  for (const std::size_t at : {0U, 3U, 4U, 16U, 17U, 68U}) {
    std::string bad = text;
    bad[at] = '!';
    EXPECT_FALSE(parse_key(bad)) << at;
  }
}

TEST(Secrets, HashesDifferByTextAndKey) {
  EXPECT_EQ(hash_of_secret("a").size(), 64U);
  EXPECT_NE(hash_of_secret("a"), hash_of_secret("b"));
  EXPECT_TRUE(same_hash(hash_of_secret("a"), hash_of_secret("a")));
  EXPECT_FALSE(same_hash(hash_of_secret("a"), hash_of_secret("b")));
  EXPECT_FALSE(same_hash("aa", "a"));
  EXPECT_EQ(keyed_hash("k", "a"), keyed_hash("k", "a"));
  EXPECT_NE(keyed_hash("k", "a"), keyed_hash("l", "a"));
  EXPECT_NE(keyed_hash("k", "a"), keyed_hash("k", "b"));
}

}  // namespace
}  // namespace armarium::auth
