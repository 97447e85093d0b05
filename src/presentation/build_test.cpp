#include "presentation/build.h"

#include <set>

#include <gtest/gtest.h>

#include "iiif/presentation/document.h"
#include "presentation/ranges.h"

namespace armarium::presentation {
namespace {

namespace doc = iiif::presentation;
using iiif::LanguageMap;

catalogue::Asset asset(const std::string& identifier, image::Size size) {
  catalogue::Asset asset;
  asset.identifier = identifier;
  asset.path = identifier + ".jpg";
  asset.size = size;
  asset.state = catalogue::AssetState::ready;
  asset.manifest = "book";
  return asset;
}

// Three pages, the second damaged; a description with everything; two chapters.
std::shared_ptr<catalogue::Manifest> book() {
  auto manifest = std::make_shared<catalogue::Manifest>();
  manifest->identifier = "b\u00FCcher~book";
  const char* description = R"({"label":{"de":["Das Buch"],"en":["The book"]},"summary":{"en":["<p>Old.</p>"]},
    "metadata":[{"label":{"en":["Creator"]},"value":{"none":["A","B"]}}],
    "requiredStatement":{"label":{"en":["Attribution"]},"value":{"en":["House"]}},
    "rights":"http://creativecommons.org/licenses/by/4.0/","navDate":"1850-01-01T01:00:00+01:00",
    "provider":[{"label":{"de":["Haus"]},"logo":[{"id":"https://e.org/logo.png"}]}],
    "behavior":["paged","continuous","multi-part"],"viewingDirection":"right-to-left",
    "navPlace":{"type":"FeatureCollection","features":[]},
    "homepage":"https://e.org/book","seeAlso":{"id":"https://e.org/book.xml","format":"text/xml"},
    "rendering":[{"id":"https://e.org/book.pdf","label":"PDF","format":"application/pdf"},"https://e.org/plain"]})";
  manifest->description = *iiif::Description::from_json(*json::parse(description));
  for (const char* name : {"p1", "p2", "p3"}) {
    catalogue::Canvas canvas;
    canvas.identifier = manifest->identifier + "~" + name;
    canvas.label = LanguageMap::none(name);
    canvas.extent = {2000, 3000};
    canvas.assets.push_back(asset(canvas.identifier, canvas.extent));
    manifest->canvases.push_back(canvas);
  }
  manifest->canvases[1].assets.clear();
  catalogue::Member parent;
  parent.identifier = "b\u00FCcher";
  parent.kind = catalogue::ItemKind::collection;
  parent.label = LanguageMap::none("B\u00FCcher");
  manifest->parents.push_back(parent);
  manifest->ranges = *json::parse(
      R"([{"label":"One","pages":"1-2"},{"label":"Two","items":["p3"],"ranges":[{"label":"Deep","pages":[3]}]},
    {"label":"Nowhere","items":["p9"]}])");
  return manifest;
}

Addresses neutral() { return {"https://host/x", Style::neutral, Version::v3}; }

doc::AddressOf expander(const Addresses& addresses) {
  return [addresses](std::string_view local) { return addresses.expand(local); };
}

json::Value written(Version version, const std::shared_ptr<const catalogue::Manifest>& manifest,
                    Style style = Style::neutral) {
  const Addresses addresses("https://host/x", style, version);
  auto parsed = json::parse(doc::write_manifest(version, build_manifest(manifest, version), expander(addresses)));
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
  return *parsed;
}

std::string text(const json::Value& value, std::string_view pointer) {
  boost::system::error_code failed;
  const json::Value* found = value.find_pointer(pointer, failed);
  if (found == nullptr) return "(absent)";
  return found->is_string() ? std::string(found->get_string()) : json::to_text(*found);
}

// Calls `visit` with every object, and the key that it stands under.
template <class Visit>
void walk(const json::Value& value, std::string_view key, Visit visit) {
  if (const json::Object* object = value.if_object()) {
    visit(*object, key);
    for (const auto& member : *object) walk(member.value(), member.key(), visit);
  } else if (const json::Array* array = value.if_array()) {
    for (const json::Value& item : *array) walk(item, key, visit);
  }
}

