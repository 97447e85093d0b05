#include "discovery/stream.h"

#include <stdlib.h>

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalogue/stream_refresh.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::discovery {
namespace {

using store::ActivityType;
using store::Batch;
using store::ItemKey;
using store::Kind;

class StreamTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "armarium-stream-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto opened = store::open_sqlite(folder_ / "store.sqlite");
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
    addresses_.base = "https://h/d";
    addresses_.object = [](const ItemKey& key) { return "https://h/3/" + key.identifier; };
    addresses_.canonical = [](const ItemKey& key) { return "https://h/" + key.identifier; };
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void write(Batch batch) {
    auto written = store_->write([&](const store::Reader&) -> base::Result<Batch> { return batch; });
    ASSERT_TRUE(written) << written.error().detail;
  }
  void create(int count, std::uint64_t place = 1) {
    Batch batch;
    for (int i = 0; i < count; ++i)
      batch.activities.push_back({.place = place, .item = {Kind::manifest, fmt::format("m{}", i)}});
    write(batch);
  }
  json::Value page(std::uint64_t number) {
    auto document = Stream(*store_).page(number, addresses_);
    EXPECT_TRUE(document) << document.error().message;
    return *json::parse(document->text);
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  Addresses addresses_;
};

TEST_F(StreamTest, IsNotThereWhileThereIsNothing) {
  create(3, 0);  // what not everybody may know
  EXPECT_EQ(Stream(*store_).collection(addresses_).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(Stream(*store_).page(1, addresses_).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(Stream(*store_).activity(1, addresses_).error().code, base::ErrorCode::not_found);
}

TEST_F(StreamTest, PagesHaveAFixedNumberWhateverIsHidden) {
  create(100);
  EXPECT_FALSE(Stream(*store_).page(1, addresses_)->settled) << "its next page is still to come";
  create(50, 0);
  create(7);
  EXPECT_TRUE(Stream(*store_).page(1, addresses_)->settled);
  EXPECT_EQ(page(1).at("orderedItems").as_array().size(), 100U);
  EXPECT_EQ(page(2).at("orderedItems").as_array().size(), 7U);
  EXPECT_EQ(page(2).at("startIndex").to_number<int>(), 100);
  EXPECT_EQ(page(2).at("orderedItems").at(0).at("id").as_string(), "https://h/d/activity/101");
  EXPECT_EQ(Stream(*store_).page(3, addresses_).error().code, base::ErrorCode::not_found);
  const json::Value collection = *json::parse(Stream(*store_).collection(addresses_)->text);
  EXPECT_EQ(collection.at("totalItems").to_number<int>(), 107);
  EXPECT_EQ(collection.at("last").at("id").as_string(), "https://h/d/page/2");
}

TEST_F(StreamTest, WhatIsErasedKeepsItsPlace) {
  create(2);
  write({.erased = {{Kind::manifest, "m0"}}});
  const json::Value erased = page(1).at("orderedItems").at(0);
  EXPECT_EQ(erased.at("type").as_string(), "Delete");
  EXPECT_EQ(erased.at("object").at("id").as_string(), "https://h/d/erased/1");
  EXPECT_EQ(json::to_text(page(1)).find("m0"), std::string::npos);
  EXPECT_EQ(page(1).at("orderedItems").at(1).at("object").at("id").as_string(), "https://h/3/m1");
}

TEST_F(StreamTest, DescriptionsBelongToWhatIsThere) {
  write({.activities = {{.place = 1,
                         .type = ActivityType::move,
                         .item = {Kind::manifest, "a"},
                         .target = "b",
                         .document = R"({"seeAlso":[{"id":"https://e/x","type":"Dataset"}]})"}}});
  const json::Value move = page(1).at("orderedItems").at(0);
  EXPECT_FALSE(move.at("object").get_object().contains("seeAlso"));
  EXPECT_EQ(move.at("target").at("seeAlso").at(0).at("id").as_string(), "https://e/x");
}

TEST_F(StreamTest, OpensOnceForGood) {
  EXPECT_FALSE(*Stream(*store_).is_open(false));
  EXPECT_TRUE(*Stream(*store_).is_open(true));
  EXPECT_TRUE(*Stream(*store_).is_open(false)) << "also after the next start";
}

TEST_F(StreamTest, AnotherAddressNamesEverythingAgainInSteps) {
  Batch batch;
  for (int i = 0; i < 5; ++i) {
    store::ItemRow row;
    row.key = {Kind::manifest, fmt::format("m{}", i)};
    row.audience = i == 3 ? "staff" : "";
    row.announced = i != 4;
    row.label = row.document = "{}";
    batch.items.push_back(row);
  }
  write(batch);
  EXPECT_FALSE(*catalogue::refresh_stream(*store_, "https://one", 2)) << "nobody was told anything";
  create(1);
  EXPECT_FALSE(*catalogue::refresh_stream(*store_, "https://one", 2));
  EXPECT_FALSE(*catalogue::refresh_stream(*store_, "", 2));
  Stream stream(*store_);
  ASSERT_TRUE(*stream.is_open(true));
  int steps = 1;
  for (; *catalogue::refresh_stream(*store_, "https://two", 2); ++steps) EXPECT_FALSE(*stream.is_open(true));
  EXPECT_GE(steps, 3);
  EXPECT_TRUE(*stream.is_open(true));
  auto rows = *(*store_->read())->public_activities(1, 100);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].type, ActivityType::refresh);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rows[static_cast<std::size_t>(i) + 1].item.identifier, fmt::format("m{}", i));
  EXPECT_FALSE(*catalogue::refresh_stream(*store_, "https://two", 2));
  // A restore announces one, too; without a public address it is brought to its end as well.
  ASSERT_TRUE(store_->write(catalogue::announce_refresh));
  EXPECT_FALSE(*stream.is_open(true));
  while (*catalogue::refresh_stream(*store_, "", 2)) EXPECT_FALSE(*stream.is_open(true));
  EXPECT_TRUE(*stream.is_open(true));
  rows = *(*store_->read())->public_activities(5, 100);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].type, ActivityType::refresh);
}

}  // namespace
}  // namespace armarium::discovery
