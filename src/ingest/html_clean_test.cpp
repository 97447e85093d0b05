#include "ingest/html_clean.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace armarium::ingest {
namespace {

TEST(CleanHtml, PlainTextStaysAsItIs) {
  for (const char* text : {"", "Tom & Jerry", "a < b", "1 < 2 and 3 > 2", "x <", "&amp;", "\"quoted\""})
    EXPECT_EQ(clean_html(text), text);
}

TEST(CleanHtml, PermittedElementsStay) {
  EXPECT_EQ(clean_html("<p>A <b>bold</b> word</p>"), "<p>A <b>bold</b> word</p>");
  EXPECT_EQ(clean_html("<a href=\"https://example.org/?a=1&amp;b=2\">x</a>"),
            "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>");
  EXPECT_EQ(clean_html("<p>one<br>two</p>"), "<p>one<br/>two</p>");
  EXPECT_EQ(clean_html("<em>x</em>"), "<i>x</i>");
  EXPECT_EQ(clean_html("<span><img src='https://e.org/a.jpg' alt='A \"b\"' onerror='x'></span>"),
            "<span><img src=\"https://e.org/a.jpg\" alt=\"A &quot;b&quot;\"/></span>");
}

TEST(CleanHtml, OneElementAroundItAll) {
  EXPECT_EQ(clean_html("<p>one</p><p>two</p>"), "<span><p>one</p><p>two</p></span>");
  EXPECT_EQ(clean_html("Text with <i>markup</i>"), "<span>Text with <i>markup</i></span>");
}

TEST(CleanHtml, NothingDangerousIsLeft) {
  for (const char* text :
       {"<script>alert(1)</script>", "<p onclick='x()'>a</p>", "<a href='javascript:x()'>a</a>",
        "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe src='https://e.org'></iframe>",
        "<a href=' java\nscript:x'>a</a>", "<style>p{}</style><p>a</p>", "<p style='x'>a</p>",
        "<a href='data:text/html,x'>a</a>", "<math><mi xlink:href='javascript:x'>", "<object data='x'></object>",
        "<p>a<!-- <script> --></p>", "<textarea><p>a</textarea>"}) {
    const std::string clean = clean_html(text);
    for (const char* bad :
         {"script", "onclick", "onerror", "onload", "iframe", "style", "data:", "object", "<!--", "svg"}) {
      EXPECT_EQ(clean.find(bad), std::string::npos) << text << " gave " << clean;
    }
  }
  EXPECT_EQ(clean_html("<script>alert(1)</script>"), "");
  EXPECT_EQ(clean_html("<h1>Title</h1>"), "Title") << "the text of other elements stays";
}

TEST(CleanHtml, TheResultIsWellFormedXml) {
  for (const char* text :
       {"<p>a", "<b><i>a</b></i>", "<p>1 < 2 & 3</p>", "<p>&nbsp;&eacute;</p>", "<br>", "a<br>b", "<p>\x01\x02</p>",
        "<p>]]></p>", "<p title='a<b'>x</p>", "<b></b>", "<p>a<p>b", "<a href='https://e.org/\"><b>'>x</a>"}) {
    const std::string clean = clean_html(text);
    pugi::xml_document document;
    const auto parsed = document.load_buffer(clean.data(), clean.size(), pugi::parse_full);
    EXPECT_TRUE(parsed) << text << " gave " << clean;
    EXPECT_TRUE(clean.starts_with('<') && clean.ends_with('>')) << clean;
  }
}

TEST(CleanHtml, DepthIsLimited) {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "<b>";
  EXPECT_LT(clean_html(deep).size(), 2000U);
}

}  // namespace
}  // namespace armarium::ingest