TEST(Manifest3, SaysWhatIsKnown) {
  const json::Value m = written(Version::v3, book());
  EXPECT_EQ(m.get_object().begin()->key(), "@context");
  EXPECT_EQ(text(m, "/@context/1"), "http://iiif.io/api/presentation/3/context.json");
  EXPECT_EQ(text(m, "/id"), "https://host/x/iiif/b%C3%BCcher~book/manifest");
  EXPECT_EQ(text(m, "/type"), "Manifest");
  EXPECT_EQ(text(m, "/label/de/0"), "Das Buch");
  EXPECT_EQ(text(m, "/requiredStatement/value/en/0"), "House");
  EXPECT_EQ(text(m, "/rights"), "http://creativecommons.org/licenses/by/4.0/");
  EXPECT_EQ(text(m, "/navDate"), "1850-01-01T01:00:00+01:00");
  EXPECT_EQ(text(m, "/behavior"), R"(["paged"])");
  EXPECT_EQ(text(m, "/viewingDirection"), "right-to-left");
  EXPECT_EQ(text(m, "/provider/0/type"), "Agent");
  EXPECT_EQ(text(m, "/provider/0/id"), "https://host/x/");
  EXPECT_EQ(text(m, "/provider/0/logo/0/type"), "Image");
  EXPECT_EQ(text(m, "/homepage/0/id"), "https://host/x/item/b%C3%BCcher~book");
  EXPECT_EQ(text(m, "/homepage/0/format"), "text/html");
  EXPECT_EQ(text(m, "/homepage/1/label/none/0"), "https://e.org/book");
  EXPECT_EQ(text(m, "/rendering/1/label/none/0"), "https://e.org/plain");
  EXPECT_EQ(text(m, "/partOf/0/id"), "https://host/x/iiif/b%C3%BCcher/collection");
  EXPECT_EQ(text(m, "/partOf/0/type"), "Collection");
}

TEST(Manifest3, PaintsWithAFetchablePictureAndBothServices) {
  const json::Value m = written(Version::v3, book());
  const std::string body = "/items/0/items/0/items/0/body";
  const std::string service = "https://host/x/iiif/image/3/b%C3%BCcher~book~p1";
  EXPECT_EQ(text(m, "/items/0/id"), "https://host/x/iiif/canvas/b%C3%BCcher~book~p1");
  EXPECT_EQ(text(m, body + "/id"), service + "/full/max/0/default.jpg");
  EXPECT_EQ(text(m, body + "/width"), "2000");
  EXPECT_EQ(text(m, body + "/height"), "3000");
  EXPECT_EQ(text(m, body + "/format"), "image/jpeg");
  EXPECT_EQ(text(m, body + "/service/0/id"), service);
  EXPECT_EQ(text(m, body + "/service/0/type"), "ImageService3");
  EXPECT_EQ(text(m, body + "/service/1/@id"), "https://host/x/iiif/image/2/b%C3%BCcher~book~p1");
  EXPECT_EQ(text(m, body + "/service/1/@type"), "ImageService2");
  EXPECT_EQ(text(m, "/items/0/items/0/items/0/target"), text(m, "/items/0/id"));
}

TEST(Manifest3, ThumbnailsAreOfASizeThatTheServiceLists) {
  const auto manifest = book();
  const json::Value m = written(Version::v3, manifest);
  const std::string width = text(m, "/items/0/thumbnail/0/width");
  const std::string height = text(m, "/items/0/thumbnail/0/height");
  EXPECT_EQ(text(m, "/items/0/thumbnail/0/id"),
            "https://host/x/iiif/image/3/b%C3%BCcher~book~p1/full/" + width + "," + height + "/0/default.jpg");
  EXPECT_LT(std::stoi(height), 800);
  EXPECT_EQ(text(m, "/thumbnail/0/id"), text(m, "/items/0/thumbnail/0/id"));
}

TEST(Manifest3, KeepsADamagedPageInItsPlaceWithoutContent) {
  const json::Value m = written(Version::v3, book());
  EXPECT_EQ(text(m, "/items/1/items"), "[]");
  EXPECT_EQ(text(m, "/items/1/width"), "2000");
  EXPECT_NE(text(m, "/items/1/metadata/0/value/en/0"), "(absent)");
  EXPECT_EQ(text(m, "/items/1/thumbnail"), "(absent)");
  EXPECT_EQ(text(m, "/items/2/metadata"), "(absent)");
}

