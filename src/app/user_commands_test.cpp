#include "app/user_commands.h"

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/state_lookup.h"
#include "auth/secrets.h"

namespace armarium::app {
namespace {

class UserCommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / fmt::format("user-commands-{}", ::getpid());
    std::filesystem::create_directories(folder_ / "a");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  base::Result<std::string> run(const char* text) {
    return send_user_command({.folder = folder_}, json::parse(text)->get_object());
  }
  std::filesystem::path folder_;
};

TEST_F(UserCommandsTest, AreDoneHereWhenNoServerRuns) {
  EXPECT_EQ(*run(R"({"action":"list"})"), "There is no user yet: armarium user add NAME");
  EXPECT_EQ(*run(R"({"action":"add","name":"ada","roles":["editor"]})"), "Added ada: editor, no password.");
  EXPECT_TRUE(run(R"({"action":"list"})")->starts_with("ada: editor, no password, since 20"));
  EXPECT_EQ(*run(R"({"action":"change","name":"ada","roles":[],"disabled":true})"),
            "Now ada: no role, no password, disabled.");
  EXPECT_EQ(run(R"({"action":"change","name":"bob"})").error().message, "There is no user bob.");
}

TEST_F(UserCommandsTest, KeysAreMadeListedAndRevoked) {
  ASSERT_TRUE(run(R"({"action":"add","name":"ada","roles":["editor"]})"));
  EXPECT_EQ(*run(R"({"action":"list-keys","name":"ada"})"), "The user has no key.");
  const auto text = run(R"({"action":"add-key","name":"ada","scopes":["edit"],"days":2})");
  ASSERT_TRUE(text);
  const auto key = auth::parse_key(*text);
  ASSERT_TRUE(key);
  const std::string listed = *run(R"({"action":"list-keys","name":"ada"})");
  EXPECT_TRUE(listed.starts_with(key->id + ": edit, made 20")) << listed;
  EXPECT_TRUE(listed.ends_with(", never used")) << listed;
  EXPECT_TRUE(run(fmt::format(R"({{"action":"revoke-key","name":"ada","id":"{}"}})", key->id).c_str()));
  EXPECT_NE(run(R"({"action":"list-keys","name":"ada"})")->find(", revoked 20"), std::string::npos);
  EXPECT_FALSE(run(R"({"action":"add-key","name":"ada","days":-1})"));
  EXPECT_FALSE(run(R"({"action":"add-key","name":"ada","days":40000})"));
}

TEST_F(UserCommandsTest, NonsenseIsRefused) {
  for (const char* text : {R"({})", R"({"action":"dance"})", R"({"action":"add"})", R"({"action":"add","name":7})",
                           R"({"action":"add","name":"ada","password":"short"})", R"({"action":"remove","name":"x"})"})
    EXPECT_FALSE(run(text)) << text;
}

TEST_F(UserCommandsTest, TheStateIsFoundFromAFolder) {
  EXPECT_EQ(*find_state(folder_, {}), std::filesystem::canonical(folder_) / ".armarium");
  EXPECT_EQ(*find_state({}, "/somewhere"), "/somewhere");
  EXPECT_FALSE(find_state(folder_ / "nothing", {}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / ".armarium"));
  ASSERT_TRUE(run(R"({"action":"list"})"));
  EXPECT_EQ(*find_state(folder_, {}), std::filesystem::canonical(folder_) / ".armarium");
  // A folder that is named is meant; only the working directory is looked at with what lies above it.
  EXPECT_EQ(*find_state(folder_ / "a", {}), std::filesystem::canonical(folder_) / "a" / ".armarium");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_ / "a");
  EXPECT_EQ(*find_state({}, {}), std::filesystem::canonical(folder_) / ".armarium");
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace armarium::app
