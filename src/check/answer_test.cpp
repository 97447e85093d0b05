#include "check/answer.h"

#include <gtest/gtest.h>

namespace armarium::check {
namespace {

constexpr std::string_view kText =
    R"({"@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://e.org/m%2f1", "type": "Manifest"})";

// The sentences that the answer adds, joined.
std::string said(const Answer& answer, std::string_view text = kText) {
  const json::Value document = *json::parse(text);
  Checked checked = check_document(document);
  const std::size_t before = checked.report.findings().size();
  check_answer(answer, document, checked);
  std::string out;
  for (std::size_t at = before; at < checked.report.findings().size(); ++at) {
    const Finding& finding = checked.report.findings()[at];
    out += finding.path + (finding.level == Level::must ? " must: " : " should: ") + finding.message + '\n';
  }
  return out;
}

const Answer kGood{.asked = "https://e.org/m%2F1",
                   .address = "https://e.org/m%2F1",
                   .content_type = "application/ld+json;profile=\"x\"",
                   .allow_origin = "*"};

TEST(CheckAnswer, SaysNothingOfAGoodOne) {
  EXPECT_EQ(said(kGood), "");
  Answer answer = kGood;
  answer.asked = "https://old.org/m1";  // redirected
  EXPECT_EQ(said(answer), "");
  answer = kGood;
  answer.asked = answer.address = "https://E.org:443/m%2F1";
  EXPECT_EQ(said(answer), "");
}

TEST(CheckAnswer, WhereADocumentIsPublished) {
  Answer answer = kGood;
  answer.asked = answer.address = "http://e.org/m%2F1";
  EXPECT_NE(said(answer).find("id must: The document says that it is published at https://e.org/m%2f1, and is "
                              "published at http://e.org/m%2F1."),
            std::string::npos);
}

TEST(CheckAnswer, InfoJsonLiesBelowItsImage) {
  constexpr std::string_view kInfo =
      R"({"@context": "http://iiif.io/api/image/3/context.json", "id": "https://e.org/i", "type": "ImageService3"})";
  Answer answer = kGood;
  answer.asked = answer.address = "https://e.org/i/info.json";
  EXPECT_EQ(said(answer, kInfo), "");
  answer.asked = answer.address = "https://e.org/j/info.json";
  EXPECT_NE(said(answer, kInfo), "");
}

TEST(CheckAnswer, TypeAndOrigin) {
  Answer answer = kGood;
  answer.content_type = "text/html; charset=utf-8";
  EXPECT_NE(said(answer).find(" should: The Content-Type of the answer is \"text/html; charset=utf-8\""),
            std::string::npos);
  answer = kGood;
  answer.allow_origin.clear();
  EXPECT_NE(said(answer).find(" must: The answer has no Access-Control-Allow-Origin"), std::string::npos);
  answer.allow_origin = "https://only.example";
  EXPECT_NE(said(answer), "");
}

TEST(CheckLinks, ToOtherDocuments) {
  const json::Value collection = *json::parse(
      R"({"id": "https://e.org/top", "type": "Collection", "partOf": [{"id": "https://e.org/up", "type": "Collection"}],
    "thumbnail": [{"id": "https://e.org/t.jpg", "type": "Image", "service": [{"id": "https://e.org/t/", "type": "ImageService3"}]}],
    "items": [{"id": "https://e.org/m", "type": "Manifest"}, {"id": "https://e.org/c", "type": "Collection"}, {"id": "https://e.org/m", "type": "Manifest"}]})");
  EXPECT_EQ(documents_linked(collection),
            (std::vector<std::string>{"https://e.org/t/info.json", "https://e.org/m", "https://e.org/c"}));
  const json::Value manifest = *json::parse(
      R"({"id": "https://e.org/m", "type": "Manifest", "service": [{"id": "https://e.org/search", "type": "SearchService2"}],
    "items": [{"id": "https://e.org/m/c1", "type": "Canvas", "items": [{"id": "https://e.org/m/p1", "type": "AnnotationPage", "items": []}],
               "annotations": [{"id": "https://e.org/m/a1", "type": "AnnotationPage"}]}]})");
  EXPECT_EQ(documents_linked(manifest), (std::vector<std::string>{"https://e.org/m/a1"}));
  const json::Value old = *json::parse(
      R"({"@id": "https://e.org/m", "@type": "sc:Manifest", "sequences": [{"@type": "sc:Sequence", "canvases": [{"@type": "sc:Canvas", "@id": "https://e.org/c",
    "images": [{"resource": {"@id": "https://e.org/1.jpg", "service": {"@id": "https://e.org/1", "profile": "http://iiif.io/api/image/2/level1.json"}}}],
    "otherContent": [{"@id": "https://e.org/list", "@type": "sc:AnnotationList"}]}]}]})");
  EXPECT_EQ(documents_linked(old), (std::vector<std::string>{"https://e.org/1/info.json", "https://e.org/list"}));
  const json::Value stream = *json::parse(
      R"({"id": "https://e.org/all", "type": "OrderedCollection", "first": {"id": "https://e.org/p0", "type": "OrderedCollectionPage"}, "last": {"id": "https://e.org/p9", "type": "OrderedCollectionPage"}})");
  EXPECT_EQ(documents_linked(stream), (std::vector<std::string>{"https://e.org/p0", "https://e.org/p9"}));
}

}  // namespace
}  // namespace armarium::check
