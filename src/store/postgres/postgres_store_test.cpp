#include "store/postgres/postgres_store.h"

#include <signal.h>

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "base/hash.h"
#include "store/contract_test.h"
#include "store/postgres/address.h"
#include "store/postgres/connection.h"
#include "store/postgres/dialect.h"
#include "store/postgres/own_server_test.h"
#include "store/sql/migrations.h"
#include "store/sql/migrations_test.h"

namespace armarium::store {
namespace {

using namespace std::chrono_literals;
using postgres::OwnServer;

std::string schema_of(const std::filesystem::path& folder) {
  return "t_" + base::hash_hex(folder.string()).substr(0, 16);
}

base::Result<std::unique_ptr<Store>> open_in(const std::filesystem::path& folder) {
  auto server = OwnServer::shared();
  if (!server) return base::fail(server.error());
  return open_postgres((*server)->url(schema_of(folder)));
}

INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, testing::Values(Factory(open_in)));

class PostgresStoreTest : public StoreContract {
 protected:
  std::unique_ptr<postgres::Connection> connect() const {
    const auto address = postgres::parse_address((*OwnServer::shared())->url(schema_of(folder_)));
    auto connection = postgres::Connection::open(*address, 10s);
    EXPECT_TRUE(connection) << connection.error().detail;
    return connection ? std::move(*connection) : nullptr;
  }
};

template <class Condition>
bool becomes_true(Condition condition) {
  for (int i = 0; i < 100; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(100ms);
  }
  return false;
}

TEST_P(PostgresStoreTest, RefusesASchemaFromTheFuture) {
  store_.reset();
  ASSERT_TRUE(connect()->execute(fmt::format("UPDATE schema_version SET version = {}", sql::schema_version() + 1)));
  auto opened = open_in(folder_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::unsupported);
  EXPECT_NE(opened.error().message.find("newer version"), std::string::npos) << opened.error().message;
}

TEST_P(PostgresStoreTest, FollowsTheCommitsOfAnotherNode) {
  auto other = open_in(folder_);
  ASSERT_TRUE(other) << other.error().detail;
  EXPECT_EQ(write({.activities = {{.item = {Kind::manifest, "a"}}}}), 1U);
  EXPECT_TRUE(becomes_true([&] { return (*other)->revision() == 1; })) << "without a call of its own";
  auto second = (*other)->write([](const Reader& reader) -> base::Result<Batch> {
    EXPECT_EQ(reader.revision(), 1U);
    return Batch{.activities = {{.item = {Kind::manifest, "b"}}}};
  });
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, 2U);
  EXPECT_EQ(reader()->activities(0, 10)->size(), 2U);
}

TEST_P(PostgresStoreTest, NodesThatWriteAtOnceNumberWithoutGapsAndInOrder) {
  constexpr int kEach = 60;
  auto other = open_in(folder_);
  ASSERT_TRUE(other);
  std::vector<std::jthread> nodes;
  for (Store* node : {store_.get(), other->get()}) {
    nodes.emplace_back([node] {
      for (int i = 0; i < kEach; ++i) {
        auto written = node->write([](const Reader&) -> base::Result<Batch> {
          return Batch{.activities = {{.item = {Kind::manifest, "a"}}, {.item = {Kind::manifest, "b"}}}};
        });
        EXPECT_TRUE(written) << written.error().detail;
      }
    });
  }
  std::uint64_t seen = 0;
  while (seen < 4 * kEach) {
    const auto page = reader()->activities(seen, 1000);
    ASSERT_TRUE(page);
    for (const ActivityRow& row : *page) ASSERT_EQ(row.number, ++seen);
  }
  nodes.clear();
  EXPECT_EQ(store_->revision(), 2U * kEach);
}

TEST_P(PostgresStoreTest, AServerThatWasStartedAgainIsFoundAgain) {
  write({.settings = {{"k", "before"}}});
  auto held = reader();
  for (const int signal : {SIGINT, SIGKILL}) {
    OwnServer& server = **OwnServer::shared();
    server.stop(signal);
    auto lost = held->setting("k");
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, base::ErrorCode::unavailable) << lost.error().detail;
    held.reset();
    auto refused = store_->read();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::ErrorCode::unavailable) << refused.error().detail;
    const auto nothing = [](const Reader&) -> base::Result<Batch> { return Batch{.settings = {{"k", "never"}}}; };
    auto failed = store_->write(nothing);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, base::ErrorCode::unavailable) << failed.error().detail;
    ASSERT_TRUE(server.start());
    ASSERT_TRUE(becomes_true([&] { return store_->read().has_value(); }));
    EXPECT_EQ(*reader()->setting("k"), "before");
    write({.settings = {{"k", "before"}}});
    held = reader();
  }
}

TEST_P(PostgresStoreTest, ALargeWriteIsSentInParts) {
  Batch batch;
  for (int i = 0; i < 3000; ++i) batch.files.push_back({.path = fmt::format("f/{:04}", i), .folder = "f"});
  write(batch);
  EXPECT_EQ(reader()->files_in("f")->size(), 3000U);
}

