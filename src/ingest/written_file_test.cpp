#include "ingest/written_file.h"

#include <gtest/gtest.h>

#include "ingest/yaml_reader.h"
#include "ingest/yaml_writer.h"

namespace armarium::ingest {
namespace {

const store::ItemKey kItem{store::Kind::manifest, "book"};

json::Value read_back(const json::Value& value) {
  YamlLimits limits;
  limits.numbers = true;
  auto read = read_yaml(to_yaml(value), limits);
  EXPECT_TRUE(read) << to_yaml(value) << read.error().reason;
  return read ? std::move(read->value) : json::Value();
}

TEST(YamlWriter, WhatIsWrittenIsReadBack) {
  for (
      const char* text :
      {R"({"a":"plain","b":"","c":"yes","d":"Null","e":"1850","f":"a: b","g":"# no","h":" x","i":"x ","j":"a\nb","k":"-","l":"~"})",
       R"({"width":12,"height":-3,"duration":12.5,"far":1e3,"on":true,"off":false,"none":null,"empty":{},"list":[]})",
       R"({"items":[[1,[2,3]],{"a":{"b":[{"c":"d"},"e"]}},"x",[],{}]})",
       R"({"label":{"en":["1850","true","1.10"]},"navDate":"1850","id":"12","summary":{"de":["Grüße — „so“"]}})",
       R"({"@id":"https://x/y?z=1#xywh=1,2,3,4","key with: sign":"c:","tab":"\t\"q\"\\","u":"\u2028x","'":"'"})"}) {
    const auto value = json::parse(text);
    ASSERT_TRUE(value);
    EXPECT_EQ(json::to_text(read_back(*value)), json::to_text(*value)) << to_yaml(*value);
  }
}

TEST(YamlWriter, PeopleCanReadIt) {
  const auto value =
      json::parse(R"({"label":{"en":["A book"]},"metadata":[{"label":{"en":["By"]},"value":{"none":["Ann"]}}]})");
  EXPECT_EQ(to_yaml(*value),
            "label:\n  en:\n    - A book\nmetadata:\n  - label:\n      en:\n        - By\n    value:\n      none:\n    "
            "    - Ann\n");
}

TEST(WrittenFile, PropertiesInAllTheirSpellings) {
  const auto read = read_written("summary: {en: Hand made}\nmetadata: {Creator: Ann}\nrights: null\n", kItem);
  ASSERT_TRUE(read) << read.error().reason;
  ASSERT_EQ(read->patches.size(), 1U);
  const json::Object& patch = read->patches.front().get_object();
  EXPECT_EQ(json::to_text(patch.at("summary")), R"({"en":["Hand made"]})");
  EXPECT_TRUE(patch.at("rights").is_null());
  EXPECT_EQ(written_text(*read_written(written_text(*read), kItem)), written_text(*read));
}

TEST(WrittenFile, PatchesBecomeOneWhereThatSaysTheSame) {
  const auto one = read_written("- summary: {en: [One]}\n- summary: {de: [Eins]}\n  label: {en: [L]}\n", kItem);
  ASSERT_TRUE(one);
  ASSERT_EQ(one->patches.size(), 1U);
  EXPECT_EQ(json::to_text(one->patches.front().at("summary")), R"({"en":["One"],"de":["Eins"]})");
  // Removed and made anew: what lies below must not come through.
  const auto two = read_written("- summary: null\n- summary: {de: [Neu]}\n", kItem);
  ASSERT_TRUE(two);
  EXPECT_EQ(two->patches.size(), 2U);
  EXPECT_EQ(written_text(*read_written(written_text(*two), kItem)), written_text(*two));
}

TEST(WrittenFile, SaysWhatIsWrong) {
  EXPECT_EQ(read_written("label: {en: [A]}\nitems2: 1\nid: x\n", kItem).error().line, 3);
  EXPECT_EQ(read_written("a: [1\n", kItem).error().line > 0, true);
  for (const char* text :
       {"just text\n", "- 1\n", "items: 7\n", "type: Manifest\nitems: []\n", "[[[[", "a: &x [*x]\n"}) {
    const auto read = read_written(text, kItem);
    ASSERT_FALSE(read) << text;
    EXPECT_FALSE(read.error().reason.empty());
  }
}

TEST(WrittenFile, ScriptsDoNotComeInByAFile) {
  const auto read = read_written("summary: {en: [\"<p onclick='x()'>a<script>alert(1)</script></p>\"]}\n", kItem);
  ASSERT_TRUE(read);
  EXPECT_EQ(json::to_text(read->patches.front().at("summary")), R"({"en":["<p>a</p>"]})");
}

TEST(WrittenFile, WholeDocuments) {
  const char* text = R"(type: Manifest
id: https://this.invalid/iiif/book/manifest
label: {en: [1850]}
items:
  - id: https://this.invalid/iiif/canvas/book~p1
    type: Canvas
    width: 600
    height: 400
)";
  const auto read = read_written(text, kItem);
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(json::text_of(read->document.at("items").at(0).get_object(), "id"), "/iiif/canvas/book~p1");
  EXPECT_EQ(read->document.at("label").at("en").at(0), json::Value("1850"));
  EXPECT_TRUE(read->document.at("items").at(0).at("width").is_number());
  EXPECT_EQ(written_text(*read_written(written_text(*read), kItem)), written_text(*read));
}

TEST(WrittenFile, Names) {
  EXPECT_EQ(written_name(kItem, {}, true), "written.yml");
  EXPECT_EQ(written_name(kItem, "fox", true), "fox.written.yml");
  EXPECT_EQ(written_name({store::Kind::collection, "a"}, {}, true), "collection.written.yml");
  const store::ItemKey alone{store::Kind::collection, "a~b c"};
  EXPECT_EQ(item_of_written_name(written_name(alone, {}, false)), alone);
  EXPECT_FALSE(item_of_written_name("fox.written.yml"));
  EXPECT_FALSE(item_of_written_name(".manifest.written.yml"));
}

}  // namespace
}  // namespace armarium::ingest
