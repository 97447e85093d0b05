#include "store/postgres/setup.h"

#include <fmt/format.h>

#include "base/log.h"
#include "store/sql/migrations.h"
#include "store/sql/rows.h"

namespace armarium::store::postgres {
namespace {

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

base::Result<std::unique_ptr<Connection>> open_current(const Address& address) {
  const auto cannot = [&](base::Error error) {
    error.message = fmt::format("The database {} cannot be used: {} {}", address.shown, error.message, error.detail);
    return base::fail(std::move(error));
  };
  auto connection = Connection::open(address, kLongestWrite);
  if (!connection) return cannot(std::move(connection.error()));
  if (auto made = make_schema(**connection); !made) return cannot(std::move(made.error()));
  auto migrated = sql::migrate(**connection, [&](int version) { return keep_old(**connection, version); });
  if (!migrated) return cannot(std::move(migrated.error()));
  return connection;
}

}  // namespace armarium::store::postgres
