#include "xml/document.h"

#include <gmock/gmock.h>

#include "xml/markup.h"

namespace armarium::xml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kMets = "http://www.loc.gov/METS/";

TEST(Document, ComparesNamespacesNotPrefixes) {
  const auto document = Document::parse(
      R"(<?xml version="1.0"?>
<a:mets xmlns:a="http://www.loc.gov/METS/" xmlns:x="http://www.w3.org/1999/xlink" LABEL="A &amp; B">
  <div xmlns="http://www.loc.gov/METS/" x:href="u"><fptr/><in xmlns=""/></div><a:div/><div/>
</a:mets>)");
  ASSERT_TRUE(document) << document.error().reason;
  const Node root = document->root();
  EXPECT_TRUE(root.is(kMets, "mets"));
  EXPECT_EQ(root.attribute("LABEL"), "A & B");
  EXPECT_EQ(root.attributes().size(), 1U);
  std::vector<int> lines;
  for (const Node div : root.children(kMets, "div")) lines.push_back(div.line());
  EXPECT_THAT(lines, ElementsAre(3, 3));
  const Node div = root.child(kMets, "div");
  EXPECT_EQ(div.attribute(kXlinkSpace, "href"), "u");
  EXPECT_EQ(div.attribute("href"), "");
  EXPECT_TRUE(div.child(kMets, "fptr"));
  EXPECT_TRUE(div.child("", "in"));
  EXPECT_FALSE(div.child(kMets, "in"));
  EXPECT_EQ(div.child(kMets, "fptr").parent(), div);
  EXPECT_FALSE(root.parent());
  EXPECT_EQ(root.child("", "div").line(), 3);
}

TEST(Document, GivesTextCollapsed) {
  const auto document = Document::parse(
      "<p xml:lang='de'>  Ein\n <b>gro</b>ßes <i>Haus</i>\n<i>am</i> <u>See</u> <![CDATA[ <b> ]]>&#228;<!-- no "
      "-->&lt;</p>");
  ASSERT_TRUE(document) << document.error().reason;
  EXPECT_EQ(document->root().text(), "Ein großes Haus am See <b> ä<");
  EXPECT_EQ(document->root().child("", "i").language(), "de");
  std::vector<bool> texts;
  for (const Node node : document->root().content()) texts.push_back(node.is_text());
  EXPECT_EQ(texts.front(), true);
  EXPECT_EQ(document->root().child("", "none").text(), "");
}

TEST(Document, ListsEverythingBelow) {
  const auto document = Document::parse("<a><b n='1'><b n='2'/></b><c><b n='3'/></c>x</a>");
  ASSERT_TRUE(document);
  std::string found;
  for (const Node node : document->root().below("", "b")) found += node.attribute("n");
  EXPECT_EQ(found, "123");
  found.clear();
  for (const Node node : document->root().child("", "b").below(kAnySpace, {})) found += node.attribute("n");
  EXPECT_EQ(found, "2");
}

TEST(Document, ReadsEncodings) {
  const auto latin = Document::parse("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>gr\xFC\xDF</a>");
  ASSERT_TRUE(latin) << latin.error().reason;
  EXPECT_EQ(latin->root().text(), "grüß");
  const auto windows = Document::parse("<?xml version='1.0' encoding='windows-1252'?><a>\x80\x93</a>");
  ASSERT_TRUE(windows);
  EXPECT_EQ(windows->root().text(), "€“");
  std::string little("\xFF\xFE", 2);
  for (const char sign : std::string_view("<a>x\n</a>")) little += {sign, '\0'};
  const auto wide = Document::parse(little);
  ASSERT_TRUE(wide) << wide.error().reason;
  EXPECT_EQ(wide->root().text(), "x");
  std::string big;
  for (const char sign : std::string_view("<a>x</a>")) big += {'\0', sign};
  EXPECT_TRUE(Document::parse(big));
}

TEST(Document, RefusesTextInAnotherEncodingThanItSays) {
  const auto wrong = Document::parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\ngr\xFC\xDF</a>");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().line, 3);
  EXPECT_THAT(wrong.error().reason, HasSubstr("UTF-8"));
  const auto unknown = Document::parse("<?xml version=\"1.0\" encoding=\"EBCDIC\"?><a/>");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().reason, HasSubstr("EBCDIC"));
  EXPECT_FALSE(Document::parse(std::string_view("<\0\0\0a\0\0\0", 8)));
  EXPECT_FALSE(Document::parse(std::string_view("\xFF\xFE<\0a\0\x01\xDC", 8)));
}

