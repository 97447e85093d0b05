#include "store/accounts_contract_test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include <fmt/format.h>

namespace armarium::store {
namespace {

using base::ErrorCode;

UserRow user(const std::string& name) {
  return {
      .id = "id-of-" + name, .name = name, .password = "$argon2id$x", .roles = {"editor", "reviewer"}, .created = 5};
}

KeyRow key(const std::string& id, const std::string& owner) {
  return {.id = id, .hash = "h" + id, .owner = owner, .scopes = {"edit"}, .created = 7, .expires = 90};
}

}  // namespace

void AccountsContract::SetUp() {
  std::string pattern = (std::filesystem::temp_directory_path() / "armarium-accounts-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  auto opened = GetParam()(folder_);
  if (!opened && opened.error().code == ErrorCode::not_found) GTEST_SKIP() << opened.error().message;
  ASSERT_TRUE(opened) << opened.error().detail;
  accounts_ = std::move(*opened);
}

void AccountsContract::TearDown() {
  accounts_.reset();
  std::filesystem::remove_all(folder_);
}

void AccountsContract::reopen() {
  accounts_.reset();
  auto opened = GetParam()(folder_);
  ASSERT_TRUE(opened) << opened.error().detail;
  accounts_ = std::move(*opened);
}

TEST_P(AccountsContract, KeepsAUserAcrossReopening) {
  EXPECT_EQ(accounts_->users(), 0U);
  ASSERT_TRUE(accounts_->add_user(user("Jürgen Ωmega")));
  EXPECT_EQ(accounts_->users(), 1U);
  reopen();
  EXPECT_EQ(accounts_->users(), 1U);
  EXPECT_EQ(**accounts_->user("Jürgen Ωmega"), user("Jürgen Ωmega"));
  EXPECT_EQ(**accounts_->user_by_id("id-of-Jürgen Ωmega"), user("Jürgen Ωmega"));
  EXPECT_FALSE(accounts_->user("jürgen ωmega")->has_value());
  EXPECT_FALSE(accounts_->user("")->has_value());
}

TEST_P(AccountsContract, ANameAndAnIdAreGivenOnce) {
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  UserRow same_name = user("ada");
  same_name.id = "other";
  EXPECT_EQ(accounts_->add_user(same_name).error().code, ErrorCode::conflict);
  UserRow same_id = user("ada");
  same_id.name = "other";
  EXPECT_EQ(accounts_->add_user(same_id).error().code, ErrorCode::conflict);
  ASSERT_TRUE(accounts_->add_user(user("bob")));
  UserRow renamed = user("bob");
  renamed.name = "ada";
  EXPECT_EQ(accounts_->change_user(renamed).error().code, ErrorCode::conflict);
  EXPECT_EQ(accounts_->users(), 2U);
}

TEST_P(AccountsContract, ListsByNameAsBytes) {
  for (const char* name : {"b", "é", "B", "a", "ab"}) ASSERT_TRUE(accounts_->add_user(user(name)));
  const auto listed = accounts_->list_users();
  ASSERT_TRUE(listed);
  std::vector<std::string> names;
  for (const UserRow& row : *listed) names.push_back(row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"B", "a", "ab", "b", "é"}));
}

TEST_P(AccountsContract, ChangesAllButIdAndTime) {
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  const UserRow after{.id = "id-of-ada", .name = "Ada", .password = "", .roles = {}, .created = 99, .disabled = true};
  ASSERT_TRUE(accounts_->change_user(after));
  EXPECT_FALSE(accounts_->user("ada")->has_value());
  UserRow wanted = after;
  wanted.created = 5;
  EXPECT_EQ(**accounts_->user("Ada"), wanted);
  EXPECT_EQ(accounts_->change_user(user("nobody")).error().code, ErrorCode::not_found);
}

TEST_P(AccountsContract, ARemovedUserTakesTheKeysAlong) {
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  ASSERT_TRUE(accounts_->add_user(user("bob")));
  ASSERT_TRUE(accounts_->add_key(key("k1", "id-of-ada")));
  ASSERT_TRUE(accounts_->add_key(key("k2", "id-of-bob")));
  ASSERT_TRUE(accounts_->remove_user("ada"));
  EXPECT_EQ(accounts_->remove_user("ada").error().code, ErrorCode::not_found);
  EXPECT_FALSE(accounts_->user("ada")->has_value());
  EXPECT_FALSE(accounts_->key("k1")->has_value());
  EXPECT_TRUE(accounts_->key("k2")->has_value());
  EXPECT_EQ(accounts_->users(), 1U);
}

