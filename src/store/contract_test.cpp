#include "store/contract_test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include <fmt/format.h>

namespace armarium::store {
namespace {

const base::Principal kEverybody = base::Principal::public_visitor();

ItemRow item(Kind kind, std::string identifier, std::string label = "{}") {
  ItemRow row;
  row.key = {kind, std::move(identifier)};
  row.folder = row.key.identifier;
  row.label = std::move(label);
  row.document = "{}";
  return row;
}

}  // namespace

void StoreContract::SetUp() {
  std::string pattern = (std::filesystem::temp_directory_path() / "armarium-store-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  auto opened = GetParam()(folder_);
  if (!opened && opened.error().code == base::ErrorCode::not_found) GTEST_SKIP() << opened.error().message;
  ASSERT_TRUE(opened) << opened.error().detail;
  store_ = std::move(*opened);
}

void StoreContract::TearDown() {
  store_.reset();
  std::filesystem::remove_all(folder_);
}

void StoreContract::reopen() {
  store_.reset();
  auto opened = GetParam()(folder_);
  ASSERT_TRUE(opened) << opened.error().detail;
  store_ = std::move(*opened);
}

Revision StoreContract::write(Batch batch) {
  auto revision = store_->write([&](const Reader&) -> base::Result<Batch> { return batch; });
  EXPECT_TRUE(revision) << revision.error().detail;
  return revision.value_or(0);
}

std::unique_ptr<Reader> StoreContract::reader() {
  auto made = store_->read();
  EXPECT_TRUE(made) << made.error().detail;
  return std::move(*made);
}

TEST_P(StoreContract, KeepsAnItemAcrossReopening) {
  ItemRow row = item(Kind::manifest, "a~b", R"({"none":["A"]})");
  row.nav_date = "1900-01-01T00:00:00Z";
  row.count = 3;
  EXPECT_EQ(write({.items = {row}}), 1U);
  reopen();
  EXPECT_EQ(store_->revision(), 1U);
  auto found = reader()->item({Kind::manifest, "a~b"}, kEverybody);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->label, row.label);
  EXPECT_EQ((*found)->nav_date, row.nav_date);
  EXPECT_EQ((*found)->count, 3U);
  EXPECT_EQ((*found)->revision, 1U);
  EXPECT_GT((*found)->first_page, 0U);
  auto other_kind = reader()->item({Kind::collection, "a~b"}, kEverybody);
  EXPECT_TRUE(other_kind && !*other_kind);
}

TEST_P(StoreContract, HidesFromThePublicInTheQuery) {
  ItemRow row = item(Kind::manifest, "secret");
  row.audience = "staff";
  write({.items = {row, item(Kind::collection, "")}, .members = {{"", {row.key}}}});
  auto read = reader();
  EXPECT_FALSE(read->item(row.key, kEverybody)->has_value());
  EXPECT_TRUE(read->item(row.key, base::Principal::system())->has_value());
  EXPECT_EQ(read->members("", std::nullopt, 10, kEverybody)->size(), 0U);
  EXPECT_EQ(read->member_summary("", kEverybody)->total, 0U);
  EXPECT_EQ(read->member_summary("", base::Principal::system())->total, 1U);
}

TEST_P(StoreContract, RevisionRisesOnlyForWhatIsPublished) {
  EXPECT_EQ(write({}), 0U);
  EXPECT_EQ(write({.folders = {{.path = "a"}}}), 0U);
  EXPECT_EQ(write({.items = {item(Kind::manifest, "a")}}), 1U);
  EXPECT_EQ(write({.settings = {{"k", "v"}}}), 1U);
  EXPECT_EQ(*reader()->setting("k"), "v");
}

TEST_P(StoreContract, NumbersActivitiesWithoutGapsAlsoAfterAFailedWrite) {
  const ActivityRow activity{.item = {Kind::manifest, "a"}};
  write({.activities = {activity, activity}});
  auto failed =
      store_->write([&](const Reader&) -> base::Result<Batch> { return base::fail(base::ErrorCode::conflict, "No."); });
  ASSERT_FALSE(failed);
  write({.activities = {activity}});
  auto list = reader()->activities(0, 10);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3U);
  for (std::size_t i = 0; i < list->size(); ++i) EXPECT_EQ((*list)[i].number, i + 1);
  EXPECT_EQ((*list)[2].revision, 2U);
  EXPECT_GT((*list)[2].time, 1'600'000'000'000);
  EXPECT_EQ(reader()->activities(2, 10)->size(), 1U);
}