TEST(Document, NeverExpandsEntitiesOfADocumentType) {
  const auto document = Document::parse(
      "<!DOCTYPE a [\n<!ENTITY x \"]>\">\n<!ENTITY y \"&x;&x;\">\n<!ENTITY z SYSTEM \"file:///etc/passwd\">\n]>\n"
      "<a b='&y;'>&y;&z;&amp;</a>");
  ASSERT_TRUE(document) << document.error().reason;
  EXPECT_EQ(document->root().text(), "&y;&z;&");
  EXPECT_EQ(document->root().attribute("b"), "&y;");
  EXPECT_EQ(document->root().line(), 6);
  ASSERT_EQ(document->notes().size(), 1U);
  EXPECT_EQ(document->notes().front().line, 1);
}

TEST(Document, NamesWhatIsWrongWithItsLine) {
  const auto expect = [](std::string_view text, int line, const char* part) {
    const auto document = Document::parse(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().line, line) << text;
    EXPECT_THAT(document.error().reason, HasSubstr(part)) << text;
  };
  expect("<a>\n<b>\n</a>", 3, "line 2");
  expect("<a>\n<b>", 2, "cut off");
  expect("<a/>\n<b/>", 2, "after the end");
  expect("<a/>\nx", 2, "after the end");
  expect("hello", 1, "no XML");
  expect("", 1, "no XML element");
  expect("<a>\n<!-- ", 2, "comment");
  expect("<a b='>", 1, "attribute");
  expect("<a>\n &#0;</a>", 2, "&#0;");
  expect("<a>&#xD800;</a>", 1, "character");
  expect("<a>1 < 2</a>", 1, "&lt;");
  expect("<a><b c=1></b></a>", 1, "well-formed");
  expect("</a>", 1, "no start tag");
}

TEST(Document, HoldsItsLimits) {
  EXPECT_EQ(Document::parse("<a><b/></a>", {.elements = 1}).error().code, base::ErrorCode::resource_limit);
  EXPECT_TRUE(Document::parse("<a><b/></a>", {.elements = 2}));
  EXPECT_EQ(Document::parse("<a><b/></a>", {.depth = 1}).error().code, base::ErrorCode::resource_limit);
  EXPECT_EQ(Document::parse("<a b='' c=''/>", {.attributes = 1}).error().code, base::ErrorCode::resource_limit);
  EXPECT_EQ(Document::parse("<a/>", {.bytes = 3}).error().code, base::ErrorCode::too_large);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_THAT(Document::parse(deep).error().reason, HasSubstr("nested"));
}

TEST(Document, ReadsControlCharactersAsSpaces) {
  const auto document = Document::parse(std::string_view("<a>\nx\x01y\0z</a>", 13));
  ASSERT_TRUE(document) << document.error().reason;
  EXPECT_EQ(document->root().text(), "x y z");
  ASSERT_EQ(document->notes().size(), 1U);
  EXPECT_EQ(document->notes().front().line, 2);
}

TEST(Document, ANameIsNeverEmpty) {
  const auto document = Document::parse("<a><b:/></a>");
  ASSERT_TRUE(document) << document.error().reason;
  for (const Node node : document->root().below(kAnySpace, {})) EXPECT_FALSE(node.name().empty());
}

TEST(Document, StaysWhereItsNodesLook) {
  auto document = Document::parse("<a><b>1</b></a>");
  ASSERT_TRUE(document);
  const Node inner = document->root().child("", "b");
  const Document moved = std::move(*document);
  EXPECT_EQ(inner.text(), "1");
  EXPECT_EQ(moved.root().child("", "b"), inner);
}

TEST(Sniff, FindsTheFirstElement) {
  const auto root = [](std::string_view head) {
    const RootName name = sniff(base::as_bytes(head));
    return name.space + '|' + name.name;
  };
  EXPECT_EQ(root("<?xml version='1.0'?>\n<!-- <x> -->\n<m:mets a='>' xmlns:m='http://www.loc.gov/METS/'>"),
            "http://www.loc.gov/METS/|mets");
  EXPECT_EQ(root("\xEF\xBB\xBF<ead xmlns=\"urn:isbn:1-931666-22-9\""), "urn:isbn:1-931666-22-9|ead");
  EXPECT_EQ(root("<!DOCTYPE ead [ <!ENTITY a 'b'> ]><ead>"), "|ead");
  EXPECT_EQ(root("<!DOCTYPE ead SYSTEM 'ead.dtd'><ead>"), "|ead");
  EXPECT_EQ(root(std::string_view("\xFF\xFE<\0a\0>\0", 8)), "|a");
  EXPECT_EQ(root("{\"a\": \"<b>\"}"), "|");
  EXPECT_EQ(root(""), "|");
}

}  // namespace
}  // namespace armarium::xml