TEST(Manifest3, IdsAreUniqueAndListsAreNotEmpty) {
  const json::Value m = written(Version::v3, book());
  std::set<std::string> ids;
  walk(m, "", [&](const json::Object& object, std::string_view key) {
    const std::string_view type = json::text_of(object, "type");
    const bool reference = type == "Canvas" && object.if_contains("items") == nullptr;
    const bool owned = key == "items" || key == "structures";
    if (owned && !reference && type != "Image") {
      EXPECT_TRUE(ids.insert(std::string(json::text_of(object, "id"))).second) << json::text_of(object, "id");
    }
    for (const auto& member : object) {
      if (type == "Canvas" && member.key() == "items") continue;  // a damaged page
      if (key == "navPlace") continue;
      const json::Array* array = member.value().if_array();
      EXPECT_FALSE(array != nullptr && array->empty()) << member.key();
    }
    EXPECT_TRUE(key == "service" || object.if_contains("@id") == nullptr);
  });
  EXPECT_EQ(ids.size(), 3U + 2U + 2U + 4U);  // canvases, pages, annotations, ranges
}

TEST(Manifest, IsTheSameEachTime) {
  for (const Version version : {Version::v2, Version::v3}) {
    const Addresses addresses("https://host", Style::neutral, version);
    auto first = doc::produce_manifest(version, build_manifest(book(), version), expander(addresses));
    EXPECT_EQ(doc::whole(*first), doc::write_manifest(version, build_manifest(book(), version), expander(addresses)));
  }
}

TEST(Manifest, ComesInPieces) {
  auto producer = doc::produce_manifest(Version::v3, build_manifest(book(), Version::v3), expander(neutral()));
  std::string out;
  EXPECT_TRUE(producer->pull(out));
  EXPECT_NE(out.find("~p1"), std::string::npos);
  EXPECT_EQ(out.find("canvas/b%C3%BCcher~book~p2"), std::string::npos);
  EXPECT_TRUE(producer->pull(out));
  EXPECT_FALSE(producer->pull(out));
  EXPECT_TRUE(json::parse(out));
  EXPECT_FALSE(producer->pull(out));
}

TEST(Manifest2, SaysTheSameInItsWords) {
  const json::Value m = written(Version::v2, book(), Style::versioned);
  EXPECT_EQ(text(m, "/@context"), "http://iiif.io/api/presentation/2/context.json");
  EXPECT_EQ(text(m, "/@id"), "https://host/x/iiif/presentation/2/b%C3%BCcher~book/manifest");
  EXPECT_EQ(text(m, "/@type"), "sc:Manifest");
  EXPECT_EQ(text(m, "/label/1/@language"), "en");
  EXPECT_EQ(text(m, "/description/@value"), "<p>Old.</p>");
  EXPECT_EQ(text(m, "/attribution/@value"), "House");
  EXPECT_EQ(text(m, "/license"), "http://creativecommons.org/licenses/by/4.0/");
  EXPECT_EQ(text(m, "/navDate"), "1850-01-01T00:00:00Z");
  EXPECT_EQ(text(m, "/viewingHint"), "paged");
  EXPECT_EQ(text(m, "/logo"), "https://e.org/logo.png");
  EXPECT_EQ(text(m, "/metadata/0/value"), R"(["A","B"])");
  EXPECT_EQ(text(m, "/metadata/1/value/@value"), "Haus");
  EXPECT_EQ(text(m, "/related/0/@id"), "https://host/x/item/b%C3%BCcher~book");
  EXPECT_EQ(text(m, "/related/2/@id"), "https://e.org/plain");  // a rendering needs label and format
  EXPECT_EQ(text(m, "/rendering/0/format"), "application/pdf");
  EXPECT_EQ(text(m, "/within"), "https://host/x/iiif/presentation/2/b%C3%BCcher/collection");
  EXPECT_EQ(text(m, "/seeAlso/1/@id"),
            "https://host/x/iiif/presentation/3/b%C3%BCcher~book/manifest");  // navPlace is there
}

TEST(Manifest2, HasTheCanvasesOfVersion3) {
  const json::Value m2 = written(Version::v2, book());
  const json::Value m3 = written(Version::v3, book());
  for (const char* i : {"0", "1", "2"}) {
    const std::string canvas2 = std::string("/sequences/0/canvases/") + i;
    const std::string canvas3 = std::string("/items/") + i;
    EXPECT_EQ(text(m2, canvas2 + "/@id"), text(m3, canvas3 + "/id"));
    EXPECT_EQ(text(m2, canvas2 + "/width"), text(m3, canvas3 + "/width"));
    EXPECT_EQ(text(m2, canvas2 + "/height"), text(m3, canvas3 + "/height"));
  }
  const std::string image = "/sequences/0/canvases/0/images/0";
  EXPECT_EQ(text(m2, image + "/motivation"), "sc:painting");
  EXPECT_EQ(text(m2, image + "/on"), text(m2, "/sequences/0/canvases/0/@id"));
  EXPECT_EQ(text(m2, image + "/resource/@id"),
            "https://host/x/iiif/image/2/b%C3%BCcher~book~p1/full/full/0/default.jpg");
  EXPECT_EQ(text(m2, image + "/resource/service/@context"), "http://iiif.io/api/image/2/context.json");
  EXPECT_EQ(text(m2, "/sequences/0/canvases/1/images"), "[]");
}

