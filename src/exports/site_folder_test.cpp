#include "exports/site_folder.h"

#include <unistd.h>

#include <fstream>

#include <gtest/gtest.h>

namespace armarium::exports {
namespace {

namespace fs = std::filesystem;

class SiteFolderTest : public ::testing::Test {
 protected:
  SiteFolderTest() : place_(fs::temp_directory_path() / ("armarium-site-" + std::to_string(::getpid()))) {
    fs::remove_all(place_);
  }
  ~SiteFolderTest() override { fs::remove_all(place_); }
  fs::path site() const { return place_ / "site"; }
  static std::string text(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void make(const std::string& content, bool replace = false) {
    auto folder = SiteFolder::open(site(), "site", replace);
    ASSERT_TRUE(folder) << folder.error().message;
    ASSERT_TRUE(folder->write("a/b.txt", content));
    ASSERT_TRUE(folder->finish());
  }

 private:
  fs::path place_;
};

TEST_F(SiteFolderTest, TakesItsPlaceWhenItIsWhole) {
  {
    auto folder = SiteFolder::open(site(), "site", false);
    ASSERT_TRUE(folder);
    ASSERT_TRUE(folder->write("a/b.txt", "text"));
    EXPECT_FALSE(fs::exists(site()));
  }
  EXPECT_TRUE(fs::is_empty(site().parent_path())) << "what is not finished is taken away";
  make("text");
  EXPECT_EQ(text(site() / "a/b.txt"), "text");
}

TEST_F(SiteFolderTest, ReplacesOnlyWhatAnExportMade) {
  make("one");
  EXPECT_FALSE(SiteFolder::open(site(), "site", false));
  make("two", true);
  EXPECT_EQ(text(site() / "a/b.txt"), "two");
  fs::remove(site() / ".armarium-export");
  EXPECT_FALSE(SiteFolder::open(site(), "site", true));
  fs::remove_all(site());
  fs::create_directories(site());
  make("into an empty folder");
}

TEST_F(SiteFolderTest, WhatPeoplePutBesideStays) {
  make("one");
  fs::create_directories(site() / ".git/objects");
  std::ofstream(site() / "CNAME") << "library.example";
  make("two", true);
  EXPECT_EQ(text(site() / "a/b.txt"), "two");
  EXPECT_EQ(text(site() / "CNAME"), "library.example");
  EXPECT_TRUE(fs::is_directory(site() / ".git/objects"));
  make("three", true);
  EXPECT_EQ(text(site() / "CNAME"), "library.example");
}

TEST_F(SiteFolderTest, OneKindDoesNotReplaceTheOther) {
  make("one");
  EXPECT_FALSE(SiteFolder::open(site(), "records", true));
}

TEST_F(SiteFolderTest, WhatCameMeanwhileStays) {
  auto folder = SiteFolder::open(site(), "site", false);
  ASSERT_TRUE(folder);
  ASSERT_TRUE(folder->write("a", "1"));
  fs::create_directories(site());
  std::ofstream(site() / "mine") << "x";
  EXPECT_FALSE(folder->finish());
  EXPECT_EQ(text(site() / "mine"), "x");
}

TEST_F(SiteFolderTest, AStoppedExportIsClearedAway) {
  fs::create_directories(site().string() + ".new-999999999/a");
  fs::create_directories(site().string() + ".new-mine");
  make("one");
  EXPECT_FALSE(fs::exists(site().string() + ".new-999999999"));
  EXPECT_TRUE(fs::exists(site().string() + ".new-mine"));
}

TEST_F(SiteFolderTest, EachFileOnce) {
  auto folder = SiteFolder::open(site(), "site", false);
  ASSERT_TRUE(folder);
  ASSERT_TRUE(folder->write("a", "1"));
  EXPECT_EQ(folder->write("a", "2").error().code, base::ErrorCode::conflict);
  EXPECT_FALSE(folder->write("a/b", "a file is in the way"));
}

TEST_F(SiteFolderTest, BodiesOfEveryKind) {
  class Three final : public http::BodyProducer {
   public:
    base::Result<bool> pull(std::string& out) override {
      out += std::to_string(++turn_);
      return turn_ < 3;
    }

   private:
    int turn_ = 0;
  };
  auto folder = SiteFolder::open(site(), "site", false);
  ASSERT_TRUE(folder);
  http::Body body = std::make_unique<Three>();
  ASSERT_TRUE(folder->write("pulled", body));
  const std::string large(3'000'000, 'x');
  const base::ByteView bytes = base::as_bytes(large);
  body = http::FileSlice{std::make_shared<base::MemorySource>(base::Bytes(bytes.begin(), bytes.end())), {1, 2'500'000}};
  ASSERT_TRUE(folder->write("slice", body));
  body = http::FileSlice{std::make_shared<base::MemorySource>(base::Bytes(10)), {5, 10}};
  EXPECT_FALSE(folder->write("short", body));
  ASSERT_TRUE(folder->finish());
  EXPECT_EQ(text(site() / "pulled"), "123");
  EXPECT_EQ(text(site() / "slice"), large.substr(0, 2'500'000));
  EXPECT_FALSE(fs::exists(site() / "short"));
}

}  // namespace
}  // namespace armarium::exports
