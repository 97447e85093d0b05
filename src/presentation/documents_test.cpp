#include "presentation/documents.h"

#include <stdlib.h>

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalogue/change_set.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::presentation {
namespace {

using base::ErrorCode;

const base::Principal kEverybody = base::Principal::public_visitor();
const Address kNeutral{"https://host", Style::neutral, {}};
const Address kVersioned{"https://host", Style::versioned, {}};

class DocumentsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "armarium-documents-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto opened = store::open_sqlite(folder_ / "store.sqlite");
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
    catalogue_ = std::make_unique<catalogue::Catalogue>(*store_);
    documents_ = std::make_unique<Documents>(*catalogue_);
  }
  void TearDown() override {
    documents_.reset();
    catalogue_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void apply(const catalogue::ChangeSet& changes) {
    auto revision = catalogue_->apply(changes);
    ASSERT_TRUE(revision) << revision.error().detail;
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<catalogue::Catalogue> catalogue_;
  std::unique_ptr<Documents> documents_;
};

catalogue::Canvas page_of(const std::string& identifier) {
  catalogue::Asset asset;
  asset.identifier = identifier;
  asset.path = identifier + ".png";
  asset.size = {400, 300};
  asset.version = "1";
  asset.state = catalogue::AssetState::ready;
  return {identifier, iiif::LanguageMap::none(identifier), asset.size, {asset}, {}, {}};
}

catalogue::ManifestChange item(const std::string& identifier, int pages) {
  catalogue::ManifestChange change;
  change.identifier = identifier;
  change.folder = identifier;
  for (int page = 1; page <= pages; ++page) change.canvases.push_back(page_of(fmt::format("{}~p{}", identifier, page)));
  return change;
}

catalogue::CollectionChange shelf(const std::string& identifier, const std::vector<catalogue::ManifestChange>& items) {
  catalogue::CollectionChange change;
  change.identifier = identifier;
  for (const catalogue::ManifestChange& member : items)
    change.members.push_back({store::Kind::manifest, member.identifier});
  return change;
}

json::Value text_of(base::Result<Document>& document) {
  EXPECT_TRUE(document) << (document ? "" : document.error().message);
  if (!document) return {};
  const std::string text = document->producer ? iiif::presentation::whole(*document->producer) : document->text;
  auto parsed = json::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : json::Value();
}

std::string at(const json::Value& value, std::string_view pointer) {
  boost::system::error_code failed;
  const json::Value* found = value.find_pointer(pointer, failed);
  if (found == nullptr) return "(absent)";
  return found->is_string() ? std::string(found->get_string()) : json::to_text(*found);
}

TEST_F(DocumentsTest, TheIdIsTheAddressThatWasAsked) {
  catalogue::ChangeSet changes;
  changes.manifests = {item("a~b", 2)};
  changes.collections = {shelf("", changes.manifests)};
  apply(changes);
  auto neutral = documents_->manifest(Version::v3, "a~b", kNeutral, kEverybody);
  EXPECT_EQ(at(text_of(neutral), "/id"), "https://host/iiif/a~b/manifest");
  EXPECT_EQ(neutral->id, "https://host/iiif/a~b/manifest");
  EXPECT_GT(neutral->revision, 0U);
  auto versioned = documents_->manifest(Version::v2, "a~b", kVersioned, kEverybody);
  EXPECT_EQ(at(text_of(versioned), "/@id"), "https://host/iiif/presentation/2/a~b/manifest");
  Address spelled = kNeutral;
  spelled.spelling = "a%2Fb";
  auto echoed = documents_->manifest(Version::v3, "a~b", spelled, kEverybody);
  EXPECT_EQ(at(text_of(echoed), "/id"), "https://host/iiif/a%2Fb/manifest");
  auto top = documents_->collection(Version::v3, "", 0, kVersioned, kEverybody);
  EXPECT_EQ(at(text_of(top), "/id"), "https://host/iiif/presentation/3/collection");
  EXPECT_EQ(at(text_of(top), "/items/0/id"), "https://host/iiif/presentation/3/a~b/manifest");
}

TEST_F(DocumentsTest, WhatStandsInAManifestStandsAloneToo) {
  catalogue::ChangeSet changes;
  changes.manifests = {item("book", 3)};
  changes.manifests[0].canvases[1].assets.clear();
  changes.manifests[0].ranges = *json::parse(R"([{"label":"One","pages":"1-2"},{"label":"Two","pages":3}])");
  apply(changes);
  auto manifest = documents_->manifest(Version::v3, "book", kNeutral, kEverybody);
  const json::Value whole = text_of(manifest);
  auto canvas = documents_->canvas(Version::v3, "book~p1", kNeutral, kEverybody);
  const json::Value alone = text_of(canvas);
  EXPECT_EQ(at(alone, "/items"), at(whole, "/items/0/items"));
  EXPECT_EQ(at(alone, "/partOf/0/id"), at(whole, "/id"));
  auto damaged = documents_->canvas(Version::v3, "book~p2", kNeutral, kEverybody);
  EXPECT_EQ(at(text_of(damaged), "/id"), at(whole, "/items/1/id"));
  auto page = documents_->annotation_page(Version::v3, "book~p3", kNeutral, kEverybody);
  EXPECT_EQ(at(text_of(page), "/id"), at(whole, "/items/2/items/0/id"));
  EXPECT_EQ(page->id, at(whole, "/items/2/items/0/id"));
  auto annotation = documents_->annotation(Version::v2, "book~p3", kNeutral, kEverybody);
  EXPECT_EQ(at(text_of(annotation), "/@id"), at(whole, "/items/2/items/0/items/0/id"));
  auto range = documents_->range(Version::v3, "book=r2", kNeutral, kEverybody);
  EXPECT_EQ(at(text_of(range), "/id"), at(whole, "/structures/0/items/1/id"));
  EXPECT_EQ(at(text_of(range), "/partOf/0/id"), at(whole, "/id"));
}

TEST_F(DocumentsTest, WhatIsNotThereIsSaidSo) {
  catalogue::ChangeSet changes;
  changes.manifests = {item("book", 1), item("empty", 0), item("soon", 0)};
  changes.manifests[2].complete = false;
  changes.manifests[0].canvases[0].assets.clear();
  apply(changes);
  const auto code = [](const base::Result<Document>& document) {
    return document ? ErrorCode::internal : document.error().code;
  };
  EXPECT_EQ(code(documents_->manifest(Version::v3, "none", kNeutral, kEverybody)), ErrorCode::not_found);
  EXPECT_EQ(code(documents_->manifest(Version::v3, "empty", kNeutral, kEverybody)), ErrorCode::not_found);
  EXPECT_EQ(code(documents_->manifest(Version::v3, "soon", kNeutral, kEverybody)), ErrorCode::not_ready);
  EXPECT_EQ(code(documents_->canvas(Version::v3, "book~p9", kNeutral, kEverybody)), ErrorCode::not_found);
  EXPECT_EQ(code(documents_->annotation(Version::v3, "book~p1", kNeutral, kEverybody)), ErrorCode::not_found);
  EXPECT_EQ(code(documents_->range(Version::v3, "book=r1", kNeutral, kEverybody)), ErrorCode::not_found);
  EXPECT_EQ(code(documents_->collection(Version::v3, "none", 0, kNeutral, kEverybody)), ErrorCode::not_found);
}

TEST_F(DocumentsTest, WhatWasDeletedIsGoneWithAllItsParts) {
  catalogue::ChangeSet changes;
  changes.manifests = {item("book", 2)};
  changes.manifests[0].canvases[1].assets.clear();
  apply(changes);
  catalogue::ChangeSet removal;
  removal.removed = {{store::Kind::manifest, "book"}};
  apply(removal);
  EXPECT_EQ(documents_->manifest(Version::v3, "book", kNeutral, kEverybody).error().code, ErrorCode::gone);
  for (const char* page : {"book~p1", "book~p2"}) {
    EXPECT_EQ(documents_->canvas(Version::v3, page, kNeutral, kEverybody).error().code, ErrorCode::gone) << page;
  }
  EXPECT_EQ(documents_->range(Version::v3, "book=r0", kNeutral, kEverybody).error().code, ErrorCode::gone);
}

TEST_F(DocumentsTest, LongManifestsComeInPieces) {
  catalogue::ChangeSet changes;
  changes.manifests = {item("long", 250)};
  apply(changes);
  for (const Version version : {Version::v2, Version::v3}) {
    auto document = documents_->manifest(version, "long", kNeutral, kEverybody);
    ASSERT_TRUE(document);
    ASSERT_NE(document->producer, nullptr);
    const json::Value whole = text_of(document);
    EXPECT_NE(at(whole, version == Version::v3 ? "/items/249/id" : "/sequences/0/canvases/249/@id"), "(absent)");
  }
}

TEST_F(DocumentsTest, LongManifestsAreKeptUntilTheyChange) {
  catalogue::ChangeSet changes;
  changes.manifests = {item("long", 250)};
  apply(changes);
  auto first = documents_->manifest(Version::v3, "long", kNeutral, kEverybody);
  ASSERT_TRUE(first);
  const std::string text = iiif::presentation::whole(*first->producer);
  auto second = documents_->manifest(Version::v3, "long", kNeutral, kEverybody);
  ASSERT_NE(second->kept, nullptr);
  EXPECT_EQ(base::as_text(*second->kept), text);
  EXPECT_EQ(second->revision, first->revision);
  EXPECT_EQ(documents_->manifest(Version::v3, "long", kVersioned, kEverybody)->kept, nullptr) << "another address";
  EXPECT_EQ(documents_->manifest(Version::v4, "long", kNeutral, kEverybody)->kept, nullptr);
  changes.manifests[0].description.label = iiif::LanguageMap::none("Another");
  apply(changes);
  EXPECT_EQ(documents_->manifest(Version::v3, "long", kNeutral, kEverybody)->kept, nullptr);
}

TEST_F(DocumentsTest, LongCollectionsAreSplitAndTheirPartsFollow) {
  catalogue::ChangeSet changes;
  for (int i = 0; i < 2500; ++i) changes.manifests.push_back(item(fmt::format("m{:04}", i), 1));
  changes.collections = {shelf("", changes.manifests)};
  apply(changes);
  auto top = documents_->collection(Version::v3, "", 0, kNeutral, kEverybody);
  const json::Value whole = text_of(top);
  EXPECT_EQ(at(whole, "/items/0/type"), "Collection");
  EXPECT_EQ(at(whole, "/items/2/id"), "https://host/iiif/collection/3");
  EXPECT_EQ(at(whole, "/items/3"), "(absent)");
  // Out of order, so that the third finds its way before the second was asked.
  for (const std::size_t part : {3U, 1U, 2U}) {
    auto document = documents_->collection(Version::v3, "", part, kNeutral, kEverybody);
    const json::Value child = text_of(document);
    EXPECT_EQ(at(child, "/id"), fmt::format("https://host/iiif/collection/{}", part));
    EXPECT_EQ(at(child, "/label"), at(whole, fmt::format("/items/{}/label", part - 1)));
    EXPECT_EQ(at(child, "/items/0/id"), fmt::format("https://host/iiif/m{:04}/manifest", (part - 1) * 1000));
    EXPECT_EQ(at(child, "/items/500/type"), part == 3 ? "(absent)" : "Manifest");
  }
  EXPECT_FALSE(documents_->collection(Version::v3, "", 4, kNeutral, kEverybody));
}

TEST_F(DocumentsTest, ACollectionOfAThousandIsWhole) {
  catalogue::ChangeSet changes;
  for (int i = 0; i < 1000; ++i) changes.manifests.push_back(item(fmt::format("m{:04}", i), 1));
  changes.collections = {shelf("", changes.manifests)};
  apply(changes);
  auto top = documents_->collection(Version::v2, "", 0, kNeutral, kEverybody);
  EXPECT_EQ(at(text_of(top), "/manifests/999/@type"), "sc:Manifest");
  EXPECT_FALSE(documents_->collection(Version::v2, "", 1, kNeutral, kEverybody));
}

}  // namespace
}  // namespace armarium::presentation
