#include "api/site/html.h"

#include <gtest/gtest.h>

namespace armarium::api::site {
namespace {

TEST(PermittedHtml, LetsTheElementsOfTheSpecificationThrough) {
  for (const char* value :
       {"<p>Text</p>", "<p>A <b>b</b><br>c<br/></p>", "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>",
        "<span>see <i>vol.</i> 2</span>", "<a href='mailto:x@example.org'>x</a>",
        "<p>x<img src=\"https://example.org/a.png\" alt=\"a &gt; b\"></p>"}) {
    EXPECT_TRUE(is_permitted_html(value)) << value;
    EXPECT_EQ(value_to_html(value), value);
  }
}

TEST(PermittedHtml, EscapesEverythingElse) {
  for (const char* value : {"<script>alert(1)</script>",
                            "<p onclick=\"x()\">a</p>",
                            "<a href=\"javascript:alert(1)\">x</a>",
                            "<a href=\" https://x\">x</a>",
                            "<p>a",
                            "<p>a</b>",
                            "</p><p>",
                            "<p><a href=\"https://x.org\" style=\"x\">a</a></p>",
                            "<img src=\"data:text/html,x\">",
                            "<svg></svg>",
                            "<p class=x>a</p>",
                            "<!-- <p>a</p> -->",
                            "<P>a</P>",
                            "<p><p <p>>",
                            "<a href=\"https://x.org\">",
                            "<>",
                            "<p>&lt;</p",
                            "<a href=\"data:x\">a</a>",
                            "<iframe src=\"https://x.org\"></iframe>",
                            "<p>a</p><scr<p>ipt>x</scr</p>ipt>"}) {
    EXPECT_FALSE(is_permitted_html(value)) << value;
    EXPECT_EQ(value_to_html(value).find('<'), std::string::npos) << value_to_html(value);
  }
}

TEST(PermittedHtml, LimitsNesting) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<b>";
  for (int i = 0; i < 1000; ++i) deep += "</b>";
  EXPECT_FALSE(is_permitted_html(deep));
}

TEST(Values, BecomeLinksAndLines) {
  EXPECT_EQ(value_to_html("https://example.org/?a=1&b=2"),
            "<a href=\"https://example.org/?a=1&amp;b=2\" dir=\"ltr\">https://example.org/?a=1&amp;b=2</a>");
  EXPECT_EQ(value_to_html("a & b\nc"), "a &amp; b<br>\nc");
  EXPECT_EQ(value_to_html("see https://example.org"), "see https://example.org");
  EXPECT_EQ(value_to_text("<p>A &amp; <b>B</b></p>"), "A & B");
  EXPECT_EQ(value_to_text("a < b"), "a < b");
}

TEST(Language, IsSaidWhereItDiffersFromThePage) {
  EXPECT_EQ(language_attributes("en", "en"), "");
  EXPECT_EQ(language_attributes("fr", "en"), " lang=\"fr\"");
  EXPECT_EQ(language_attributes("ar", "en"), " lang=\"ar\" dir=\"rtl\"");
  EXPECT_EQ(language_attributes("fr", "ar"), " lang=\"fr\" dir=\"ltr\"");
  EXPECT_EQ(language_attributes("", "en"), " dir=\"auto\"");
  EXPECT_EQ(language_attributes("x\"><script>", "en"), " lang=\"x&quot;&gt;&lt;script&gt;\"");
}

}  // namespace
}  // namespace armarium::api::site
