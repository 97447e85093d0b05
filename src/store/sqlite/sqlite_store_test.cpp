#include "store/sqlite/sqlite_store.h"

#include <fmt/format.h>

#include "store/contract_test.h"
#include "store/sql/migrations.h"
#include "store/sql/migrations_test.h"
#include "store/sqlite/connection.h"

namespace armarium::store {
namespace {

base::Result<std::unique_ptr<Store>> open_in(const std::filesystem::path& folder) {
  return open_sqlite(folder / "store.sqlite");
}

class SqliteStoreTest : public StoreContract {};

TEST_P(SqliteStoreTest, RefusesASchemaFromTheFuture) {
  store_.reset();
  {
    auto connection = sqlite::Connection::open((folder_ / "store.sqlite").string(), false);
    ASSERT_TRUE(connection);
    ASSERT_TRUE((*connection)->execute(fmt::format("PRAGMA user_version = {}", sql::schema_version() + 1)));
  }
  auto opened = open_in(folder_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::unsupported);
  EXPECT_NE(opened.error().message.find("newer version"), std::string::npos);
}

TEST_P(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  store_.reset();
  const auto file = folder_ / "other.sqlite";
  std::FILE* out = std::fopen(file.c_str(), "wb");
  ASSERT_NE(out, nullptr);
  for (int i = 0; i < 1000; ++i) std::fputs("this is no database ", out);
  std::fclose(out);
  auto opened = open_sqlite(file);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::corrupt);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Factory(open_in)));
INSTANTIATE_TEST_SUITE_P(Sqlite, SqliteStoreTest, testing::Values(Factory(open_in)));

using Raw = base::Result<std::unique_ptr<sql::Connection>>;

Raw connect(const std::filesystem::path& file) {
  auto connection = sqlite::Connection::open(file.string(), false);
  if (!connection) return base::fail(std::move(connection.error()));
  return std::move(*connection);
}

}  // namespace

namespace sql {

INSTANTIATE_TEST_SUITE_P(Sqlite, UpgradeTest,
                         testing::Values(UpgradeWays{
                             [](const auto& folder) { return connect(folder / "store.sqlite"); }, open_in,
                             [](const auto& folder) { return connect(folder / "store-schema-1.sqlite"); }}));

}  // namespace sql
}  // namespace armarium::store
