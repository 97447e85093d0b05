#include "catalogue/edit.h"

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalogue/catalogue.h"
#include "catalogue/change_set.h"
#include "catalogue/take_down.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::catalogue {
namespace {

using base::ErrorCode;
using store::Kind;

const base::Principal kEverybody = base::Principal::public_visitor();

class EditTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "armarium-edit-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto opened = store::open_sqlite(folder_ / "store.sqlite");
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
    catalogue_ = std::make_unique<Catalogue>(*store_);
    ChangeSet changes;
    changes.manifests = {item("a")};
    changes.collections.emplace_back().members = {{Kind::manifest, "a"}};
    apply(changes);
  }
  void TearDown() override {
    catalogue_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  static ManifestChange item(const std::string& identifier) {
    ManifestChange change;
    change.identifier = identifier;
    change.folder = identifier;
    change.description.label = iiif::LanguageMap::of("en", "Item " + identifier);
    change.canvases.push_back({identifier + "~p1", iiif::LanguageMap::none("1"), {4, 3}, {}, {}, {}});
    return change;
  }
  void apply(const ChangeSet& changes) const {
    auto revision = catalogue_->apply(changes);
    EXPECT_TRUE(revision) << revision.error().message << revision.error().detail;
  }
  static Edit put(const std::string& identifier, std::vector<std::pair<std::string, std::string>> ids = {}) {
    Edit edit{.item = {Kind::manifest, identifier}, .ids = std::move(ids)};
    edit.content = json::Object{{"type", "Manifest"}, {"label", {{"en", {"Written"}}}}, {"items", json::Array()}};
    return edit;
  }
  static Edit patch(const std::string& identifier, json::Object content) {
    return {.kind = Edit::Kind::patch, .item = {Kind::manifest, identifier}, .content = std::move(content)};
  }
  bool is_done(Edit edit) const {
    auto done = catalogue_->edit(std::move(edit), false);
    EXPECT_TRUE(done) << done.error().message << done.error().detail;
    return done.has_value();
  }
  store::ItemRow row(const std::string& identifier) const {
    return (*store_->read())->item({Kind::manifest, identifier}, base::Principal::system())->value();
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(EditTest, PatchesDoNotPileUp) {
  for (int i = 0; i < 200; ++i) {
    const json::Value number = i;
    ASSERT_TRUE(is_done(patch("a", {{"summary", nullptr}, {"note:own", nullptr}})));
    ASSERT_TRUE(is_done(patch("a", {{"summary", {{"en", {std::to_string(i)}}}}, {"note:own", {{"n", number}}}})));
  }
  EXPECT_LT(row("a").document.size(), 2000U);
  const auto statements = (*store_->read())->statements({Kind::manifest, "a"});
  for (const store::StatementRow& statement : *statements) EXPECT_LT(statement.document.size(), 2000U);
  EXPECT_EQ(catalogue_->manifest("a", kEverybody)->description.summary, iiif::LanguageMap::of("en", "199"));
  ASSERT_TRUE(is_done({.kind = Edit::Kind::remove, .item = {Kind::manifest, "a"}}));
  EXPECT_TRUE(catalogue_->manifest("a", kEverybody)->description.summary.empty());
}

// Whatever is accepted can be read again; what would be too much is refused and changes nothing.
TEST_F(EditTest, PatchesThatAreTooMuchTogetherAreRefused) {
  ASSERT_TRUE(is_done(put("whole")));
  for (const char* name : {"a", "whole"}) {
    ErrorCode why{};
    for (int i = 0; i < 4 && why == ErrorCode{}; ++i) {
      auto done =
          catalogue_->edit(patch(name, {{fmt::format("note:{}", i), std::string(std::size_t{23} << 20, 'x')}}), false);
      if (!done) why = done.error().code;
      ASSERT_TRUE(catalogue_->manifest(name, kEverybody)) << name << i;
    }
    EXPECT_EQ(why, ErrorCode::too_large) << name;
    EXPECT_TRUE(is_done(patch(name, {{"note:0", nullptr}}))) << "what was accepted can be taken back";
  }
}

TEST_F(EditTest, IdsOfAnotherItemStayWithIt) {
  const std::string outside = "https://example.org/m";
  ASSERT_TRUE(is_done(put("one", {{outside, "one"}})));
  ASSERT_TRUE(is_done(put("two", {{outside, "two"}, {"https://example.org/2", "two"}})));
  EXPECT_EQ(catalogue_->resolve_alias(outside).value_or(""), "one");
  EXPECT_EQ(catalogue_->resolve_alias("https://example.org/2").value_or(""), "two");
  ASSERT_TRUE(is_done({.kind = Edit::Kind::remove, .item = {Kind::manifest, "one"}}));
  ASSERT_TRUE(is_done(put("two", {{outside, "two"}})));
  EXPECT_EQ(catalogue_->resolve_alias(outside).value_or(""), "two");
}

TEST_F(EditTest, ManyIdsAreComparedAtOnce) {
  std::vector<std::pair<std::string, std::string>> first;
  std::vector<std::pair<std::string, std::string>> second;
  ChangeSet changes;
  ChangeSet others;
  auto& rows = changes.aliases_from.emplace_back("document:a", std::vector<store::AliasRow>()).second;
  auto& other_rows = others.aliases_from.emplace_back("document:a", std::vector<store::AliasRow>()).second;
  for (int i = 0; i < 8'000; ++i) {
    first.emplace_back(fmt::format("https://example.org/a-long-way/to/{}", i), "one");
    second.emplace_back(fmt::format("https://example.org/a-long-way/to/{}", i + 4'000), "one");
    rows.push_back({fmt::format("https://example.com/a-long-way/to/{}", i), "a", "document:a"});
    other_rows.push_back({fmt::format("https://example.com/a-long-way/to/{}", i + 4'000), "a", "document:a"});
  }
  ASSERT_TRUE(is_done(put("one", first)));
  ASSERT_TRUE(is_done(put("one", second)));
  apply(changes);
  apply(others);
  EXPECT_FALSE(catalogue_->resolve_alias(first.front().first));
  EXPECT_EQ(catalogue_->resolve_alias(second.back().first).value_or(""), "one");
  EXPECT_EQ(catalogue_->resolve_alias(other_rows.back().alias).value_or(""), "a");
}

TEST_F(EditTest, WhatIsTakenDownIsNotWrittenByFilesEither) {
  ASSERT_TRUE(is_done(put("one")));
  ASSERT_TRUE(catalogue_->take_down({"one", "", ""}));
  ChangeSet changes;
  changes.edits = {put("one")};
  changes.edits.front().method = "FILE";
  apply(changes);
  EXPECT_FALSE((*store_->read())->item({Kind::manifest, "one"}, base::Principal::system())->has_value());
  EXPECT_TRUE((*store_->read())->statements({Kind::manifest, "one"})->empty());
  EXPECT_TRUE((*store_->read())->versions({Kind::manifest, "one"}, 0, 10)->empty());
}

TEST_F(EditTest, AFolderOfManyItemsIsTakenDownAtOnce) {
  ChangeSet changes;
  CollectionChange& many = changes.collections.emplace_back();
  many.identifier = many.folder = "many";
  for (int i = 0; i < 2000; ++i) {
    ManifestChange one = item(fmt::format("ark:/1/{}", i));
    one.folder = "many";
    many.members.push_back({Kind::manifest, one.identifier});
    changes.manifests.push_back(std::move(one));
  }
  changes.folders.push_back({.path = "many"});
  apply(changes);
  const std::string reason = std::string(1999, 'a') + "ä";
  const auto done = catalogue_->take_down({"many", reason, ""});
  ASSERT_TRUE(done) << done.error().message << done.error().detail;
  EXPECT_EQ(done->items.size(), 2001U);
  EXPECT_EQ(catalogue_->takedown_rows()->front().reason, std::string(1999, 'a'));
  EXPECT_EQ(catalogue_->allowed("ark:/1/1999~p1").error().code, ErrorCode::withheld);
  ASSERT_TRUE(catalogue_->lift_takedown("many"));
  EXPECT_TRUE(catalogue_->takedown_rows()->empty());
}

}  // namespace
}  // namespace armarium::catalogue