TEST_P(AccountsContract, ForgetsAUserThatIsThereOrNot) {
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  ASSERT_TRUE(accounts_->add_key(key("k1", "id-of-ada")));
  ASSERT_TRUE(accounts_->forget_user("ada"));
  EXPECT_FALSE(accounts_->user("ada")->has_value());
  EXPECT_FALSE(accounts_->key("k1")->has_value());
  EXPECT_TRUE(accounts_->forget_user("ada"));
  EXPECT_EQ(accounts_->users(), 0U);
}

TEST_P(AccountsContract, NamesEverybodyOnce) {
  EXPECT_TRUE(accounts_->names()->empty());
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  ASSERT_TRUE(accounts_->add_user(user("bob")));
  EXPECT_EQ(*accounts_->names(), (std::vector<std::string>{"ada", "bob"}));
  ASSERT_TRUE(accounts_->forget_user("ada"));
  EXPECT_EQ(*accounts_->names(), (std::vector<std::string>{"bob"}));
}

TEST_P(AccountsContract, KeysBelongToAUser) {
  EXPECT_EQ(accounts_->add_key(key("k1", "id-of-ada")).error().code, ErrorCode::not_found);
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  ASSERT_TRUE(accounts_->add_user(user("bob")));
  ASSERT_TRUE(accounts_->add_key(key("k2", "id-of-ada")));
  ASSERT_TRUE(accounts_->add_key(key("k1", "id-of-ada")));
  EXPECT_EQ(accounts_->add_key(key("k1", "id-of-bob")).error().code, ErrorCode::conflict);
  reopen();
  EXPECT_EQ(*accounts_->keys_of("id-of-ada"), (std::vector<KeyRow>{key("k1", "id-of-ada"), key("k2", "id-of-ada")}));
  EXPECT_TRUE(accounts_->keys_of("id-of-bob")->empty());
  EXPECT_EQ(**accounts_->key("k2"), key("k2", "id-of-ada"));
}

TEST_P(AccountsContract, AKeyIsRevokedOnceAndByItsOwner) {
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  ASSERT_TRUE(accounts_->add_user(user("bob")));
  ASSERT_TRUE(accounts_->add_key(key("k1", "id-of-ada")));
  EXPECT_EQ(accounts_->revoke_key("id-of-bob", "k1", 100).error().code, ErrorCode::not_found);
  EXPECT_EQ(accounts_->revoke_key("id-of-ada", "k9", 100).error().code, ErrorCode::not_found);
  EXPECT_EQ((*accounts_->key("k1"))->revoked, 0);
  ASSERT_TRUE(accounts_->revoke_key("id-of-ada", "k1", 100));
  ASSERT_TRUE(accounts_->revoke_key("id-of-ada", "k1", 200));
  EXPECT_EQ((*accounts_->key("k1"))->revoked, 100);
}

