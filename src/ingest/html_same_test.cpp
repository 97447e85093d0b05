#include "ingest/html_same.h"

#include <gtest/gtest.h>

#include "ingest/html_clean.h"

namespace armarium::ingest {
namespace {

bool kept(const char* text) { return says_the_same(text, clean_html(text)); }

TEST(HtmlSame, OtherQuotesAndEntitiesAreTheSame) {
  EXPECT_TRUE(kept("<p>a <a href='https://e.org/'>link</a> &amp; b</p>"));
  EXPECT_TRUE(kept("<span>plain</span>"));
  EXPECT_TRUE(kept("Words with <i>one</i> mark inside"));
}

TEST(HtmlSame, WhatWasTakenAwayIsSeen) {
  EXPECT_FALSE(kept("<p style='color:red'>a</p>"));
  EXPECT_FALSE(kept("<p>a<script>alert(1)</script></p>"));
  EXPECT_FALSE(kept("<p onclick='x()'>a</p>"));
  EXPECT_FALSE(kept("<p>a <a href='javascript:x()'>b</a></p>"));
  EXPECT_FALSE(kept("<p>not closed"));
  EXPECT_FALSE(kept("a <script>x</script> b"));
}

}  // namespace
}  // namespace armarium::ingest
