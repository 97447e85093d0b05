#include "ingest/library.h"

#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/testing.h"
#include "source/file_system.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::ingest {
namespace {

using base::CancelToken;
using base::ErrorCode;
using namespace std::chrono_literals;

const base::Principal kEverybody = base::Principal::public_visitor();

class LibraryTest : public ::testing::Test {
 protected:
  void open() {
    auto opened = store::open_sqlite(state_.path() / "store.sqlite");
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
    auto source = source::FileSystem::open_root(folder_.path());
    ASSERT_TRUE(source);
    source_ = std::move(*source);
    catalogue_ = std::make_unique<catalogue::Catalogue>(*store_);
    auto library = Library::open({.root = folder_.path(),
                                  .limits = {},
                                  .reader_version = "1",
                                  .scan_interval = 1h,
                                  .threads = 2,
                                  .watch = watch_,
                                  .most_headers = 50},
                                 *source_, *store_, *catalogue_);
    ASSERT_TRUE(library);
    library_ = std::move(*library);
  }
  void close() {
    library_.reset();
    catalogue_.reset();
    source_.reset();
    store_.reset();
  }
  void TearDown() override { close(); }

  template <class Condition>
  bool wait_for(Condition condition, std::chrono::milliseconds most = 5s) {
    for (const auto end = std::chrono::steady_clock::now() + most; std::chrono::steady_clock::now() < end;) {
      if (condition()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return condition();
  }
  void scan() {
    library_->start();
    ASSERT_TRUE(wait_for([&] { return library_->status().last_scan != std::chrono::system_clock::time_point(); }));
  }
  void rescan(bool accept = false) {
    const auto before = library_->status().last_scan;
    library_->rescan("", accept);
    ASSERT_TRUE(wait_for([&] { return library_->status().last_scan != before; }));
  }
  std::vector<std::string> members(std::string_view collection) {
    const auto found = catalogue_->collection(collection, "", 1000, kEverybody);
    std::vector<std::string> names;
    if (!found) return {found.error().message};
    names.reserve(found->members.size());
    for (const auto& member : found->members) {
      names.push_back((member.kind == catalogue::ItemKind::collection ? "c:" : "m:") + member.identifier);
    }
    return names;
  }
  std::vector<std::string> canvases(std::string_view manifest) {
    const auto found = catalogue_->manifest(manifest, kEverybody);
    std::vector<std::string> names;
    if (!found) return {found.error().message};
    for (const auto& canvas : found->canvases) names.push_back(canvas.identifier);
    return names;
  }
  using Names = std::vector<std::string>;
  bool watch_ = false;

  testing::TemporaryFolder folder_;
  testing::TemporaryFolder state_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<source::FileSystem> source_;
  std::unique_ptr<catalogue::Catalogue> catalogue_;
  std::unique_ptr<Library> library_;
};

TEST_F(LibraryTest, ScansAFolderOfFolders) {
  folder_.picture("book/p10.png", 40, 30);
  folder_.picture("book/p2.png", 20, 10);
  folder_.picture("maps/england/a.png");
  folder_.write("book/info.yml", "label: {en: A book}\nrights: CC0\n");
  folder_.write("notes/readme.txt", "no picture");
  open();
  scan();
  EXPECT_EQ(members(""), (Names{"m:book", "c:maps"}));
  EXPECT_EQ(members("maps"), (Names{"m:maps~england"}));
  EXPECT_EQ(canvases("book"), (Names{"book~p2", "book~p10"}));
  const auto book = catalogue_->manifest("book", kEverybody);
  ASSERT_TRUE(book);
  EXPECT_TRUE(book->complete);
  EXPECT_EQ(book->description.label, iiif::LanguageMap::of("en", "A book"));
  EXPECT_EQ(book->description.rights, "http://creativecommons.org/publicdomain/zero/1.0/");
  EXPECT_EQ(book->canvases[1].extent, (image::Size{40, 30}));
  ASSERT_EQ(book->canvases[1].assets.size(), 1U);
  EXPECT_EQ(book->canvases[1].assets[0].path, "book/p10.png");
  EXPECT_EQ(book->canvases[1].assets[0].format, "png");
  const auto asset = catalogue_->asset("book~p2", kEverybody);
  ASSERT_TRUE(asset);
  EXPECT_EQ(asset->manifest, "book");
  EXPECT_TRUE(catalogue_->collection("", "", 10, kEverybody)->complete);
}

TEST_F(LibraryTest, APathThatIsTooLongForADatabaseCostsOnlyItself) {
  std::string deep = "deep";
  for (int i = 0; i < 10; ++i) deep += "/" + std::string(240, static_cast<char>('a' + i));
  folder_.picture(deep + "/p.png");
  folder_.picture(deep + "/" + std::string(240, 'x') + "/q.png");
  folder_.picture("book/p.png");
  open();
  scan();
  EXPECT_EQ(members(""), (Names{"m:book", "c:deep"}));
  const auto problems = catalogue_->problems(10);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(problems[0].path.ends_with("/" + std::string(240, 'x'))) << problems[0].path;
  EXPECT_NE(problems[0].reason.find("2500 bytes"), std::string::npos) << problems[0].reason;
}

TEST_F(LibraryTest, AnswersWithoutABackgroundScan) {
  folder_.picture("a/b/c/p1.png");
  folder_.picture("a/b/c/p2.png");
  folder_.picture("a/x/p.png");
  open();
  ASSERT_TRUE(library_->ensure_item("a~b~c", CancelToken()));
  EXPECT_EQ(canvases("a~b~c"), (Names{"a~b~c~p1", "a~b~c~p2"}));
  ASSERT_TRUE(library_->ensure_asset("a~x~p", CancelToken()));
  EXPECT_TRUE(catalogue_->asset("a~x~p", kEverybody));
  ASSERT_TRUE(library_->ensure_item("a", CancelToken()));
  EXPECT_EQ(members("a"), (Names{"c:a~b", "m:a~x"}));
  ASSERT_TRUE(library_->ensure_item("", CancelToken()));
  EXPECT_EQ(members(""), (Names{"c:a"}));
}

TEST_F(LibraryTest, SaysNotReadyForWhatMayStillCome) {
  folder_.picture("a/p.png");
  open();
  const auto early = library_->ensure_item("ark:/12148/x", CancelToken());
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::not_ready);
  scan();
  EXPECT_TRUE(library_->ensure_item("ark:/12148/x", CancelToken()));
  EXPECT_EQ(catalogue_->manifest("ark:/12148/x", kEverybody).error().code, ErrorCode::not_found);
}

TEST_F(LibraryTest, TheSameTwiceGivesNoNewRevision) {
  folder_.picture("a/p.png");
  folder_.picture("b/p.png");
  folder_.picture("p.png");
  open();
  scan();
  const auto revision = catalogue_->revision();
  const auto headers = library_->status().headers;
  EXPECT_EQ(headers, 3U);
  rescan();
  EXPECT_EQ(catalogue_->revision(), revision);
  close();
  open();
  scan();
  EXPECT_EQ(catalogue_->revision(), revision);
  EXPECT_EQ(library_->status().headers, 0U) << "sizes are read once and again only when a file changed";
  EXPECT_EQ(members(""), (Names{"m:_", "m:a", "m:b"}));
}

TEST_F(LibraryTest, ADamagedFileCostsOnlyItself) {
  folder_.picture("a/p1.png", 40, 30);
  folder_.write("a/p2.png", "this is no picture");
  folder_.write("a/p3.jpg", "");
  open();
  scan();
  EXPECT_EQ(canvases("a"), (Names{"a~p1", "a~p2", "a~p3"}));
  const auto manifest = catalogue_->manifest("a", kEverybody);
  EXPECT_TRUE(manifest->canvases[1].assets.empty());
  EXPECT_EQ(manifest->canvases[1].extent, (image::Size{40, 30}));
  const auto asset = catalogue_->asset("a~p2", kEverybody);
  ASSERT_TRUE(asset);
  EXPECT_EQ(asset->state, catalogue::AssetState::damaged);
  EXPECT_FALSE(asset->problem.empty());
  EXPECT_EQ(catalogue_->problems(10).size(), 2U);
}

TEST_F(LibraryTest, FollowsChanges) {
  folder_.picture("a/p1.png");
  folder_.picture("b/p1.png");
  open();
  scan();
  folder_.picture("a/p2.png");
  folder_.remove("b");
  folder_.picture("c/p1.png", 9, 9);
  rescan();
  EXPECT_EQ(canvases("a"), (Names{"a~p1", "a~p2"}));
  EXPECT_EQ(members(""), (Names{"m:a", "m:c"}));
  EXPECT_EQ(catalogue_->manifest("b", kEverybody).error().code, ErrorCode::gone);
  folder_.remove("a/p1.png");
  rescan();
  EXPECT_EQ(canvases("a"), (Names{"a~p2"}));
  EXPECT_EQ(catalogue_->asset("a~p1", kEverybody).error().code, ErrorCode::gone);
}

TEST_F(LibraryTest, ALostMountUnpublishesNothing) {
  for (int i = 0; i < 25; ++i) folder_.picture(fmt::format("disk/item{}/p.png", i));
  folder_.picture("stays/p.png");
  open();
  scan();
  ASSERT_EQ(members("disk").size(), 25U);
  folder_.remove("disk");
  rescan();
  EXPECT_NE(library_->status().mount_warning, "");
  EXPECT_EQ(members("disk").size(), 25U);
  EXPECT_EQ(members(""), (Names{"m:stays", "c:disk"}));
  rescan(true);
  EXPECT_EQ(library_->status().mount_warning, "");
  EXPECT_EQ(catalogue_->collection("disk", "", 1, kEverybody).error().code, ErrorCode::gone);
  EXPECT_EQ(members(""), (Names{"m:stays"}));
}

TEST_F(LibraryTest, ADiskThatComesBackIsAsBefore) {
  for (int i = 0; i < 25; ++i) folder_.picture(fmt::format("disk/item{}/p.png", i));
  for (int i = 0; i < 25; ++i) folder_.picture(fmt::format("photos/p{}.png", i), 5, static_cast<std::uint32_t>(i + 1));
  folder_.write("photos/info.yml", "each: file\n");
  open();
  scan();
  const auto revision = catalogue_->revision();
  std::filesystem::rename(folder_.path() / "disk", state_.path() / "disk");
  std::filesystem::create_directories(state_.path() / "photos");
  for (int i = 0; i < 25; ++i) {
    const auto name = fmt::format("photos/p{}.png", i);
    std::filesystem::rename(folder_.path() / name, state_.path() / name);
  }
  rescan();
  EXPECT_NE(library_->status().mount_warning, "");
  EXPECT_TRUE(catalogue_->manifest("disk~item7", kEverybody));
  EXPECT_TRUE(catalogue_->manifest("photos~p7", kEverybody));
  EXPECT_EQ(members(""), (Names{"c:photos", "c:disk"}));
  EXPECT_EQ(members("photos").size(), 25U);
  std::filesystem::rename(state_.path() / "disk", folder_.path() / "disk");
  for (int i = 0; i < 25; ++i) {
    const auto name = fmt::format("photos/p{}.png", i);
    std::filesystem::rename(state_.path() / name, folder_.path() / name);
  }
  rescan();
  EXPECT_EQ(library_->status().mount_warning, "");
  rescan(true);
  EXPECT_TRUE(catalogue_->manifest("disk~item7", kEverybody));
  EXPECT_TRUE(catalogue_->manifest("photos~p7", kEverybody));
  EXPECT_EQ(members("photos").size(), 25U);
  EXPECT_EQ(members("disk").size(), 25U);
  EXPECT_GE(catalogue_->revision(), revision);
}

TEST_F(LibraryTest, AnEmptyRootUnpublishesNothing) {
  folder_.picture("a/p.png");
  folder_.picture("b/p.png");
  open();
  scan();
  folder_.remove("a");
  folder_.remove("b");
  rescan();
  EXPECT_NE(library_->status().mount_warning, "");
  EXPECT_TRUE(catalogue_->manifest("a", kEverybody));
  EXPECT_EQ(members(""), (Names{"m:a", "m:b"}));
  rescan(true);
  EXPECT_EQ(members(""), Names{});
  EXPECT_EQ(catalogue_->manifest("a", kEverybody).error().code, ErrorCode::gone);
}

TEST_F(LibraryTest, AMovedFolderKeepsItsAddresses) {
  folder_.picture("old/p1.png", 10, 20);
  folder_.picture("old/p2.png", 30, 40);
  open();
  scan();
  const auto headers = library_->status().headers;
  folder_.rename("old", "shelf/new");
  rescan();
  EXPECT_EQ(members(""), (Names{"c:shelf"}));
  EXPECT_EQ(canvases("shelf~new"), (Names{"shelf~new~p1", "shelf~new~p2"}));
  EXPECT_EQ(*catalogue_->resolve_alias("old"), "shelf~new");
  EXPECT_EQ(*catalogue_->resolve_alias("old~p2"), "shelf~new~p2");
  EXPECT_EQ(library_->status().headers, headers) << "nothing has to be read again";
}

TEST_F(LibraryTest, ARenamedFolderOfFoldersKeepsItsAddress) {
  folder_.picture("shelf/one/p1.png", 10, 20);
  folder_.picture("shelf/two/p1.png", 30, 40);
  open();
  scan();
  folder_.rename("shelf", "case");
  rescan();
  EXPECT_EQ(members(""), (Names{"c:case"}));
  EXPECT_EQ(catalogue_->resolve_alias("shelf").value_or(""), "case");
  EXPECT_EQ(catalogue_->resolve_alias("shelf~two~p1").value_or(""), "case~two~p1");
}

TEST_F(LibraryTest, EachFileIsAnItem) {
  folder_.picture("photos/b.png");
  folder_.picture("photos/a.png");
  folder_.write("photos/info.yml", "each: file\norder: [b.png, a.png]\nrights: PD\n");
  folder_.write("photos/metadata.csv", "path,label,id\na.png,The first,ark:/1/a\n");
  open();
  scan();
  EXPECT_EQ(members(""), (Names{"c:photos"}));
  EXPECT_EQ(members("photos"), (Names{"m:photos~b", "m:ark:/1/a"}));
  EXPECT_EQ(canvases("ark:/1/a"), (Names{"photos~a"}));
  EXPECT_EQ(*catalogue_->resolve_alias("photos~a"), "ark:/1/a");
  EXPECT_EQ(catalogue_->manifest("ark:/1/a", kEverybody)->description.label, iiif::LanguageMap::none("The first"));
}

TEST_F(LibraryTest, AFolderCopiedElsewhereAndDeletedHasMoved) {
  folder_.picture("old/p1.png", 10, 20);
  folder_.picture("old/p2.png", 30, 40);
  folder_.picture("copied/p1.png", 11, 20);
  open();
  scan();
  for (const char* name : {"p1.png", "p2.png"}) {
    std::filesystem::create_directories(folder_.path() / "new");
    std::filesystem::copy(folder_.path() / "old" / name, folder_.path() / "new" / name);
  }
  folder_.remove("old");
  folder_.picture("copy/p1.png", 11, 20);
  rescan();
  EXPECT_EQ(members(""), (Names{"m:copied", "m:copy", "m:new"}));
  EXPECT_EQ(catalogue_->resolve_alias("old").value_or(""), "new");
  EXPECT_FALSE(catalogue_->resolve_alias("copied")) << "equal copies are never a move";
  EXPECT_EQ(catalogue_->manifest("old", kEverybody).error().code, ErrorCode::not_found)
      << "a move leaves an alias, nothing is gone";
}

TEST_F(LibraryTest, AFileThatMovedBetweenFoldersOfItems) {
  for (const char* folder : {"a", "b"}) folder_.write(fmt::format("{}/info.yml", folder), "each: file\n");
  folder_.picture("a/x.png", 5, 6);
  folder_.picture("a/y.png", 7, 8);
  folder_.picture("b/z.png", 9, 9);
  open();
  scan();
  folder_.rename("a/x.png", "b/moved.png");
  folder_.rename("a/y.png", "a/renamed.png");
  rescan();
  EXPECT_EQ(members("a"), (Names{"m:a~renamed"}));
  EXPECT_EQ(members("b"), (Names{"m:b~moved", "m:b~z"}));
  EXPECT_EQ(catalogue_->resolve_alias("a~x").value_or(""), "b~moved");
  EXPECT_EQ(catalogue_->resolve_alias("a~y").value_or(""), "a~renamed");
}

// A picture that only a part of is looked at in the first scan; `sign` stands where no fingerprint looks.
void large_picture(const testing::TemporaryFolder& folder, std::string_view name, char sign) {
  std::string bytes = testing::tiny_png(8, 8) + std::string(400'000, '.');
  bytes[120'000] = sign;
  folder.write(name, bytes);
}

TEST_F(LibraryTest, ALargeFileHasMovedWhenAllOfItIsTheSame) {
  folder_.write("a/info.yml", "each: file\n");
  folder_.write("b/info.yml", "each: file\n");
  large_picture(folder_, "a/same.png", 'x');
  large_picture(folder_, "a/other.png", 'y');
  folder_.picture("b/z.png", 9, 9);
  open();
  scan();
  const auto read_whole = [&] {
    auto reader = store_->read();
    const auto files = (*reader)->files_in("a");
    return std::all_of(files->begin(), files->end(),
                       [](const store::FileRow& row) { return row.document.find("\"content\"") != std::string::npos; });
  };
  ASSERT_TRUE(wait_for(read_whole)) << "the idle lane reads large files whole";
  folder_.remove("a/other.png");
  rescan(true);
  ASSERT_EQ(members("a"), (Names{"m:a~same"}));
  // Copied elsewhere, so that no inode tells; and one that differs where no fingerprint looks.
  folder_.remove("a/same.png");
  large_picture(folder_, "b/like.png", 'z');
  rescan(true);
  EXPECT_FALSE(catalogue_->resolve_alias("a~same")) << "a fingerprint is not enough";
  large_picture(folder_, "a/first.png", 'p');
  rescan();
  ASSERT_TRUE(wait_for(read_whole));
  folder_.remove("a/first.png");
  large_picture(folder_, "b/second.png", 'p');
  rescan();
  EXPECT_EQ(catalogue_->resolve_alias("a~first").value_or(""), "b~second");
}

TEST_F(LibraryTest, TwoCopiesOfOneThatVanishedAreNoMove) {
  folder_.write("a/info.yml", "each: file\n");
  folder_.picture("a/x.png", 5, 6);
  folder_.picture("a/y.png", 9, 9);
  open();
  scan();
  folder_.remove("a/x.png");
  folder_.picture("a/copy1.png", 5, 6);
  folder_.picture("a/copy2.png", 5, 6);
  rescan();
  EXPECT_FALSE(catalogue_->resolve_alias("a~x"));
}

TEST_F(LibraryTest, AnIdentifierBelongsToOneItem) {
  folder_.picture("a/p.png");
  folder_.picture("b/p.png");
  folder_.write("a/info.yml", "id: ms-7\n");
  folder_.write("b/info.yml", "id: ms-7\n");
  open();
  scan();
  EXPECT_EQ(members(""), (Names{"m:ms-7", "m:b"}));
  EXPECT_EQ(*catalogue_->resolve_alias("a"), "ms-7");
  ASSERT_EQ(catalogue_->problems(10).size(), 1U);
  EXPECT_EQ(catalogue_->problems(10)[0].path, "b");
  folder_.write("a/info.yml", "id: ms-8\n");
  rescan();
  EXPECT_TRUE(catalogue_->manifest("ms-8", kEverybody));
  EXPECT_EQ(catalogue_->resolve_alias("a").value_or(""), "ms-8");
}

TEST_F(LibraryTest, ANewIdentifierTakesTheOldOneAlong) {
  folder_.picture("shelf/a/p.png");
  open();
  scan();
  folder_.write("shelf/info.yml", "id: shelf-1\n");
  folder_.write("shelf/a/info.yml", "id: book-1\n");
  rescan();
  EXPECT_EQ(members(""), Names{"c:shelf-1"});
  EXPECT_EQ(members("shelf-1"), Names{"m:book-1"});
  EXPECT_EQ(*catalogue_->resolve_alias("shelf"), "shelf-1");
  EXPECT_EQ(*catalogue_->resolve_alias("shelf~a"), "book-1");
  EXPECT_EQ(canvases("book-1"), Names{"shelf~a~p"});
  EXPECT_TRUE(catalogue_->asset("shelf~a~p", kEverybody));
}

TEST_F(LibraryTest, TheContentTellsAPicture) {
  folder_.picture("a/scan.001");
  folder_.picture("a/scan.002");
  folder_.write("a/data.bin", "nothing to see");
  folder_.picture("a/page.png");
  open();
  scan();
  EXPECT_EQ(canvases("a"), (Names{"a~page", "a~scan.001", "a~scan.002"}));
  EXPECT_TRUE(catalogue_->problems(10).empty());
}

TEST_F(LibraryTest, RedirectsAreAliases) {
  folder_.picture("a/p.png");
  folder_.write("redirects.csv", "old,identifier\n/node/17,a\nhttps://old.example.org/item/9?x=1,a~p\n/broken\n");
  open();
  scan();
  EXPECT_EQ(*catalogue_->resolve_alias("/node/17"), "a");
  EXPECT_EQ(*catalogue_->resolve_alias("/item/9"), "a~p");
  ASSERT_EQ(catalogue_->problems(10).size(), 1U);
  EXPECT_EQ(catalogue_->problems(10)[0].where, "line 4");
  folder_.write("redirects.csv", "/node/18,a\n");
  rescan();
  EXPECT_FALSE(catalogue_->resolve_alias("/node/17"));
  EXPECT_EQ(*catalogue_->resolve_alias("/node/18"), "a");
}

TEST_F(LibraryTest, AFlatFolderOfManyFilesSaysHowFarItIs) {
  for (int i = 0; i < 60; ++i) folder_.picture(fmt::format("flat/{}.png", i), 1, 1);
  folder_.write("each/info.yml", "each: file\n");
  for (int i = 0; i < 60; ++i) folder_.picture(fmt::format("each/{}.png", i), 1, 1);
  open();
  const auto early = library_->ensure_item("flat", CancelToken());
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::not_ready);
  EXPECT_NE(early.error().message.find("of 60 files"), std::string::npos) << early.error().message;
  ASSERT_TRUE(library_->ensure_item("each~7", CancelToken()))
      << "one file that is an item need not wait for the others";
  EXPECT_TRUE(catalogue_->manifest("each~7", kEverybody)->complete);
  EXPECT_EQ(canvases("each~7"), Names{"each~7"});
  EXPECT_FALSE(catalogue_->manifest("each~8", kEverybody)->complete);
  scan();
  EXPECT_EQ(canvases("flat").size(), 60U);
  EXPECT_TRUE(catalogue_->manifest("each~8", kEverybody)->complete);
}

TEST_F(LibraryTest, WhatIsNotToBePublishedIsNowhere) {
  folder_.picture("a/p.png");
  folder_.picture("a/deep/p.png");
  open();
  scan();
  ASSERT_TRUE(catalogue_->manifest("a~deep", kEverybody));
  folder_.write("a/info.yml", "publish: false\n");
  rescan();
  EXPECT_EQ(members(""), Names{});
  for (const char* identifier : {"a", "a~deep"}) {
    EXPECT_EQ(catalogue_->manifest(identifier, kEverybody).error().code, ErrorCode::not_found) << identifier;
  }
  EXPECT_EQ(catalogue_->asset("a~deep~p", kEverybody).error().code, ErrorCode::not_found);
  ASSERT_TRUE(library_->ensure_item("a~deep", CancelToken()));
  EXPECT_EQ(catalogue_->manifest("a~deep", kEverybody).error().code, ErrorCode::not_found);
}

TEST_F(LibraryTest, AChangeShowsWithinTwoSeconds) {
  watch_ = true;
  folder_.picture("a/p1.png");
  folder_.picture("b/p1.png");
  open();
  scan();
  EXPECT_TRUE(library_->status().watching);
  folder_.picture("a/p2.png");
  EXPECT_TRUE(wait_for([&] { return canvases("a") == Names{"a~p1", "a~p2"}; }, 2s));
  folder_.picture("new/deep/p1.png");
  EXPECT_TRUE(wait_for([&] { return canvases("new~deep") == Names{"new~deep~p1"}; }, 2s));
  EXPECT_TRUE(wait_for([&] { return members("") == Names{"m:a", "m:b", "c:new"}; }, 2s));
  folder_.write("a/info.yml", "label: Changed\n");
  EXPECT_TRUE(wait_for(
      [&] { return catalogue_->manifest("a", kEverybody)->description.label == iiif::LanguageMap::none("Changed"); },
      2s));
  folder_.remove("b");
  EXPECT_TRUE(wait_for([&] { return members("") == Names{"m:a", "c:new"}; }, 2s));
  folder_.picture("new/deep/later.png");
  EXPECT_TRUE(wait_for([&] { return canvases("new~deep").size() == 2; }, 2s));
  folder_.rename("new/deep", "deep");
  EXPECT_TRUE(wait_for([&] { return members("") == Names{"m:a", "m:deep"}; }, 3s));
  EXPECT_EQ(catalogue_->resolve_alias("new~deep").value_or(""), "deep");
}

TEST_F(LibraryTest, AFileThatIsStillWrittenIsNotPublished) {
  watch_ = true;
  folder_.picture("a/p1.png");
  open();
  scan();
  {
    std::ofstream growing(folder_.path() / "a/p2.png", std::ios::binary);
    const std::string content = testing::tiny_png(30, 20);
    growing << content.substr(0, 40) << std::flush;
    library_->rescan("", false);
    std::this_thread::sleep_for(400ms);
    EXPECT_EQ(canvases("a"), Names{"a~p1"});
    growing << content.substr(40) << std::flush;
  }
  EXPECT_TRUE(wait_for([&] { return canvases("a") == Names{"a~p1", "a~p2"}; }, 2s));
  EXPECT_EQ(catalogue_->asset("a~p2", kEverybody)->state, catalogue::AssetState::ready);
}

}  // namespace
}  // namespace armarium::ingest
