#include "check/check.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace armarium::check {
namespace {

constexpr std::string_view kManifest = R"({
  "@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://e.org/m", "type": "Manifest", "label": {"en": ["Book"]},
  "items": [{"id": "https://e.org/c1", "type": "Canvas", "width": 100, "height": 200, "items": [{"id": "https://e.org/p1", "type": "AnnotationPage", "items": [
    {"id": "https://e.org/a1", "type": "Annotation", "motivation": "painting", "target": "https://e.org/c1",
     "body": {"id": "https://e.org/1.jpg", "type": "Image", "format": "image/jpeg"}}]}]}]})";

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string out(text);
  const std::size_t at = out.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return out.replace(at, what.size(), by);
}

// The places of the musts that are broken, each followed by a blank.
std::string broken(std::string_view text) {
  const Checked checked = check_text(text);
  std::string out;
  for (const Finding& finding : checked.report.findings()) {
    if (finding.level == Level::must) out += finding.path + ' ';
  }
  return out;
}

TEST(Check, AManifestMayNameContextsOfItsServices) {
  for (const char* other : {"search/1", "search/2", "image/3", "image/2", "auth/1", "auth/2", "discovery/1"}) {
    const std::string both = "[\"http://iiif.io/api/" + std::string(other) +
                             "/context.json\", \"http://iiif.io/api/presentation/3/context.json\"]";
    const Checked checked = check_text(replaced(kManifest, "\"http://iiif.io/api/presentation/3/context.json\"", both));
    EXPECT_EQ(checked.specification, "Presentation 3.0") << other;
    EXPECT_EQ(checked.report.count(Level::must), 0U) << other;
  }
}

TEST(Check, OneIdForTwoThings) {
  EXPECT_EQ(broken(replaced(kManifest, R"("id": "https://e.org/p1")", R"("id": "https://e.org/c1")")),
            "items/0/items/0/id ");
}

TEST(Check, SaysNothingOfWhatIsRight) {
  const Checked checked = check_text(kManifest);
  EXPECT_EQ(checked.kind, "Manifest");
  EXPECT_EQ(checked.specification, "Presentation 3.0");
  EXPECT_EQ(checked.report.count(Level::must), 0U);
  EXPECT_GT(checked.report.count(Level::should), 0U) << "summary, metadata and others are recommended";
}

TEST(Check, SaysWhereAndWhy) {
  const Checked checked = check_text(replaced(kManifest, "\"height\": 200", "\"height\": \"200\""));
  ASSERT_EQ(checked.report.count(Level::must), 1U);
  const Finding& finding = checked.report.findings().back();
  const auto found = std::find_if(checked.report.findings().begin(), checked.report.findings().end(),
                                  [](const Finding& one) { return one.level == Level::must; });
  EXPECT_EQ(found->path, "items/0/height") << finding.message;
  EXPECT_EQ(found->clause, "Presentation 3.0, 3.2 height");
  EXPECT_EQ(found->message, "height must be a whole number above 0.");
}

TEST(Check, FindsWhatPointsNowhere) {
  EXPECT_EQ(broken(replaced(kManifest, "\"target\": \"https://e.org/c1\"", "\"target\": \"https://e.org/c2\"")),
            "items/0/items/0/items/0/target ");
  EXPECT_EQ(broken(replaced(kManifest, "\"target\": \"https://e.org/c1\"",
                            "\"target\": \"https://e.org/c1#xywh=50,0,60,10\"")),
            "items/0/items/0/items/0/target ");
  EXPECT_EQ(broken(replaced(kManifest, "\"target\": \"https://e.org/c1\",", "")), "items/0/items/0/items/0 ");
}

TEST(Check, TellsKindsApart) {
  const auto kind = [](std::string_view text) {
    const Checked checked = check_text(text);
    return checked.kind + "/" + checked.specification;
  };
  EXPECT_EQ(kind(R"({"@context": "http://iiif.io/api/image/3/context.json", "type": "ImageService3"})"),
            "info.json/Image 3.0");
  EXPECT_EQ(kind(R"({"@type": "sc:Manifest"})"), "sc:Manifest/Presentation 2.1");
  EXPECT_EQ(kind(R"({"type": "OrderedCollection"})"), "OrderedCollection/Change Discovery 1.0");
  EXPECT_EQ(kind(R"({"type": "Annotation", "motivation": ["contentState"]})"), "content state/Content State 1.0");
  EXPECT_EQ(kind(R"({"type": "AuthProbeResult2"})"), "AuthProbeResult2/Authorization Flow 2.0");
  EXPECT_EQ(kind(R"({"type": "Scene"})"), "Scene/Presentation 4.0");
  EXPECT_EQ(kind(R"({"a": 1})"), "unknown/");
}

TEST(Check, WhatIsNoDocumentIsAFindingToo) {
  EXPECT_EQ(check_text("{").report.count(Level::must), 1U);
  EXPECT_EQ(check_text("[]").report.count(Level::must), 1U);
  EXPECT_EQ(check_text("{}").report.count(Level::must), 1U);
}

TEST(Check, SaysTheSameAtMostTwentyTimes) {
  std::string items;
  for (int i = 0; i < 50; ++i) items += R"({"type": "Canvas"},)";
  items.pop_back();
  const Checked checked = check_text(R"({"type": "Manifest", "items": [)" + items + "]}");
  EXPECT_GT(checked.report.left_out(), 0U);
  EXPECT_LT(checked.report.findings().size(), 200U);
}

}  // namespace
}  // namespace armarium::check