TEST_P(AccountsContract, TheDayOfUseNeverGoesBackAndIsNoChange) {
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  ASSERT_TRUE(accounts_->add_key(key("k1", "id-of-ada")));
  const std::uint64_t before = accounts_->version();
  ASSERT_TRUE(accounts_->note_use("k1", 20'000));
  ASSERT_TRUE(accounts_->note_use("k1", 19'999));
  ASSERT_TRUE(accounts_->note_use("k9", 1));
  EXPECT_EQ((*accounts_->key("k1"))->last_day, 20'000);
  EXPECT_EQ(accounts_->version(), before);
}

TEST_P(AccountsContract, EveryChangeRaisesTheVersion) {
  std::uint64_t last = accounts_->version();
  const auto risen = [&] { return last < accounts_->version() ? (last = accounts_->version(), true) : false; };
  ASSERT_TRUE(accounts_->add_user(user("ada")));
  EXPECT_TRUE(risen());
  ASSERT_TRUE(accounts_->change_user(user("ada")));
  EXPECT_TRUE(risen());
  ASSERT_TRUE(accounts_->add_key(key("k1", "id-of-ada")));
  EXPECT_TRUE(risen());
  ASSERT_TRUE(accounts_->revoke_key("id-of-ada", "k1", 1));
  EXPECT_TRUE(risen());
  ASSERT_TRUE(accounts_->remove_user("ada"));
  EXPECT_TRUE(risen());
  EXPECT_FALSE(accounts_->remove_user("ada"));
  EXPECT_FALSE(risen());
  ASSERT_TRUE(accounts_->forget_user("ada"));
  EXPECT_TRUE(risen());
  ASSERT_TRUE(accounts_->note_change());
  EXPECT_TRUE(risen());
}

TEST_P(AccountsContract, CountsFailuresUntilTheyAreOld) {
  EXPECT_EQ(*accounts_->failures("s"), FailureRow{});
  EXPECT_EQ(*accounts_->add_failure("s", 100, 0), (FailureRow{1, 100}));
  EXPECT_EQ(*accounts_->add_failure("s", 110, 50), (FailureRow{2, 110}));
  EXPECT_EQ(*accounts_->add_failure("other", 120, 50), (FailureRow{1, 120}));
  reopen();
  EXPECT_EQ(*accounts_->failures("s"), (FailureRow{2, 110}));
  ASSERT_TRUE(accounts_->take_back_failure("s"));
  EXPECT_EQ(accounts_->failures("s")->count, 1U);
  ASSERT_TRUE(accounts_->take_back_failure("s"));
  ASSERT_TRUE(accounts_->take_back_failure("s"));
  EXPECT_EQ(accounts_->failures("s")->count, 0U);
  EXPECT_EQ(*accounts_->add_failure("s", 500, 490), (FailureRow{1, 500}));
  ASSERT_TRUE(accounts_->forget_failures_before(300));
  EXPECT_EQ(accounts_->failures("other")->count, 0U);
  EXPECT_EQ(accounts_->failures("s")->count, 1U);
  ASSERT_TRUE(accounts_->clear_failures("s"));
  EXPECT_EQ(*accounts_->failures("s"), FailureRow{});
}

TEST_P(AccountsContract, FailuresOfManyThreadsAreAllCounted) {
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) EXPECT_TRUE(accounts_->add_failure("s", 100, 0));
      });
    }
  }
  EXPECT_EQ(accounts_->failures("s")->count, 40U);
}

TEST_P(AccountsContract, AConstantIsWhatWasOfferedFirst) {
  EXPECT_EQ(*accounts_->constant("salt", "one"), "one");
  EXPECT_EQ(*accounts_->constant("salt", "two"), "one");
  reopen();
  EXPECT_EQ(*accounts_->constant("salt", "three"), "one");
  ASSERT_TRUE(accounts_->change_constant("salt", "four"));
  EXPECT_EQ(*accounts_->constant("salt", "three"), "four");
  EXPECT_EQ(*accounts_->constant("pepper", "three"), "three");
}

TEST_P(AccountsContract, RefusesAZeroByteAndTakesQuotes) {
  UserRow bad = user("ada");
  bad.name = std::string("a\0b", 3);
  EXPECT_EQ(accounts_->add_user(bad).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(accounts_->user(std::string_view("a\0b", 3)).value_or(std::nullopt).has_value());
  EXPECT_EQ(accounts_->add_failure(std::string_view("\0", 1), 1, 0).error().code, ErrorCode::invalid_argument);
  ASSERT_TRUE(accounts_->add_user(user("'; DROP TABLE account; --\\")));
  EXPECT_TRUE(accounts_->user("'; DROP TABLE account; --\\")->has_value());
}

TEST_P(AccountsContract, AKilledWriterLosesNothingThatWasAcknowledged) {
  accounts_.reset();
  int told[2];
  ASSERT_EQ(pipe(told), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto accounts = GetParam()(folder_);
    for (int i = 0; accounts && i < 1'000'000; ++i) {
      if (!(*accounts)->add_user(user(fmt::format("user-{}", i)))) break;
      if (write(told[1], &i, sizeof i) != sizeof i) break;
    }
    _exit(0);
  }
  close(told[1]);
  int last = -1;
  while (last < 20 && read(told[0], &last, sizeof last) == sizeof last) {
  }
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended before it was killed";
  while (read(told[0], &last, sizeof last) == sizeof last) {
  }
  close(told[0]);
  reopen();
  ASSERT_GE(last, 20);
  for (int i = 0; i <= last; ++i) ASSERT_TRUE(accounts_->user(fmt::format("user-{}", i))->has_value()) << i;
  EXPECT_EQ(accounts_->users(), accounts_->list_users()->size());
}

}  // namespace armarium::store
