#include "ingest/biiif.h"

#include <gtest/gtest.h>

namespace armarium::ingest {
namespace {

TEST(Biiif, LinkedManifests) {
  const LinkedManifests found = read_manifests_yml(R"(manifests:
  - id: https://a.example/iiif/book1/index.json
    label: A book
    thumbnail: https://a.example/thumb.jpg
  - id: https://a.example/iiif/book2/index.json
  - label: without an address
)");
  ASSERT_EQ(found.items.size(), 2U);
  EXPECT_EQ(
      json::to_text(found.items[0]),
      R"({"id":"https://a.example/iiif/book1/index.json","label":{"none":["A book"]},"thumbnail":"https://a.example/thumb.jpg"})");
  EXPECT_EQ(json::to_text(found.items[1]),
            R"({"id":"https://a.example/iiif/book2/index.json","label":{"none":["book2"]}})");
  EXPECT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(read_manifests_yml("manifests: none").problems.size(), 1U);
  EXPECT_EQ(read_manifests_yml("[").problems.size(), 1U);
}

TEST(Biiif, Annotations) {
  EXPECT_EQ(json::to_text(read_annotation_yml("motivation: Commenting\nvalue: A fox\nxywh: 1,2,3,4\n").annotation),
            R"({"motivation":"commenting","value":"A fox","format":"text/plain","xywh":"1,2,3,4"})");
  EXPECT_EQ(
      json::to_text(read_annotation_yml("motivation: linking\nvalue: https://a.example/x.epub\ntype: Text\nformat: "
                                        "application/epub+zip\n")
                        .annotation),
      R"({"motivation":"linking","id":"https://a.example/x.epub","type":"Text","format":"application/epub+zip"})");
  EXPECT_EQ(json::to_text(read_annotation_yml("motivation: tagging\nvalue: Fuchs\nlanguage: de\n").annotation),
            R"({"motivation":"tagging","value":"Fuchs","format":"text/plain","language":"de"})");
  EXPECT_EQ(read_annotation_yml("motivation: tagging\nvalue: Fuchs\nlanguage: 7!\n").problems.size(), 1U);
  EXPECT_EQ(json::to_text(read_annotation_yml("value: page.jpg\nxywh: 1,2,3,4\n").annotation),
            R"({"motivation":"painting","value":"page.jpg","format":"text/plain","xywh":"1,2,3,4"})")
      << "painting, as biiif has it";
  EXPECT_TRUE(read_annotation_yml("value: page.jpg\n").problems.empty());
  EXPECT_EQ(json::to_text(read_annotation_yml("motivation: painting\nvalue: https://a.example/x.jpg\n").annotation),
            R"({"motivation":"painting","id":"https://a.example/x.jpg","type":"Image"})");
  EXPECT_EQ(read_annotation_yml("motivation: dancing\nvalue: x\n").problems.size(), 1U);
  EXPECT_EQ(read_annotation_yml("motivation: tagging\n").problems.size(), 1U);
  const auto html =
      read_annotation_yml("motivation: commenting\nformat: text/html\nvalue: <p>a<script>b</script></p>\n").annotation;
  EXPECT_EQ(json::text_of(html.get_object(), "value"), "<p>a</p>");
}

}  // namespace
}  // namespace armarium::ingest