TEST(Manifest2, LimitsAreKeptByTheAddress) {
  auto manifest = book();
  manifest->canvases[0].assets[0].limits.max_width = 1000;
  const json::Value m2 = written(Version::v2, manifest);
  EXPECT_EQ(text(m2, "/sequences/0/canvases/0/images/0/resource/width"), "667");  // maxHeight is 1000 too
  EXPECT_EQ(text(m2, "/sequences/0/canvases/0/images/0/resource/@id"),
            "https://host/x/iiif/image/2/b%C3%BCcher~book~p1/full/667,1000/0/default.jpg");
  const json::Value m3 = written(Version::v3, manifest);
  EXPECT_EQ(text(m3, "/items/0/items/0/items/0/body/height"), "1000");
  EXPECT_EQ(text(m3, "/items/0/width"), "2000");
}

TEST(Ranges, MakeOneTreeOfWhatIsThere) {
  const json::Value m = written(Version::v3, book());
  EXPECT_EQ(text(m, "/structures/0/id"), "https://host/x/iiif/range/b%C3%BCcher~book=r0");
  EXPECT_EQ(text(m, "/structures/1"), "(absent)");
  EXPECT_EQ(text(m, "/structures/0/items/0/label/none/0"), "One");
  EXPECT_EQ(text(m, "/structures/0/items/0/items/1/id"), text(m, "/items/1/id"));
  EXPECT_EQ(text(m, "/structures/0/items/1/items/0/type"), "Canvas");
  EXPECT_EQ(text(m, "/structures/0/items/1/items/1/id"), "https://host/x/iiif/range/b%C3%BCcher~book=r2.1");
  EXPECT_EQ(text(m, "/structures/0/items/2"), "(absent)");  // names no page
}

TEST(Ranges, OfAnotherOrderStandBesideTheContents) {
  auto manifest = std::make_shared<catalogue::Manifest>(*book());
  manifest->ranges = *json::parse(
      R"([{"label":"One","pages":1,"behavior":"no-nav"},{"label":"Backwards","behavior":["sequence"],"items":[2,1]}])");
  const json::Value m = written(Version::v3, manifest);
  EXPECT_EQ(text(m, "/structures/0/label/none/0"), "One");
  EXPECT_EQ(text(m, "/structures/0/behavior/0"), "no-nav");
  EXPECT_EQ(text(m, "/structures/1/label/none/0"), "Backwards");
  EXPECT_EQ(text(m, "/structures/1/behavior/0"), "sequence");
  EXPECT_EQ(text(m, "/structures/1/items/0/id"), text(m, "/items/1/id"));
  EXPECT_EQ(manifest_of_range("b=r0.1"), "b");
  EXPECT_EQ(text(m, "/structures/1/id"), "https://host/x/iiif/range/b%C3%BCcher~book=r0.1");
}

TEST(Ranges, AreFlatInVersion2) {
  const json::Value m = written(Version::v2, book());
  EXPECT_EQ(text(m, "/structures/0/viewingHint"), "top");
  EXPECT_EQ(text(m, "/structures/0/ranges/1"), text(m, "/structures/2/@id"));
  EXPECT_EQ(text(m, "/structures/1/canvases/0"), text(m, "/sequences/0/canvases/0/@id"));
  EXPECT_EQ(text(m, "/structures/2/members/1/@type"), "sc:Range");
  EXPECT_EQ(text(m, "/structures/2/members/0/label"), "p3");
  EXPECT_EQ(text(m, "/structures/3/@id"), text(m, "/structures/2/members/1/@id"));
}

TEST(Ranges, AreFoundByTheirIdentifier) {
  EXPECT_EQ(manifest_of_range("a~b=r1.2"), "a~b");
  EXPECT_EQ(manifest_of_range("a=r1~b=r0"), "a=r1~b");
  for (const char* wrong : {"a", "a=r", "a=rx", "a=r1~b"}) EXPECT_EQ(manifest_of_range(wrong), "") << wrong;
  const auto manifest = book();
  const json::Value tree(ranges_of(*manifest));
  const auto find = [&](const char* role) {
    return find_in(tree, Addresses::local().range(manifest->identifier + role), "Range");
  };
  EXPECT_NE(find("=r2.1"), nullptr);
  EXPECT_EQ(find("=r3"), nullptr);
}

