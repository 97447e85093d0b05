#include "store/state_folder.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include <gtest/gtest.h>

namespace armarium::store {
namespace {

namespace fs = std::filesystem;

class StateFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "armarium-state-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(StateFolderTest, LiesInsideAFolderThatCanBeWritten) {
  auto state = StateFolder::open(folder_, {});
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ((*state)->path(), fs::canonical(folder_) / ".armarium");
  EXPECT_TRUE(fs::is_directory((*state)->data()));
  EXPECT_TRUE(fs::is_directory((*state)->cache()));
}

TEST_F(StateFolderTest, LiesElsewhereWhenTheFolderCannotBeWritten) {
  ::setenv("XDG_STATE_HOME", (folder_ / "home").c_str(), 1);
  const fs::path chosen = choose_state_folder("/proc");
  ::unsetenv("XDG_STATE_HOME");
  EXPECT_EQ(chosen.parent_path(), folder_ / "home" / "armarium");
  EXPECT_TRUE(chosen.filename().string().starts_with("proc-"));
}

TEST_F(StateFolderTest, HoldsSomeSpaceForAFullDisk) {
  auto state = StateFolder::open(folder_, folder_ / "state");
  ASSERT_TRUE(state);
  EXPECT_FALSE((*state)->use_reserve());
  (*state)->hold_reserve();
  EXPECT_EQ(fs::file_size(folder_ / "state" / "reserve"), 1U << 20);
  EXPECT_TRUE((*state)->use_reserve());
  EXPECT_FALSE(fs::exists(folder_ / "state" / "reserve"));
  state->reset();
  EXPECT_TRUE(fs::exists(folder_ / "state" / "reserve")) << "there is room again";
}

TEST_F(StateFolderTest, OneProcessHasIt) {
  auto first = StateFolder::open(folder_, folder_ / "state");
  ASSERT_TRUE(first);
  auto second = StateFolder::open(folder_, folder_ / "state");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::conflict);
  first->reset();
  EXPECT_TRUE(StateFolder::open(folder_, folder_ / "state"));
}

TEST_F(StateFolderTest, TheLockOfADeadProcessIsFree) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto state = StateFolder::open(folder_, {});
    _exit(state ? 0 : 1);  // without destroying anything
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(StateFolder::open(folder_, {}));
}

TEST_F(StateFolderTest, AFileIsReplacedWhole) {
  const fs::path file = folder_ / "a.json";
  ASSERT_TRUE(write_file(file, "one"));
  ASSERT_TRUE(write_file(file, "two"));
  std::ifstream in(file);
  std::string content;
  in >> content;
  EXPECT_EQ(content, "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1) << "nothing is left beside it";
  EXPECT_FALSE(write_file(folder_ / "no" / "such" / "folder", "x"));
}

}  // namespace
}  // namespace armarium::store
