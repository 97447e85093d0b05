#include "store/sqlite/sqlite_accounts.h"

#include <unistd.h>

#include <fmt/format.h>

#include "store/accounts_contract_test.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::store {
namespace {

base::Result<std::unique_ptr<Accounts>> open_in(const std::filesystem::path& folder) {
  return open_sqlite_accounts(folder / "store.sqlite");
}

INSTANTIATE_TEST_SUITE_P(Sqlite, AccountsContract, testing::Values(AccountsFactory(open_in)));

TEST(SqliteAccounts, ShareTheFileWithTheStore) {
  const auto folder = std::filesystem::path(testing::TempDir()) / fmt::format("accounts-{}", ::getpid());
  std::filesystem::create_directories(folder);
  auto accounts = open_in(folder);
  auto store = open_sqlite(folder / "store.sqlite");
  ASSERT_TRUE(accounts && store);
  ASSERT_TRUE((*accounts)->add_user({.id = "1", .name = "ada"}));
  ASSERT_TRUE((*store)->write([](const Reader&) -> base::Result<Batch> { return Batch{.settings = {{"k", "v"}}}; }));
  ASSERT_TRUE((*accounts)->add_user({.id = "2", .name = "bob"}));
  EXPECT_EQ(*(*(*store)->read())->setting("k"), "v");
  EXPECT_EQ((*accounts)->users(), 2U);

  // What is forgotten is forgotten in the history, too.
  const ItemKey key{Kind::manifest, "a"};
  Batch batch;
  for (const char* who : {"ada", "bob"}) batch.versions.push_back({.item = key, .method = "PUT", .who = who});
  ASSERT_TRUE((*store)->write([&](const Reader&) -> base::Result<Batch> { return batch; }));
  ASSERT_TRUE((*accounts)->forget_user("ada"));
  EXPECT_EQ((*(*(*store)->read())->version(key, 1))->who, "");
  EXPECT_EQ((*(*(*store)->read())->version(key, 2))->who, "bob");
  std::filesystem::remove_all(folder);
}

TEST(SqliteAccounts, ARestoreIsAChange) {
  const auto folder = std::filesystem::path(testing::TempDir()) / fmt::format("accounts-restore-{}", ::getpid());
  std::filesystem::create_directories(folder);
  auto accounts = open_in(folder);
  ASSERT_TRUE(accounts);
  for (const char* name : {"ada", "bob"}) ASSERT_TRUE((*accounts)->add_user({.id = name, .name = name}));
  const std::uint64_t before = (*accounts)->version();
  {
    auto past = sqlite::Connection::open((folder / "store.sqlite").string(), false);
    ASSERT_TRUE(past);
    ASSERT_TRUE(
        (*past)->execute("DELETE FROM account WHERE name = 'bob'; UPDATE state SET value = 1 WHERE key = 'accounts'"));
  }
  ASSERT_TRUE((*accounts)->note_change());
  EXPECT_GT((*accounts)->version(), before);
  EXPECT_EQ((*accounts)->users(), 1U);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace armarium::store
