#include "store/postgres/postgres_accounts.h"

#include <chrono>
#include <thread>

#include "base/hash.h"
#include "store/accounts_contract_test.h"
#include "store/postgres/own_server_test.h"

namespace armarium::store {
namespace {

base::Result<std::unique_ptr<Accounts>> open_in(const std::filesystem::path& folder) {
  auto server = postgres::OwnServer::shared();
  if (!server) return base::fail(server.error());
  return open_postgres_accounts((*server)->url("t_" + base::hash_hex(folder.string()).substr(0, 16)));
}

INSTANTIATE_TEST_SUITE_P(Postgres, AccountsContract, testing::Values(AccountsFactory(open_in)));

class PostgresAccountsTest : public AccountsContract {};

TEST_P(PostgresAccountsTest, FollowTheChangesOfAnotherNode) {
  auto other = open_in(folder_);
  ASSERT_TRUE(other) << other.error().detail;
  ASSERT_TRUE(accounts_->add_user({.id = "1", .name = "ada"}));
  for (int i = 0; i < 100 && (*other)->users() != 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ((*other)->users(), 1U);
  EXPECT_EQ((*other)->version(), accounts_->version());
}

INSTANTIATE_TEST_SUITE_P(Postgres, PostgresAccountsTest, testing::Values(AccountsFactory(open_in)));

}  // namespace
}  // namespace armarium::store