TEST_P(StoreContract, CountsWhatEverybodyMayKnowByItself) {
  const ActivityRow secret{.item = {Kind::manifest, "s"}};
  const ActivityRow known{.place = 1, .item = {Kind::manifest, "a"}, .document = "{}"};
  write({.activities = {secret, known, secret}});
  write({.activities = {known, {.place = 1, .type = ActivityType::refresh}}});
  EXPECT_EQ(reader()->last_place().value_or(0), 3U);
  auto list = reader()->public_activities(0, 10);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*list)[i].place, i + 1);
  EXPECT_EQ((*list)[1].number, 4U);
  EXPECT_EQ((*list)[1].document, "{}");
  EXPECT_EQ((*list)[2].type, ActivityType::refresh);
  EXPECT_GE((*list)[2].time, (*list)[0].time);
  EXPECT_EQ(reader()->public_activities(2, 10)->size(), 1U);
}

TEST_P(StoreContract, KnowsWhatHappenedToAnItemLast) {
  const ItemKey a{Kind::manifest, "a"};
  const ItemKey b{Kind::manifest, "b"};
  write({.activities = {
             {.place = 1, .item = a}, {.place = 1, .item = b}, {.place = 1, .type = ActivityType::update, .item = a}}});
  EXPECT_EQ(reader()->last_place_of(a).value_or(9), 3U);
  EXPECT_EQ(reader()->last_place_of(b).value_or(9), 2U);
  EXPECT_EQ(reader()->last_place_of({Kind::collection, "a"}).value_or(9), 0U);
  EXPECT_EQ(reader()->last_place_of({Kind::manifest, ""}).value_or(9), 0U);
  write({.activities = {{.type = ActivityType::update, .item = b},
                        {.place = 1, .type = ActivityType::move, .item = b, .target = "c"}}});
  EXPECT_EQ(reader()->last_place_of(b).value_or(9), 4U);
  EXPECT_EQ(reader()->last_place_of({Kind::manifest, "c"}).value_or(9), 4U);
}

TEST_P(StoreContract, KeepsContentStates) {
  const Revision before = store_->revision();
  write({.content_states = {{.id = "s1", .document = R"({"id":"x"})", .who = "ada"}, {.id = "s2", .document = "[]"}}});
  EXPECT_EQ(store_->revision(), before) << "no document changes";
  auto row = reader()->content_state("s1");
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->document, R"({"id":"x"})");
  EXPECT_EQ((*row)->who, "ada");
  EXPECT_GT((*row)->time, 1'600'000'000'000);
  write({.removed_content_states = {"s1"}});
  EXPECT_FALSE(*reader()->content_state("s1"));
  EXPECT_TRUE(*reader()->content_state("s2"));
}

TEST_P(StoreContract, ForgetsTheNamesOfWhatIsErased) {
  const ActivityRow a{.place = 1, .item = {Kind::manifest, "a"}};
  const ActivityRow b{.place = 1, .item = {Kind::manifest, "b"}};
  const ActivityRow moved{.place = 1, .type = ActivityType::move, .item = {Kind::manifest, "b"}, .target = "a"};
  write({.activities = {a, b, {.place = 1, .item = {Kind::collection, "a"}}, moved}});
  write({.erased = {{Kind::manifest, "a"}}});
  auto list = reader()->public_activities(0, 10);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 4U);
  EXPECT_TRUE((*list)[0].erased && (*list)[0].item.identifier.empty());
  EXPECT_FALSE((*list)[1].erased || (*list)[2].erased);
  EXPECT_EQ((*list)[2].item.identifier, "a");
  EXPECT_TRUE((*list)[3].erased && (*list)[3].target.empty() && (*list)[3].item.identifier.empty());
}

TEST_P(StoreContract, WhatIsSaidWithAnErasureKeepsItsName) {
  write({.activities = {{.place = 1, .item = {Kind::manifest, "a"}}}});
  write({.activities = {{.place = 1, .type = ActivityType::remove, .item = {Kind::manifest, "a"}}},
         .erased = {{Kind::manifest, "a"}}});
  auto list = reader()->public_activities(0, 10);
  ASSERT_TRUE(list && list->size() == 2);
  EXPECT_TRUE((*list)[0].erased && !(*list)[1].erased);
  EXPECT_EQ((*list)[1].item.identifier, "a");
}