TEST(Ranges, SurviveAnything) {
  auto manifest = book();
  for (const char* ranges :
       {"1", "[]", "[1,[2],\"3\"]", R"([{"pages":"4294967299-1"},{"pages":"0-99999999"},{"pages":{"a":1}}])",
        R"({"label":7})"}) {
    manifest->ranges = *json::parse(ranges);
    for (const json::Value& range : ranges_of(*manifest))
      EXPECT_FALSE(doc::array_in(range.get_object(), "items").empty()) << ranges;
  }
}

catalogue::Collection shelf(std::size_t members, std::uint64_t total) {
  catalogue::Collection collection;
  collection.identifier = "shelf";
  collection.total = total;
  for (std::size_t i = 0; i < members; ++i) {
    catalogue::Member member;
    member.identifier = "m" + std::to_string(i);
    member.kind = i % 2 == 0 ? catalogue::ItemKind::manifest : catalogue::ItemKind::collection;
    member.thumbnail = asset(member.identifier, {500, 400});
    collection.members.push_back(member);
  }
  return collection;
}

json::Value parsed(std::string_view document) { return *json::parse(document); }

TEST(Collection3, NamesItsMembers) {
  const json::Value c = parsed(doc::write_resource(Version::v3, build_collection(shelf(3, 3)), expander(neutral())));
  EXPECT_EQ(text(c, "/id"), "https://host/x/iiif/shelf/collection");
  EXPECT_EQ(text(c, "/label/none/0"), "shelf");
  EXPECT_EQ(text(c, "/items/0/id"), "https://host/x/iiif/m0/manifest");
  EXPECT_EQ(text(c, "/items/0/items"), "(absent)");
  EXPECT_EQ(text(c, "/items/1/type"), "Collection");
  EXPECT_EQ(text(c, "/items/1/label/none/0"), "m1");
  EXPECT_NE(text(c, "/items/2/thumbnail/0/service/0/id"), "(absent)");
}

TEST(Collection2, UsesMembersOnlyWhereKindsAreMixed) {
  const Addresses addresses("https://host", Style::versioned, Version::v2);
  catalogue::Collection collection = shelf(3, 3);
  json::Value c = parsed(doc::write_resource(Version::v2, build_collection(collection), expander(addresses)));
  EXPECT_EQ(text(c, "/members/1/viewingHint"), "individuals");
  EXPECT_EQ(text(c, "/manifests"), "(absent)");
  EXPECT_EQ(text(c, "/members/0/@id"), "https://host/iiif/presentation/2/m0/manifest");
  collection.members.erase(collection.members.begin());
  c = parsed(doc::write_resource(Version::v2, build_collection(collection), expander(addresses)));
  EXPECT_EQ(text(c, "/members"), "(absent)");
  EXPECT_EQ(text(c, "/collections/0/@id"), "https://host/iiif/presentation/2/m1/collection");
  EXPECT_EQ(text(c, "/manifests/0/label"), "m2");
}

TEST(Collection, TheTopHasAName) {
  catalogue::Collection top;
  const json::Value c = parsed(doc::write_resource(Version::v3, build_collection(top), expander(neutral())));
  EXPECT_EQ(text(c, "/id"), "https://host/x/iiif/collection");
  EXPECT_EQ(text(c, "/label/en/0"), "Collection");
  EXPECT_EQ(text(c, "/homepage/0/id"), "https://host/x/");
}

json::Value alone(Version version, const json::Object& tree) {
  return parsed(doc::write_resource(version, tree, expander(neutral())));
}

TEST(Canvas, StandsAloneAtItsId) {
  const auto manifest = book();
  const json::Object canvas = build_canvas(manifest->canvases[0]);
  const json::Value document = alone(Version::v3, canvas);
  const std::string id = neutral().canvas(manifest->canvases[0].identifier);
  EXPECT_EQ(text(document, "/@context"), "http://iiif.io/api/presentation/3/context.json");
  EXPECT_EQ(text(document, "/id"), id);
  const json::Object page = canvas.at("items").at(0).get_object();
  const json::Value list = alone(Version::v2, page);
  EXPECT_EQ(text(list, "/@type"), "sc:AnnotationList");
  EXPECT_EQ(text(list, "/resources/0/on"), id);
  const json::Value annotation = alone(Version::v3, page.at("items").at(0).get_object());
  EXPECT_EQ(text(annotation, "/id"), text(document, "/items/0/items/0/id"));
  EXPECT_EQ(text(annotation, "/@context"), "http://iiif.io/api/presentation/3/context.json");
}

