#include "catalogue/catalogue.h"

#include <stdlib.h>

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalogue/change_set.h"
#include "catalogue/take_down.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::catalogue {
namespace {

using base::ErrorCode;
using store::Kind;

const base::Principal kEverybody = base::Principal::public_visitor();

class CatalogueTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "armarium-catalogue-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto opened = store::open_sqlite(folder_ / "store.sqlite");
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
    catalogue_ = std::make_unique<Catalogue>(*store_);
  }
  void TearDown() override {
    catalogue_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  Revision apply(const ChangeSet& changes) {
    auto revision = catalogue_->apply(changes);
    EXPECT_TRUE(revision) << revision.error().detail;
    return revision.value_or(0);
  }
  std::vector<store::ActivityRow> activities() { return *(*store_->read())->activities(0, 1000); }

  std::vector<store::ActivityRow> stream() { return *(*store_->read())->public_activities(0, 1000); }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Catalogue> catalogue_;
};

Asset picture(const std::string& identifier, std::uint32_t width = 40, std::uint32_t height = 30) {
  Asset asset;
  asset.identifier = identifier;
  asset.path = identifier + ".png";
  asset.format = "png";
  asset.media_type = "image/png";
  asset.size = {width, height};
  asset.version = "1";
  asset.state = AssetState::ready;
  return asset;
}

ManifestChange item(const std::string& identifier, int pages) {
  ManifestChange change;
  change.identifier = identifier;
  change.folder = identifier;
  change.description.label = iiif::LanguageMap::of("en", "Item " + identifier);
  for (int page = 1; page <= pages; ++page) {
    Asset asset = picture(fmt::format("{}~p{}", identifier, page));
    change.canvases.push_back(
        {asset.identifier, iiif::LanguageMap::none(std::to_string(page)), asset.size, {asset}, {}, {}});
  }
  return change;
}

ChangeSet two_items() {
  ChangeSet changes;
  changes.manifests = {item("a", 2), item("b", 3)};
  changes.collections = {{.identifier = "",
                          .folder = "",
                          .audience = "",
                          .description = {},
                          .members = {{Kind::manifest, "a"}, {Kind::manifest, "b"}}}};
  return changes;
}

TEST_F(CatalogueTest, ReadsBackWhatWasPublished) {
  ChangeSet changes = two_items();
  Asset& asset = changes.manifests[0].canvases[0].assets[0];
  asset.has_colour = false;
  asset.bitonal = true;
  asset.tile = {256, 128};
  asset.stored_levels = {{20, 15}, {10, 8}};
  asset.limits.max_width = 500;
  asset.limits.max_area = 1ULL << 40;
  asset.rights = "http://creativecommons.org/publicdomain/mark/1.0/";
  changes.manifests[0].canvases[1].behavior = {"non-paged"};
  changes.manifests[0].canvases[1].nav_date = "1900-01-01T00:00:00Z";
  changes.manifests[0].ranges = json::Array{"x"};
  apply(changes);

  const auto manifest = catalogue_->manifest("a", kEverybody);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->description.label, changes.manifests[0].description.label);
  ASSERT_EQ(manifest->canvases.size(), 2U);
  ASSERT_EQ(manifest->canvases[0].assets.size(), 1U);
  const Asset& read = manifest->canvases[0].assets[0];
  EXPECT_EQ(read.size, asset.size);
  EXPECT_EQ(read.tile, asset.tile);
  EXPECT_EQ(read.stored_levels, asset.stored_levels);
  EXPECT_EQ(read.limits.max_width, asset.limits.max_width);
  EXPECT_EQ(read.limits.max_height, asset.limits.max_height);
  EXPECT_EQ(read.limits.max_area, asset.limits.max_area);
  EXPECT_EQ(read.rights, asset.rights);
  EXPECT_EQ(read.manifest, "a");
  EXPECT_TRUE(read.bitonal);
  EXPECT_FALSE(read.has_colour);
  EXPECT_EQ(manifest->canvases[1].behavior, changes.manifests[0].canvases[1].behavior);
  EXPECT_EQ(manifest->canvases[1].nav_date, changes.manifests[0].canvases[1].nav_date);
  EXPECT_EQ(manifest->canvases[1].label, changes.manifests[0].canvases[1].label);
  EXPECT_EQ(manifest->ranges, changes.manifests[0].ranges);
  ASSERT_EQ(manifest->parents.size(), 1U);
  EXPECT_EQ(manifest->parents[0].identifier, "");
  ASSERT_TRUE(manifest->thumbnail);
  EXPECT_EQ(manifest->thumbnail->identifier, "a~p1");

  const auto single = catalogue_->asset("b~p3", kEverybody);
  ASSERT_TRUE(single);
  EXPECT_EQ(single->path, "b~p3.png");
}

