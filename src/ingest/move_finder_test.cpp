#include "ingest/move_finder.h"

#include <gtest/gtest.h>

#include "ingest/content_lane.h"
#include "ingest/looker.h"
#include "ingest/testing.h"
#include "source/file_system.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::ingest {
namespace {

// A picture that only a part of is read for its headers; `sign` stands where no fingerprint looks.
std::string large_picture(char sign) {
  std::string bytes = testing::tiny_png(8, 8) + std::string(400'000, '.');
  bytes[120'000] = sign;
  return bytes;
}

// A folder with one large picture for each item, looked at without a library's threads.
class WholeFiles : public ::testing::Test {
 protected:
  WholeFiles() {
    folder_.write("a/info.yml", "each: file\n");
    folder_.write("b/info.yml", "each: file\n");
    folder_.write("a/x.png", large_picture('x'));
    folder_.picture("b/z.png", 9, 9);
    store_ = std::move(*store::open_sqlite(state_.path() / "store.sqlite"));
    source_ = std::move(*source::FileSystem::open_root(folder_.path()));
    tree_ = std::move(*Tree::open(folder_.path()));
    catalogue_ = std::make_unique<catalogue::Catalogue>(*store_);
    Looker::Options options;
    options.reader_version = "1";
    options.headers_read = [this](const std::string&) {
      if (leave_after_headers_) client_.cancel();
    };
    looker_ = std::make_unique<Looker>(*tree_, *source_, *store_, *catalogue_, std::move(options));
    for (const char* path : {"", "a", "b"}) EXPECT_TRUE(looker_->look(path, Depth::full, {}));
  }
  store::FileRow row(const std::string& path) const {
    const auto reader = store_->read();
    auto rows = (*reader)->files_in(path.substr(0, path.rfind('/'))).value();
    for (store::FileRow& row : rows) {
      if (row.path == path) return std::move(row);
    }
    return {};
  }
  std::string content_of(const std::string& path) const { return facts_of(row(path).document)->content; }
  void read_whole(const std::function<bool()>& stop) {
    ContentLane lane(*source_, *store_, *catalogue_, stop);
    lane.add("a");
    while (lane.has_work()) lane.step();
  }

  testing::TemporaryFolder folder_;
  testing::TemporaryFolder state_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<source::FileSystem> source_;
  std::unique_ptr<Tree> tree_;
  std::unique_ptr<catalogue::Catalogue> catalogue_;
  std::unique_ptr<Looker> looker_;
  base::CancelToken client_;
  bool leave_after_headers_ = false;
};

TEST(ContentLane, EndsWhereFolderHasNoFoldersBelow) {
  const testing::TemporaryFolder folder;
  const testing::TemporaryFolder state;
  folder.picture("x.png", 9, 9);
  auto store = std::move(*store::open_sqlite(state.path() / "store.sqlite"));
  const auto source = std::move(*source::FileSystem::open_root(folder.path()));
  const auto tree = std::move(*Tree::open(folder.path()));
  catalogue::Catalogue catalogue(*store);
  Looker looker(*tree, *source, *store, catalogue, {});
  ASSERT_TRUE(looker.look("", Depth::full, {}));
  ContentLane lane(*source, *store, catalogue, [] { return false; });
  for (int steps = 0; steps < 10 && lane.has_work(); ++steps) lane.step();
  EXPECT_FALSE(lane.has_work());
}

TEST_F(WholeFiles, ALookThatMayNotCompareThemPublishesNothing) {
  read_whole({[] { return false; }});
  ASSERT_FALSE(content_of("a/x.png").empty());
  folder_.remove("a/x.png");
  folder_.write("b/moved.png", large_picture('x'));
  leave_after_headers_ = true;
  Budget budget;
  budget.cancel = client_;
  const auto stopped = looker_->look("b", Depth::full, budget);
  ASSERT_FALSE(stopped) << "published as another item, it would stay one";
  EXPECT_EQ(stopped.error().code, base::ErrorCode::not_ready);
  EXPECT_TRUE(row("b/moved.png").path.empty());
  leave_after_headers_ = false;
  ASSERT_TRUE(looker_->look("b", Depth::full, {}));
  EXPECT_EQ(catalogue_->resolve_alias("a~x").value_or(""), "b~moved");
}

TEST_F(WholeFiles, AFileThatWasReplacedWhileItWasReadKeepsItsNewFacts) {
  bool replaced = false;
  read_whole({[&] {
    if (!replaced) {
      replaced = true;
      folder_.remove("a/x.png");
      folder_.write("a/x.png", large_picture('n') + "longer");
      EXPECT_TRUE(looker_->look("a", Depth::full, {}));
    }
    return false;
  }});
  ASSERT_TRUE(replaced);
  EXPECT_EQ(row("a/x.png").size, large_picture('n').size() + 6);
}

TEST_F(WholeFiles, WhatIsKnownOfAFileIsKeptBeforeTheNextIsRead) {
  folder_.write("a/y.png", large_picture('y'));
  ASSERT_TRUE(looker_->look("a", Depth::full, {}));
  bool kept = false;
  read_whole({[&] {
    kept = kept || !content_of("a/x.png").empty() || !content_of("a/y.png").empty();
    return false;
  }});
  EXPECT_TRUE(kept);
}

}  // namespace
}  // namespace armarium::ingest