INSTANTIATE_TEST_SUITE_P(Postgres, PostgresStoreTest, testing::Values(Factory(open_in)));

TEST_P(PostgresStoreTest, ACrashOfTheDatabaseLosesNothingThatWasAcknowledged) {
  OwnServer& server = **OwnServer::shared();
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 3; ++round) {
    std::jthread crash([&, round] {
      std::this_thread::sleep_for(std::chrono::milliseconds(150 + 70 * round));
      server.stop(SIGKILL);
    });
    for (;;) {
      auto written = store_->write([&](const Reader&) -> base::Result<Batch> {
        const ActivityRow row{.item = {Kind::manifest, fmt::format("{}", acknowledged + 1)}};
        return Batch{.activities = {row}, .settings = {{"last", row.item.identifier}}};
      });
      if (!written) break;
      ++acknowledged;
    }
    crash.join();
    ASSERT_TRUE(server.start());
    ASSERT_TRUE(becomes_true([&] { return store_->read().has_value(); }));
    const auto list = reader()->activities(0, 1'000'000);
    ASSERT_TRUE(list);
    ASSERT_GE(list->size(), acknowledged) << "round " << round;
    ASSERT_LE(list->size(), acknowledged + 1) << "the one whose answer was cut off may be there";
    acknowledged = list->size();
    EXPECT_EQ(*reader()->setting("last"), fmt::format("{}", acknowledged)) << "whole";
  }
  EXPECT_GT(acknowledged, 10U);
}

TEST(PostgresAddress, TakesTheSchemaAndShowsNoSecret) {
  const auto address =
      postgres::parse_address("postgresql://me:s3cret@db.example.org:5433/iiif?schema=maps&sslmode=require");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->schema, "maps");
  EXPECT_EQ(address->url, "postgresql://me:s3cret@db.example.org:5433/iiif?sslmode=require");
  EXPECT_EQ(address->shown, "postgresql://db.example.org:5433/iiif (schema maps)");
  EXPECT_EQ(postgres::parse_address("postgresql://h/d?sslmode=require&schema=a_1")->url,
            "postgresql://h/d?sslmode=require");
  EXPECT_EQ(postgres::parse_address("postgres://h/d?schema=a")->url, "postgres://h/d");
  EXPECT_EQ(postgres::parse_address("postgresql://h/d")->schema, "armarium");
  for (const char* wrong :
       {"mysql://h/d", "postgresql://h/d?schema=A", "postgresql://h/d?schema=pg_x", "postgresql://h/d?schema=a;b",
        "postgresql://me:s3cret/x@h:port/d", "postgresql://h/d?s3cret=1"}) {
    const auto refused = postgres::parse_address(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().message.find("s3cret"), std::string::npos) << refused.error().message;
  }
}

TEST(PostgresAddress, NoMessageHoldsThePassword) {
  const auto opened = open_postgres("postgresql://me:s3cret@127.0.0.1:1/none");
  ASSERT_FALSE(opened);
  EXPECT_EQ((opened.error().message + opened.error().detail).find("s3cret"), std::string::npos);
  EXPECT_NE(opened.error().message.find("127.0.0.1"), std::string::npos);
}

TEST(PostgresDialect, TranslatesWordsOutsideOfQuotes) {
  EXPECT_EQ(postgres::translate_query("SELECT '?1', a FROM b WHERE c = ?12"), "SELECT '?1', a FROM b WHERE c = $12");
  EXPECT_EQ(
      postgres::translate_definition("CREATE TABLE a(b INTEGER, c BLOB, TEXTS TEXT DEFAULT 'TEXT') WITHOUT ROWID;"),
      "CREATE TABLE a(b BIGINT, c BYTEA, TEXTS TEXT COLLATE \"C\" DEFAULT 'TEXT') ;");
}

using Raw = base::Result<std::unique_ptr<sql::Connection>>;

Raw connect(const std::filesystem::path& folder, const char* ending) {
  auto server = OwnServer::shared();
  if (!server) return base::fail(server.error());
  const auto address = postgres::parse_address((*server)->url(schema_of(folder) + ending));
  auto connection = postgres::Connection::open(*address, 10s);
  if (!connection) return base::fail(std::move(connection.error()));
  return std::move(*connection);
}

Raw connect_new(const std::filesystem::path& folder) {
  auto connection = connect(folder, "");
  if (connection) (void)(*connection)->execute("CREATE SCHEMA IF NOT EXISTS " + schema_of(folder));
  return connection;
}

}  // namespace

namespace sql {

INSTANTIATE_TEST_SUITE_P(Postgres, UpgradeTest,
                         testing::Values(UpgradeWays{connect_new, open_in,
                                                     [](const auto& folder) { return connect(folder, "_schema_1"); }}));

}  // namespace sql
}  // namespace armarium::store