TEST_F(CatalogueTest, TheSameTwiceGivesNoNewRevision) {
  const Revision first = apply(two_items());
  EXPECT_EQ(apply(two_items()), first);
  EXPECT_EQ(activities().size(), 3U);
}

TEST_F(CatalogueTest, PagesThroughACollection) {
  ChangeSet changes;
  CollectionChange root;
  for (int i = 0; i < 7; ++i) {
    changes.manifests.push_back(item(fmt::format("m{}", i), 1));
    root.members.push_back({Kind::manifest, fmt::format("m{}", i)});
  }
  changes.collections = {root};
  apply(changes);
  std::string cursor;
  std::vector<std::string> seen;
  do {
    const auto page = catalogue_->collection("", cursor, 3, kEverybody);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->total, 7U);
    for (const Member& member : page->members) {
      seen.push_back(member.identifier);
      EXPECT_TRUE(member.thumbnail);
      EXPECT_EQ(member.count, 1U);
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_EQ(catalogue_->collection("", "7x", 3, kEverybody).error().code, ErrorCode::invalid_argument);
}

TEST_F(CatalogueTest, TheRevisionOfACollectionFollowsTheFacesOfItsMembers) {
  apply(two_items());
  const Revision before = catalogue_->collection("", "", 10, kEverybody)->revision;
  ChangeSet changes = two_items();
  changes.manifests[0].description.summary = iiif::LanguageMap::of("en", "Not on its face");
  apply(changes);
  EXPECT_EQ(catalogue_->collection("", "", 10, kEverybody)->revision, before);
  changes.manifests[0].description.label = iiif::LanguageMap::of("en", "Another");
  apply(changes);
  EXPECT_GT(catalogue_->collection("", "", 10, kEverybody)->revision, before);
}

TEST_F(CatalogueTest, WhatWasRemovedIsGone) {
  apply(two_items());
  ChangeSet changes;
  changes.removed = {{Kind::manifest, "a"}};
  changes.hidden = {{Kind::manifest, "b"}};
  apply(changes);
  EXPECT_EQ(catalogue_->manifest("a", kEverybody).error().code, ErrorCode::gone);
  EXPECT_EQ(catalogue_->asset("a~p1", kEverybody).error().code, ErrorCode::gone);
  EXPECT_EQ(catalogue_->manifest("b", kEverybody).error().code, ErrorCode::not_found);
  EXPECT_EQ(catalogue_->asset("b~p1", kEverybody).error().code, ErrorCode::not_found);
  EXPECT_EQ(catalogue_->manifest("c", kEverybody).error().code, ErrorCode::not_found);
  apply(two_items());
  EXPECT_TRUE(catalogue_->manifest("a", kEverybody));
  EXPECT_TRUE(catalogue_->asset("a~p1", kEverybody));
}

TEST_F(CatalogueTest, ARemovedPageIsGone) {
  apply(two_items());
  ChangeSet changes = two_items();
  changes.manifests[1].canvases.pop_back();
  apply(changes);
  EXPECT_EQ(catalogue_->asset("b~p3", kEverybody).error().code, ErrorCode::gone);
  EXPECT_EQ(activities().back().type, store::ActivityType::update);
}

TEST_F(CatalogueTest, AMoveTakesAddressesAndPageNumbersAlong) {
  apply(two_items());
  const auto key = store::ItemKey{Kind::manifest, "a"};
  const std::uint64_t first_page = (*(*store_->read())->item(key, kEverybody))->first_page;
  ChangeSet changes;
  changes.manifests = {item("z", 2)};
  changes.removed = {key};
  changes.moves = {{key, "z"}};
  apply(changes);
  EXPECT_EQ(catalogue_->manifest("a", kEverybody).error().code, ErrorCode::not_found);
  EXPECT_EQ(*catalogue_->resolve_alias("a"), "z");
  EXPECT_EQ(*catalogue_->resolve_alias("a~p2"), "z~p2");
  EXPECT_EQ((*(*store_->read())->item({Kind::manifest, "z"}, kEverybody))->first_page, first_page);
  EXPECT_EQ(activities().back().type, store::ActivityType::move);
  EXPECT_EQ(activities().back().target, "z");
  EXPECT_EQ(activities().size(), 4U);
}

TEST_F(CatalogueTest, TheStreamSaysOnlyWhatEverybodyMayKnow) {
  ChangeSet secret;
  secret.manifests = {item("a", 1)};
  secret.manifests[0].audience = "staff";
  apply(secret);
  EXPECT_TRUE(stream().empty());
  ChangeSet open;
  open.manifests = {item("a", 1)};
  apply(open);
  apply(secret);
  secret.manifests[0].description.label = iiif::LanguageMap::none("Another");
  apply(secret);
  apply(open);
  ChangeSet hidden;
  hidden.hidden = {{Kind::manifest, "a"}};
  apply(hidden);
  using store::ActivityType;
  std::vector<ActivityType> types;
  for (const store::ActivityRow& row : stream()) types.push_back(row.type);
  EXPECT_EQ(types,
            (std::vector{ActivityType::create, ActivityType::remove, ActivityType::create, ActivityType::remove}));
  EXPECT_EQ(activities().size(), 6U) << "our own consumers hear of everything";
}

TEST_F(CatalogueTest, AMoveOutOfSightIsADeleteAndIntoSightACreate) {
  apply(two_items());
  ChangeSet away;
  away.manifests = {item("z", 2)};
  away.manifests[0].audience = "staff";
  away.removed = {{Kind::manifest, "a"}};
  away.moves = {{{Kind::manifest, "a"}, "z"}};
  apply(away);
  EXPECT_EQ(stream().back().type, store::ActivityType::remove);
  EXPECT_EQ(stream().back().item.identifier, "a");
  ChangeSet back;
  back.manifests = {item("y", 2)};
  back.removed = {{Kind::manifest, "z"}};
  back.moves = {{{Kind::manifest, "z"}, "y"}};
  apply(back);
  EXPECT_EQ(stream().back().type, store::ActivityType::create);
  EXPECT_EQ(stream().back().item.identifier, "y");
}

TEST_F(CatalogueTest, AMoveToWhereNothingIsPublishedIsADelete) {
  apply(two_items());
  ChangeSet away;  // renamed, and `publish: false` in the new place
  away.removed = {{Kind::manifest, "a"}};
  away.moves = {{{Kind::manifest, "a"}, "z"}};
  apply(away);
  EXPECT_EQ(stream().back().type, store::ActivityType::remove);
  EXPECT_EQ(stream().back().item.identifier, "a");
  ChangeSet into = two_items();  // to what is there already
  into.manifests = {item("b", 3)};
  into.collections[0].members = {{Kind::manifest, "b"}};
  into.manifests.push_back(item("c", 1));
  apply(into);
  ChangeSet again;
  again.manifests = {item("b", 3)};
  again.removed = {{Kind::manifest, "c"}};
  again.moves = {{{Kind::manifest, "c"}, "b"}};
  apply(again);
  EXPECT_EQ(stream().back().type, store::ActivityType::remove);
  EXPECT_EQ(stream().back().item.identifier, "c");
}

TEST_F(CatalogueTest, WhatMovedAwayIsNamedAgainWhenItsOldAddressIsUsedAgain) {
  apply(two_items());
  ChangeSet move;
  move.manifests = {item("z", 2)};
  move.removed = {{Kind::manifest, "a"}};
  move.moves = {{{Kind::manifest, "a"}, "z"}};
  apply(move);
  ChangeSet again;
  again.manifests = {item("a", 1)};
  apply(again);
  const auto list = stream();
  EXPECT_EQ(list[list.size() - 2].type, store::ActivityType::create);
  EXPECT_EQ(list.back().type, store::ActivityType::update);
  EXPECT_EQ(list.back().item.identifier, "z");
}

TEST_F(CatalogueTest, TheStreamNamesDescriptions) {
  ChangeSet changes = two_items();
  iiif::Link mets;
  mets.id = "https://e.org/mets.xml";
  mets.type = "Dataset";
  mets.format = "text/xml";
  changes.manifests[0].description.see_also = {mets, {.id = "https://e.org/page", .type = "Text"}};
  apply(changes);
  EXPECT_EQ(stream().front().document,
            R"({"seeAlso":[{"id":"https://e.org/mets.xml","type":"Dataset","format":"text/xml"}]})");
}

TEST_F(CatalogueTest, OtherSpellingsLeadToTheSame) {
  apply(two_items());
  EXPECT_EQ(*catalogue_->resolve_alias("a/p2"), "a~p2");
  EXPECT_EQ(*catalogue_->resolve_alias("a/p2=p1"), "a~p2");
  EXPECT_EQ(catalogue_->resolve_alias("a/p9").error().code, ErrorCode::not_found);
  EXPECT_EQ(catalogue_->resolve_alias("a~p2=p2").error().code, ErrorCode::not_found);
  EXPECT_EQ(catalogue_->resolve_alias("nothing").error().code, ErrorCode::not_found);
}

TEST_F(CatalogueTest, AnOutlineAppearsButIsNotAnnouncedBeforeItIsComplete) {
  ChangeSet changes;
  ManifestChange outline = item("a", 0);
  outline.outline = true;
  outline.outline_count = 12;
  changes.manifests = {outline};
  apply(changes);
  EXPECT_FALSE(catalogue_->manifest("a", kEverybody)->complete);
  EXPECT_TRUE(activities().empty());
  apply(two_items());
  EXPECT_TRUE(catalogue_->manifest("a", kEverybody)->complete);
  EXPECT_EQ(activities().front().type, store::ActivityType::create);
  apply(changes);
  EXPECT_TRUE(catalogue_->manifest("a", kEverybody)->complete) << "an outline must not undo what is known";
}

TEST_F(CatalogueTest, ThumbnailsRiseThroughCollections) {
  ChangeSet changes = two_items();
  changes.collections[0].identifier = "inner";
  CollectionChange root;
  root.members = {{Kind::collection, "inner"}};
  changes.collections.push_back(root);
  apply(changes);
  const auto top = catalogue_->collection("", "", 10, kEverybody);
  ASSERT_EQ(top->members.size(), 1U);
  ASSERT_TRUE(top->members[0].thumbnail);
  EXPECT_EQ(top->members[0].thumbnail->identifier, "a~p1");
}

TEST_F(CatalogueTest, ListsEverything) {
  apply(two_items());
  std::vector<std::string> seen;
  std::string cursor;
  for (;;) {
    const auto page = catalogue_->everything(cursor, 2, kEverybody);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    for (const Member& member : *page) seen.push_back(member.identifier);
    cursor = Catalogue::cursor_of(page->back());
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b", ""}));
}

TEST_F(CatalogueTest, ProblemsAreReplacedByOwner) {
  ChangeSet changes;
  changes.problems = {{"a", {{"a/info.yml", "line 3", "No value."}}}};
  apply(changes);
  ASSERT_EQ(catalogue_->problems(10).size(), 1U);
  EXPECT_EQ(catalogue_->problems(10)[0].where, "line 3");
  changes.problems = {{"a", {}}};
  apply(changes);
  EXPECT_TRUE(catalogue_->problems(10).empty());
}

TEST_F(CatalogueTest, WhatIsTakenDownIsGoneAndIsNotPublishedAgain) {
  ChangeSet changes;
  changes.manifests = {item("a", 2), item("b", 1)};
  CollectionChange top;
  top.description.label = iiif::LanguageMap::of("en", "All");
  top.members = {{Kind::manifest, "a"}, {Kind::manifest, "b"}};
  changes.collections = {top};
  apply(changes);
  const Revision listed = catalogue_->standing({Kind::collection, ""}, kEverybody)->revision;
  auto done = catalogue_->take_down({"a", "Because.", "ada"});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->items.size(), 1U);
  EXPECT_EQ(done->pictures.size(), 2U);
  apply(changes);  // as a scan that finds it again
  for (const char* name : {"a", "a~p1", "a=r1"}) {
    auto may = catalogue_->allowed(name);
    ASSERT_FALSE(may) << name;
    EXPECT_EQ(may.error().code, ErrorCode::withheld);
  }
  EXPECT_EQ(catalogue_->manifest("a", kEverybody).error().code, ErrorCode::withheld);
  EXPECT_EQ(catalogue_->asset("a~p1", kEverybody).error().code, ErrorCode::withheld);
  EXPECT_FALSE(*(*store_->read())->item({Kind::manifest, "a"}, base::Principal::system()));
  EXPECT_GT(catalogue_->standing({Kind::collection, ""}, kEverybody)->revision, listed);
  EXPECT_EQ(catalogue_->collection("", "", 10, kEverybody)->total, 1U);
  std::size_t named = 0;
  for (const store::ActivityRow& activity : stream()) {
    if (activity.item.identifier != "a") continue;
    ++named;
    EXPECT_EQ(activity.type, store::ActivityType::remove);
  }
  EXPECT_EQ(named, 1U);
  EXPECT_EQ(catalogue_->take_down({"a", "", ""}).error().code, ErrorCode::conflict);
  EXPECT_EQ(catalogue_->take_down({"", "", ""}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(catalogue_->take_down({"zzz", "", ""}).error().code, ErrorCode::not_found);
  EXPECT_EQ(catalogue_->takedown_rows()->front().who, "ada");
  ASSERT_TRUE(catalogue_->lift_takedown("a"));
  apply(changes);
  EXPECT_TRUE(catalogue_->manifest("a", kEverybody));
  EXPECT_EQ(catalogue_->lift_takedown("a").error().code, ErrorCode::not_found);
}

TEST_F(CatalogueTest, ACanvasThatIsTakenDownLeavesTheOthers) {
  ChangeSet changes;
  changes.manifests = {item("a", 3)};
  apply(changes);
  const Revision before = catalogue_->standing({Kind::manifest, "a"}, kEverybody)->revision;
  ASSERT_TRUE(catalogue_->take_down({"a~p1", "", ""}));
  for (int time = 0; time < 2; ++time) {
    auto manifest = catalogue_->manifest("a", kEverybody);
    ASSERT_TRUE(manifest && manifest->canvases.size() == 2);
    EXPECT_EQ(manifest->thumbnail->identifier, "a~p2");
    EXPECT_GT(manifest->revision, before);
    EXPECT_EQ(catalogue_->asset("a~p1", kEverybody).error().code, ErrorCode::withheld);
    apply(changes);
  }
  // The last one takes the Manifest along.
  ASSERT_TRUE(catalogue_->take_down({"a~p2", "", ""}));
  ASSERT_TRUE(catalogue_->take_down({"a~p3", "", ""}));
  EXPECT_EQ(catalogue_->manifest("a", kEverybody).error().code, ErrorCode::not_found);
  EXPECT_EQ(stream().back().type, store::ActivityType::remove);
}

}  // namespace
}  // namespace armarium::catalogue
