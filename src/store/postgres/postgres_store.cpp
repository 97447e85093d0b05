#include "store/postgres/postgres_store.h"

#include <atomic>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "store/postgres/follower.h"
#include "store/postgres/pool.h"
#include "store/sql/migrations.h"
#include "store/sql/reader.h"
#include "store/sql/rows.h"
#include "store/sql/writer.h"

namespace armarium::store {
namespace {

using postgres::Connection;
using postgres::Pool;

// Of one statement of the writer: a new index over a large table is one.
constexpr auto kLongestWrite = std::chrono::seconds(3600);

class PostgresStore final : public Store {
 public:
  PostgresStore(postgres::Address address, std::unique_ptr<Connection> writer)
      : pool_(std::move(address)),
        writer_(std::move(writer)),
        follower_(pool_, [this](Revision found) { follow(found); }) {}

  base::Result<std::unique_ptr<Reader>> read() const override;
  base::Result<Revision> write(const std::function<base::Result<Batch>(const Reader&)>& body) override;
  Revision revision() const noexcept override { return revision_.load(); }
  void follow(Revision found) const noexcept;

 private:
  base::Result<> begin();
  base::Result<Revision> inside(const std::function<base::Result<Batch>(const Reader&)>& body);

  mutable Pool pool_;
  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  mutable std::atomic<Revision> revision_ = 0;
  postgres::Follower follower_;  // ends first
};

// A Reader that holds a pooled connection inside its snapshot.
class PooledReader final : public sql::SqlReader {
 public:
  PooledReader(Pool& pool, std::unique_ptr<Connection> connection, Revision revision)
      : SqlReader(*connection, revision), pool_(pool), owned_(std::move(connection)) {}
  ~PooledReader() override { pool_.give_back(std::move(owned_)); }

 private:
  Pool& pool_;
  std::unique_ptr<Connection> owned_;
};

void PostgresStore::follow(Revision found) const noexcept {
  Revision known = revision_.load();
  while (known < found && !revision_.compare_exchange_weak(known, found)) {
  }
}

base::Result<std::unique_ptr<Reader>> PostgresStore::read() const {
  auto begun = pool_.begin_reading();
  if (!begun) return base::fail(std::move(begun.error()));
  follow(begun->second);
  return std::make_unique<PooledReader>(pool_, std::move(begun->first), begun->second);
}

base::Result<> PostgresStore::begin() {
  if (writer_) {
    auto begun = writer_->begin();
    if (begun || writer_->alive()) return begun;
  }
  writer_.reset();
  auto connection = pool_.connect(kLongestWrite);
  if (!connection) return base::fail(std::move(connection.error()));
  writer_ = std::move(*connection);
  return writer_->begin();
}

base::Result<Revision> PostgresStore::inside(const std::function<base::Result<Batch>(const Reader&)>& body) {
  // Behind the lock: what other nodes wrote is there.
  auto before = sql::rows(
      *writer_, "SELECT value FROM state WHERE key = 'revision'", [](sql::Statement&) {},
      [](const sql::Statement& s) { return s.number_at(0); });
  if (!before) return base::fail(std::move(before.error()));
  if (before->empty()) return base::fail(base::ErrorCode::corrupt, "The server's database is damaged.", "no revision");
  auto batch = body(sql::SqlReader(*writer_, before->front()));
  if (!batch) return base::fail(std::move(batch.error()));
  if (batch->empty()) return before->front();
  const Revision after = before->front() + (batch->publishes() ? 1 : 0);
  if (auto applied = sql::apply_batch(*writer_, *batch, after); !applied) return base::fail(std::move(applied.error()));
  if (after == before->front()) return after;
  auto tell = writer_->prepare("SELECT pg_notify(?1, ?2)");
  if (!tell) return base::fail(std::move(tell.error()));
  const std::string number = fmt::format("{}", after);
  if (auto told = tell->text(writer_->schema()).text(number).run(); !told) return base::fail(std::move(told.error()));
  return after;
}

base::Result<Revision> PostgresStore::write(const std::function<base::Result<Batch>(const Reader&)>& body) {
  const std::lock_guard lock(writing_);
  if (auto begun = begin(); !begun) return base::fail(std::move(begun.error()));
  auto after = inside(body);
  if (after) {
    if (auto committed = writer_->commit(); !committed) after = base::fail(std::move(committed.error()));
  }
  if (!after) {
    writer_->rollback();
    return after;
  }
  follow(*after);
  return after;
}

// Copies every table to a schema of its own, in the transaction that upgrades.
base::Result<> keep_old(Connection& connection, int version) {
  const std::string wanted = fmt::format("{}_schema_{}", connection.schema(), version);
  std::string name = wanted;
  for (int copy = 2;; ++copy) {
    auto there = sql::rows(
        connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?1", [&](sql::Statement& s) { s.text(name); },
        [](const sql::Statement&) { return true; });
    if (!there) return base::fail(std::move(there.error()));
    if (there->empty()) break;
    name = fmt::format("{}_{}", wanted, copy);
  }
  auto tables = connection.tables();
  if (!tables) return base::fail(std::move(tables.error()));
  std::string sql = fmt::format("CREATE SCHEMA \"{}\";", name);
  for (const std::string& table : *tables)
    sql += fmt::format("CREATE TABLE \"{}\".\"{}\" AS TABLE \"{}\";", name, table, table);
  if (auto done = connection.execute(sql); !done) return done;
  base::log::info("The database is brought up to a new schema; the old tables are kept in the schema {}.", name);
  return {};
}

base::Result<> make_schema(Connection& connection) {
  // Asked for first: who may not make schemas may use one that was made for it.
  auto there = sql::rows(
      connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?1",
      [&](sql::Statement& s) { s.text(connection.schema()); }, [](const sql::Statement&) { return true; });
  if (!there) return base::fail(std::move(there.error()));
  if (!there->empty()) return {};
  if (auto begun = connection.begin(); !begun) return begun;
  auto made = connection.execute(fmt::format("CREATE SCHEMA IF NOT EXISTS \"{}\"", connection.schema()));
  if (made) made = connection.commit();
  if (!made) connection.rollback();
  return made;
}

}  // namespace

base::Result<std::string> shown_postgres(std::string_view url) {
  auto address = postgres::parse_address(url);
  if (!address) return base::fail(std::move(address.error()));
  return address->shown;
}

base::Result<std::unique_ptr<Store>> open_postgres(std::string_view url) {
  auto address = postgres::parse_address(url);
  if (!address) return base::fail(std::move(address.error()));
  const auto cannot = [&](base::Error error) {
    error.message = fmt::format("The database {} cannot be used: {} {}", address->shown, error.message, error.detail);
    return base::fail(std::move(error));
  };
  auto connection = Connection::open(*address, kLongestWrite);
  if (!connection) return cannot(std::move(connection.error()));
  if (auto made = make_schema(**connection); !made) return cannot(std::move(made.error()));
  auto migrated = sql::migrate(**connection, [&](int version) { return keep_old(**connection, version); });
  if (!migrated) return cannot(std::move(migrated.error()));
  auto store = std::make_unique<PostgresStore>(std::move(*address), std::move(*connection));
  auto first = store->read();  // learns the revision
  if (!first) return base::fail(std::move(first.error()));
  return store;
}

}  // namespace armarium::store
