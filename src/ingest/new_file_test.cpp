#include "ingest/new_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "ingest/testing.h"

namespace armarium::ingest {
namespace {

namespace fs = std::filesystem;

class NewFile : public ::testing::Test {
 protected:
  void save(std::string_view text) const { folder_.write("written.yml", text); }
  std::string text() const {
    std::ifstream in(path());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  fs::path path() const { return folder_.path() / "written.yml"; }
  std::ptrdiff_t names() const { return std::distance(fs::directory_iterator(folder_.path()), {}); }
  testing::TemporaryFolder folder_;
};

TEST_F(NewFile, AppearsAndIsReplacedAndGoes) {
  ASSERT_TRUE(exchange_file(path(), "", "one"));
  EXPECT_EQ(text(), "one");
  ASSERT_TRUE(exchange_file(path(), "one", "two"));
  EXPECT_EQ(text(), "two");
  EXPECT_EQ(names(), 1);
  ASSERT_TRUE(remove_file(path(), "two"));
  EXPECT_EQ(names(), 0);
  EXPECT_TRUE(remove_file(path(), "two"));
}

// A person saved between our look and our write.
TEST_F(NewFile, WhatSomebodySavedMeanwhileStays) {
  save("by hand");
  for (const char* expected : {"", "what was read", "by hand and more", "by"}) {
    auto replaced = exchange_file(path(), expected, "ours");
    ASSERT_FALSE(replaced) << expected;
    EXPECT_EQ(replaced.error().code, base::ErrorCode::conflict);
    auto removed = remove_file(path(), expected);
    ASSERT_FALSE(removed) << expected;
    EXPECT_EQ(removed.error().code, base::ErrorCode::conflict);
    EXPECT_EQ(text(), "by hand");
    EXPECT_EQ(names(), 1);
  }
}

TEST_F(NewFile, AFileThatIsBeingWrittenStays) {
  save("before");
  const int open = ::open(path().c_str(), O_WRONLY | O_APPEND);
  ASSERT_GE(open, 0);
  EXPECT_FALSE(exchange_file(path(), "before", "ours"));
  EXPECT_FALSE(remove_file(path(), "before"));
  EXPECT_EQ(::write(open, " and more", 9), 9);
  ::close(open);
  EXPECT_EQ(text(), "before and more");
}

TEST_F(NewFile, AnEmptyFileIsAsGoodAsNone) {
  save("");
  EXPECT_TRUE(exchange_file(path(), "", "ours"));
  EXPECT_EQ(text(), "ours");
}

}  // namespace
}  // namespace armarium::ingest
