#include "base/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

TEST(Utf8, WhatIsTextAndWhatIsNot) {
  for (const std::string_view text : {"", "plain", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x8E\xA8", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const std::string_view bytes :
       {"\xFF", "\xC3", "a\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"})
    EXPECT_FALSE(is_utf8(bytes));
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(Utf8, ShortenedTextIsStillText) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abc", 2), "ab");
  EXPECT_EQ(shortened("aä", 2), "a");
  EXPECT_EQ(shortened("a\xF0\x9F\x8E\xBB", 4), "a");
  EXPECT_EQ(shortened("ä", 0), "");
}

}  // namespace
}  // namespace armarium::base