TEST_P(StoreContract, KeepsTakedowns) {
  const Revision before = store_->revision();
  const TakedownRow book{"book", "book", "shelf/book", "A court said so.", "ada", 0};
  EXPECT_EQ(write({.takedowns = {{"page", "book", "", "A court said so.", "ada", 7}, book}}), before + 1);
  reopen();
  auto rows = reader()->takedowns();
  ASSERT_TRUE(rows && rows->size() == 2);
  EXPECT_GT((*rows)[0].time, 1'600'000'000'000);
  EXPECT_EQ((*rows)[0].folder, "shelf/book");
  EXPECT_EQ((*rows)[0].reason, "A court said so.");
  EXPECT_EQ((*rows)[0].who, "ada");
  EXPECT_EQ((*rows)[1], (TakedownRow{"page", "book", "", "A court said so.", "ada", 7}));
  EXPECT_EQ(write({.lifted = {"book"}}), before + 2);
  EXPECT_TRUE(reader()->takedowns()->empty());
}

TEST_P(StoreContract, KeepsWhoSentWhichFile) {
  const Revision before = store_->revision();
  const std::string bytes = "maps/\xFF.tif";
  EXPECT_EQ(write({.sent_files = {{.path = "maps/p1.tif", .size = 5'000'000'000, .who = "ada"}, {.path = bytes}}}),
            before);
  write({.sent_files = {{.path = "maps/p1.tif", .size = 7, .replaced = true, .who = "eve"}}});
  reopen();
  auto rows = reader()->sent_files(0, 2);
  ASSERT_TRUE(rows && rows->size() == 2);
  EXPECT_EQ((*rows)[0].number, 1U);
  EXPECT_GT((*rows)[0].time, 1'600'000'000'000);
  EXPECT_EQ((*rows)[0].size, 5'000'000'000U);
  EXPECT_EQ((*rows)[0].who, "ada");
  EXPECT_FALSE((*rows)[0].replaced);
  EXPECT_EQ((*rows)[1].path, bytes);
  rows = reader()->sent_files(2, 10);
  ASSERT_TRUE(rows && rows->size() == 1);
  EXPECT_TRUE((*rows)[0].replaced && (*rows)[0].path == "maps/p1.tif" && (*rows)[0].number == 3);
}

TEST_P(StoreContract, FindsWhatANameCovers) {
  Batch batch;
  for (const char* name : {"a", "a~b", "a=p2", "aa", "a-b", "b"}) {
    batch.items.push_back(item(Kind::manifest, name));
    batch.canvases.push_back({name, {{std::string(name) + "~1", "{}"}}});
    batch.assets.push_back({.identifier = name, .manifest = name, .document = "{}"});
  }
  batch.items.push_back(item(Kind::collection, "a"));
  batch.aliases = {{"old", "a", "id"}, {"older", "old", "id"}};
  batch.statements = {{{Kind::manifest, "b"}, "written", "", "{}"}, {{Kind::manifest, "b"}, "folder", "", "{}"}};
  batch.content_states = {{.id = "s1", .document = "1"}, {.id = "s2", .document = "2"}};
  write(std::move(batch));
  const auto now = reader();
  EXPECT_EQ(*now->items_named("a"),
            (std::vector<ItemKey>{
                {Kind::manifest, "a"}, {Kind::manifest, "a=p2"}, {Kind::manifest, "a~b"}, {Kind::collection, "a"}}));
  ASSERT_EQ(now->assets_named("a")->size(), 3U);
  EXPECT_EQ(now->assets_named("a")->back().identifier, "a~b");
  EXPECT_EQ(*now->holders_of_canvases_named("a~b"), (std::vector<std::string>{"a~b"}));
  EXPECT_EQ(*now->holders_of_canvases_named("a"), (std::vector<std::string>{"a", "a=p2", "a~b"}));
  ASSERT_EQ(now->aliases_to("a")->size(), 1U);
  EXPECT_EQ(now->aliases_to("a")->front().alias, "old");
  EXPECT_EQ(*now->written_items(), (std::vector<ItemKey>{{Kind::manifest, "b"}}));
  ASSERT_EQ(now->content_states_after("s1", 10)->size(), 1U);
  EXPECT_EQ(now->content_states_after("", 1)->front().id, "s1");
}

TEST_P(StoreContract, PagesThroughMembersByPosition) {
  Batch batch{.items = {item(Kind::collection, "")}};
  std::vector<ItemKey> keys;
  for (int i = 0; i < 25; ++i) {
    batch.items.push_back(item(Kind::manifest, fmt::format("m{}", 24 - i)));
    keys.push_back(batch.items.back().key);
  }
  batch.members = {{"", keys}};
  write(batch);
  std::vector<ItemKey> seen;
  std::optional<std::uint64_t> cursor;
  for (;;) {
    auto page = reader()->members("", cursor, 10, kEverybody);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    for (const MemberRow& row : *page) seen.push_back(row.item.key);
    cursor = page->back().position;
  }
  EXPECT_EQ(seen, keys);
  std::swap(keys[3], keys[20]);
  keys.pop_back();
  write({.members = {{"", keys}}});
  EXPECT_EQ(*reader()->member_keys(""), keys);
  EXPECT_EQ(reader()->holders(keys[0], kEverybody)->size(), 1U);
}

TEST_P(StoreContract, SetsThatAreLongerThanAStatementAreAskedForInParts) {
  Batch batch;
  std::vector<ItemKey> keys;
  std::vector<std::string> names;
  for (int i = 0; i < 250; ++i) {
    keys.push_back({i % 3 == 0 ? Kind::collection : Kind::manifest, std::to_string(i)});
    names.push_back(std::to_string(i));
    batch.items.push_back(item(keys.back().kind, keys.back().identifier));
    batch.assets.push_back({.identifier = names.back(), .manifest = "m"});
  }
  batch.items.push_back(item(Kind::collection, "first"));
  batch.items.push_back(item(Kind::collection, "second"));
  batch.members = {{"first", {keys.begin(), keys.begin() + 120}}, {"second", {keys.begin() + 100, keys.end()}}};
  write(batch);
  std::vector<ItemKey> asked = keys;
  asked.insert(asked.begin() + 7, {Kind::manifest, "none"});
  std::vector<ItemKey> found;
  const auto rows = reader()->items(asked, kEverybody);
  ASSERT_TRUE(rows);
  for (const ItemRow& row : *rows) found.push_back(row.key);
  EXPECT_EQ(found, keys) << "in the order asked";
  EXPECT_EQ(reader()->assets(names)->size(), 250U);
  EXPECT_TRUE(reader()->assets({})->empty());
  const auto holders = reader()->holders_of(keys);
  ASSERT_EQ(holders->size(), 2U) << "each once";
  EXPECT_EQ(holders->front().key.identifier, "first");
  EXPECT_EQ(reader()->holders_of(std::span(keys).first(2))->size(), 1U);
}

TEST_P(StoreContract, MembersSurviveARemovedNeighbour) {
  const std::vector<ItemKey> keys = {{Kind::manifest, "a"}, {Kind::manifest, "b"}, {Kind::manifest, "c"}};
  write({.items = {item(Kind::manifest, "a"), item(Kind::manifest, "b"), item(Kind::manifest, "c")},
         .members = {{"", keys}}});
  write({.removed_items = {keys[0]}});
  EXPECT_EQ(*reader()->member_keys(""), (std::vector<ItemKey>{keys[1], keys[2]}));
  const std::vector<ItemKey> more = {keys[1], keys[2], {Kind::manifest, "d"}};
  write({.members = {{"", more}}});
  EXPECT_EQ(*reader()->member_keys(""), more);
}

TEST_P(StoreContract, RemovesAnItemWithAllThatBelongsToIt) {
  write({.items = {item(Kind::manifest, "m")},
         .canvases = {{"m", {{"c1", "{}"}, {"c2", "{}"}}}},
         .assets = {{.identifier = "c1", .manifest = "m", .path = "m/\xff.png"}}});
  EXPECT_EQ(reader()->canvases("m")->size(), 2U);
  EXPECT_EQ(reader()->assets_of("m")->at(0).path, "m/\xff.png");
  write({.removed_items = {{Kind::manifest, "m"}}, .gone = {{Kind::manifest, "m"}}});
  EXPECT_TRUE(reader()->canvases("m")->empty());
  EXPECT_TRUE(reader()->assets_of("m")->empty());
  EXPECT_TRUE(*reader()->is_gone({Kind::manifest, "m"}));
  write({.not_gone = {{Kind::manifest, "m"}}});
  EXPECT_FALSE(*reader()->is_gone({Kind::manifest, "m"}));
}

TEST_P(StoreContract, PageNumbersAreContiguousAndNeverShared) {
  ItemRow a = item(Kind::manifest, "a");
  a.count = 5;
  ItemRow b = item(Kind::manifest, "b");
  b.count = 2;
  write({.items = {a, b}});
  const std::uint64_t first = (*reader()->item(a.key, kEverybody))->first_page;
  EXPECT_EQ((*reader()->item(b.key, kEverybody))->first_page, first + 5);
  a.count = 6;
  write({.items = {a}});
  EXPECT_EQ((*reader()->item(a.key, kEverybody))->first_page, first + 7);
}

TEST_P(StoreContract, AReaderIsASnapshot) {
  write({.items = {item(Kind::manifest, "a")}});
  auto before = reader();
  write({.removed_items = {{Kind::manifest, "a"}}});
  EXPECT_TRUE(before->item({Kind::manifest, "a"}, kEverybody)->has_value());
  EXPECT_EQ(before->revision(), 1U);
  EXPECT_FALSE(reader()->item({Kind::manifest, "a"}, kEverybody)->has_value());
}

TEST_P(StoreContract, FoldersBelowAPathAreNotItsNeighbours) {
  write({.folders = {{.path = "", .parent = ""},
                     {.path = "a", .parent = ""},
                     {.path = "a/b", .parent = "a"},
                     {.path = "a!", .parent = ""},
                     {.path = "a\xff", .parent = "", .inode = 7}}});
  EXPECT_EQ(reader()->folders_below("a", "", 10)->size(), 2U);
  EXPECT_EQ(reader()->folders_below("a", "a", 10)->at(0).path, "a/b");
  EXPECT_EQ(reader()->folders_below("", "", 10)->size(), 5U);
  EXPECT_EQ(reader()->folders_in("")->size(), 3U);
  EXPECT_EQ(reader()->folders_by_inode(7)->at(0).path, "a\xff");
}

TEST_P(StoreContract, FilesAreFoundByFolderInodeAndContent) {
  write({.folders = {{.path = "a"}},
         .files = {{.path = "a/1", .folder = "a", .inode = 5, .size = 9, .fingerprint = "f"},
                   {.path = "a/2", .folder = "a", .inode = 6, .size = 9, .fingerprint = "f"},
                   {.path = "a/3", .folder = "a", .inode = 6, .size = 9, .fingerprint = "g"}}});
  EXPECT_EQ(reader()->files_in("a")->size(), 3U);
  EXPECT_EQ(reader()->files_by_inode(5, 10)->at(0).path, "a/1");
  EXPECT_EQ(reader()->files_by_inode(6, 10)->size(), 2U);
  EXPECT_EQ(reader()->files_by_inode(6, 1)->size(), 1U);
  EXPECT_EQ(reader()->files_like(9, "f", 10)->size(), 2U);
  EXPECT_EQ(reader()->files_like(9, "f", 1)->size(), 1U);
  EXPECT_TRUE(reader()->files_like(8, "f", 10)->empty());
  write({.removed_folders = {"a"}});
  EXPECT_TRUE(reader()->files_in("a")->empty());
}

TEST_P(StoreContract, WhatIsWrittenSoonIsThereAtOnceAndAfterReopening) {
  const auto body = [](const Reader&) -> base::Result<Batch> { return Batch{.settings = {{"k", "soon"}}}; };
  ASSERT_TRUE(store_->write(body, Durability::soon));
  EXPECT_EQ(*reader()->setting("k"), "soon");
  write({.settings = {{"l", "synced"}}});
  reopen();
  EXPECT_EQ(*reader()->setting("k"), "soon");
}

TEST_P(StoreContract, TextThatIsNoUtf8IsRefusedAndNothingElseIsWritten) {
  auto failed = store_->write([](const Reader&) -> base::Result<Batch> {
    return Batch{.folders = {{.path = "a\xff"}}, .settings = {{"k", "\xff"}}};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::ErrorCode::invalid_argument) << failed.error().detail;
  write({.folders = {{.path = "b\xff"}}, .settings = {{"k", "v"}}});
  EXPECT_FALSE(reader()->folder("a\xff")->has_value());
  EXPECT_TRUE(reader()->folder("b\xff")->has_value()) << "paths are bytes";
  EXPECT_EQ(*reader()->setting("k"), "v");
}

TEST_P(StoreContract, RefusesTextThatHoldsNul) {
  const std::string nul("a\0b", 3);
  auto failed = store_->write([&](const Reader&) -> base::Result<Batch> {
    return Batch{.folders = {{.path = "before"}}, .settings = {{"k", nul}}};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::ErrorCode::invalid_argument);
  EXPECT_FALSE(reader()->folder("before")->has_value()) << "nothing of that write is there";
  EXPECT_FALSE(reader()->setting(nul)) << "nor can it be asked for";
  write({.settings = {{"k", "v"}}});
  EXPECT_EQ(*reader()->setting("k"), "v");
}

TEST_P(StoreContract, OrdersByBytes) {
  write({.items = {item(Kind::manifest, "b"), item(Kind::manifest, "\u00e4"), item(Kind::manifest, "B"),
                   item(Kind::manifest, "a~b"), item(Kind::manifest, "a"), item(Kind::manifest, "a-c"),
                   item(Kind::collection, "A")}});
  std::vector<std::string> seen;
  std::optional<ItemKey> cursor;
  for (;;) {
    auto page = reader()->items_after(cursor, 2, kEverybody);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    for (const ItemRow& row : *page) seen.push_back(row.key.identifier);
    cursor = page->back().key;
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"B", "a", "a-c", "a~b", "b", "\u00e4", "A"}));
}

TEST_P(StoreContract, AliasesAndProblems) {
  write({.aliases = {{"b", "x", "redirects.csv"}, {"a", "y", "redirects.csv"}, {"c", "z", "move"}},
         .problems = {{"folder", {{"folder/a", "line 1", "No."}, {"folder/b", "", "No."}}}}});
  EXPECT_EQ(reader()->aliases_from("redirects.csv")->size(), 2U);
  EXPECT_EQ((*reader()->alias("c"))->identifier, "z");
  EXPECT_EQ(*reader()->count_problems(), 2U);
  write({.removed_aliases = {"a"}, .problems = {{"folder", {}}}});
  EXPECT_EQ(reader()->aliases_from("redirects.csv")->at(0).alias, "b");
  EXPECT_EQ(*reader()->count_problems(), 0U);
}

TEST_P(StoreContract, ReadersOnManyThreadsSeeEachWriteWhole) {
  write({.items = {item(Kind::manifest, "a"), item(Kind::manifest, "b")}});
  std::vector<std::jthread> threads;
  std::atomic<int> torn = 0;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        auto read = store_->read();
        if (!read) continue;
        const auto a = (*read)->item({Kind::manifest, "a"}, kEverybody);
        const auto b = (*read)->item({Kind::manifest, "b"}, kEverybody);
        if (!a || !b || (*a)->nav_date != (*b)->nav_date) ++torn;
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    ItemRow a = item(Kind::manifest, "a");
    ItemRow b = item(Kind::manifest, "b");
    a.nav_date = b.nav_date = std::to_string(i);
    write({.items = {a, b}});
  }
  threads.clear();
  EXPECT_EQ(torn, 0);
}

TEST_P(StoreContract, StatementsHangWhereTheyCame) {
  const ItemKey first{Kind::manifest, "b"};
  const ItemKey second{Kind::manifest, "a"};
  const ItemKey filed{Kind::manifest, "c"};
  for (const ItemKey& key : {first, second, filed}) {
    Batch batch;
    batch.items.push_back(item(key.kind, key.identifier));
    if (key != filed) batch.items.back().folder = kNoFolder;
    batch.statements.push_back({key, "written", "shelf", "{}"});
    write(std::move(batch));
  }
  Batch again;
  again.items.push_back(item(first.kind, first.identifier));
  again.items.back().folder = kNoFolder;
  again.statements.push_back({first, "written", "shelf", "{\"label\":1}"});
  again.statements.push_back({first, "folder", "", "{}"});
  write(std::move(again));
  auto read = reader();
  EXPECT_EQ(*read->written_in("shelf"), (std::vector<ItemKey>{first, second}));
  EXPECT_TRUE(read->written_in("")->empty());
  const auto statements = read->statements(first);
  ASSERT_EQ(statements->size(), 2U);
  EXPECT_EQ((*statements)[1], (StatementRow{first, "written", "shelf", "{\"label\":1}"}));
  Batch removal;
  removal.removed_statements.emplace_back(first, "written");
  write(std::move(removal));
  EXPECT_EQ(reader()->statements(first)->size(), 1U);
}

TEST_P(StoreContract, VersionsAreKeptByteForByte) {
  const ItemKey key{Kind::manifest, "a"};
  const std::string bytes("{\xff\0}", 4);
  for (const char* who : {"anna", "ben", "anna"}) {
    Batch batch;
    batch.versions.push_back(
        {.item = key, .method = "PUT", .who = who, .why = "because", .media_type = "text/x", .content = bytes});
    write(std::move(batch));
  }
  auto read = reader();
  const auto list = read->versions(key, 1, 10);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ((*list)[0].number, 2U);
  EXPECT_EQ((*list)[0].who, "ben");
  EXPECT_EQ((*list)[0].content, "");
  EXPECT_GT((*list)[0].time, 0);
  const auto one = read->version(key, 3);
  ASSERT_TRUE(one && *one);
  EXPECT_EQ((*one)->content, bytes);
  EXPECT_EQ((*one)->why, "because");
  EXPECT_FALSE(*read->version(key, 4));
  Batch forget;
  forget.forgotten_versions.push_back(key);
  write(std::move(forget));
  EXPECT_TRUE(reader()->versions(key, 0, 10)->empty());
}

TEST_P(StoreContract, TheHistoryOfAnItemFollowsItsMove) {
  const ItemKey from{Kind::manifest, "old"};
  const ItemKey to{Kind::manifest, "new"};
  for (const auto& [item, who] :
       std::vector<std::pair<ItemKey, std::string>>{{to, "anna"}, {from, "ben"}, {from, "carl"}}) {
    Batch batch;
    batch.versions.push_back({.item = item, .method = "PUT", .who = who});
    write(std::move(batch));
  }
  Batch move;
  move.moved_versions.emplace_back(from, to);
  move.versions.push_back({.item = to, .method = "PATCH", .who = "dora"});
  write(std::move(move));
  auto read = reader();
  EXPECT_TRUE(read->versions(from, 0, 10)->empty());
  std::string order;
  const auto versions = read->versions(to, 0, 10);
  for (const VersionRow& version : *versions) order += fmt::format("{}{} ", version.number, version.who);
  EXPECT_EQ(order, "1anna 2ben 3carl 4dora ");
}

TEST_P(StoreContract, AWriteThatThrowsChangesNothingAndStopsNobody) {
  const auto thrown = store_->write([](const Reader&) -> base::Result<Batch> { throw std::out_of_range("at"); });
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().code, base::ErrorCode::internal);
  Batch batch;
  batch.items.push_back(item(Kind::manifest, "a"));
  write(std::move(batch));
  EXPECT_TRUE(reader()->item({Kind::manifest, "a"}, kEverybody)->has_value());
}

TEST_P(StoreContract, AKilledWriterLeavesWholeWrites) {
  store_.reset();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = GetParam()(folder_);
    for (int i = 0; store && i < 1'000'000; ++i) {
      Batch batch;
      for (const char* name : {"a", "b", "c"}) {
        batch.items.push_back(item(Kind::manifest, name));
        batch.items.back().nav_date = std::to_string(i);
        batch.activities.push_back({.item = batch.items.back().key});
      }
      (void)(*store)->write([&](const Reader&) -> base::Result<Batch> { return batch; });
    }
    _exit(0);
  }
  usleep(200'000);
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended before it was killed";
  reopen();
  auto read = reader();
  const auto a = read->item({Kind::manifest, "a"}, kEverybody);
  const auto c = read->item({Kind::manifest, "c"}, kEverybody);
  ASSERT_TRUE(a && *a && c && *c) << "nothing was written in time";
  EXPECT_EQ((*a)->nav_date, (*c)->nav_date);
  std::uint64_t number = 0;
  for (;;) {
    auto page = read->activities(number, 10'000);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    for (const ActivityRow& row : *page) ASSERT_EQ(row.number, ++number);
  }
  EXPECT_EQ(number % 3, 0U);
}

}  // namespace armarium::store