TEST(Canvas, SeveralPicturesAreAChoiceWithLabels) {
  catalogue::Canvas canvas = book()->canvases[0];
  canvas.assets.push_back(asset("other", {100, 150}));
  canvas.assets.push_back(canvas.assets.front());  // a second format of the same picture
  const json::Object tree = build_canvas(canvas);
  const json::Value c = alone(Version::v3, tree);
  EXPECT_EQ(text(c, "/items/0/items/0/body/type"), "Choice");
  EXPECT_EQ(text(c, "/items/0/items/0/body/items/1/label/none/0"), "other.jpg");
  EXPECT_EQ(text(c, "/items/0/items/0/body/items/2"), "(absent)");
  const json::Value c2 = alone(Version::v2, tree);
  EXPECT_EQ(text(c2, "/images/0/resource/@type"), "oa:Choice");
  EXPECT_EQ(text(c2, "/images/0/resource/item/0/label"), "other.jpg");
}

TEST(Canvas, PaintingsAreOnePlacedAndOneNot) {
  catalogue::Canvas canvas = book()->canvases[0];
  canvas.assets.push_back(asset("inset", {100, 150}));
  canvas.annotations = {json::Object{{"motivation", "painting"}, {"asset", "inset"}, {"xywh", "10,20,100,150"}},
                        json::Object{{"motivation", "painting"}, {"value", "A caption"}, {"format", "text/plain"}},
                        json::Object{{"motivation", "commenting"}, {"value", "A note"}, {"format", "text/plain"}}};
  const json::Object tree = build_canvas(canvas);
  const std::string id = neutral().canvas(canvas.identifier);
  const json::Value c = alone(Version::v3, tree);
  const std::string items = "/items/0/items/";
  EXPECT_EQ(text(c, items + "0/body/type"), "Image");
  EXPECT_EQ(text(c, items + "0/target"), id);
  EXPECT_EQ(text(c, items + "1/body/id"), "https://host/x/iiif/image/3/inset/full/max/0/default.jpg");
  EXPECT_EQ(text(c, items + "1/target"), id + "#xywh=10,20,100,150");
  EXPECT_EQ(text(c, items + "2/body/type"), "TextualBody");
  EXPECT_EQ(text(c, items + "2/motivation"), "painting");
  EXPECT_EQ(text(c, items + "3"), "(absent)");
  EXPECT_EQ(text(c, "/annotations/0/items/0/body/value"), "A note");
  EXPECT_TRUE(text(c, "/annotations/0/items/0/id").ends_with("=a3"));
  const json::Value c2 = alone(Version::v2, tree);
  EXPECT_EQ(text(c2, "/images/1/on"), id + "#xywh=10,20,100,150");
  EXPECT_EQ(text(c2, "/images/1/resource/@type"), "dctypes:Image");
  EXPECT_EQ(text(c2, "/images/2"), "(absent)");
  EXPECT_EQ(text(c2, "/otherContent/0/@id"), text(c, "/annotations/0/id"));
}

TEST(Canvas, IsInVersion4WhatItIs) {
  const json::Value c = alone(Version::v4, build_canvas(book()->canvases[0]));
  EXPECT_EQ(text(c, "/@context"), "http://iiif.io/api/presentation/4/context.json");
  EXPECT_EQ(text(c, "/items/0/items/0/motivation/0"), "painting");
  EXPECT_EQ(text(c, "/items/0/items/0/target/id"), text(c, "/id"));
  EXPECT_EQ(text(c, "/items/0/items/0/target/type"), "Canvas");
  EXPECT_EQ(json::to_text(c).find("\"@2\""), std::string::npos);
}

TEST(Labels, LookingLikeHtmlAreMarkedAsText) {
  auto manifest = book();
  manifest->description.label = LanguageMap::none("<i>x</i>");
  EXPECT_EQ(text(written(Version::v3, manifest), "/label/none/0"), "<i>x</i> ");
  EXPECT_EQ(text(written(Version::v2, manifest), "/label"), "<i>x</i> ");
}

}  // namespace
}  // namespace armarium::presentation
