// What the driver knows of the schema itself: its version, tables and columns.

#include <fmt/format.h>

#include "store/postgres/connection.h"
#include "store/sql/rows.h"

namespace armarium::store::postgres {

using sql::Statement;

base::Result<int> Connection::schema_version() {
  auto there = sql::rows(
      *this, "SELECT to_regclass('schema_version') IS NOT NULL", [](Statement&) {},
      [](const Statement& s) { return s.number_at(0) != 0; });
  if (!there) return base::fail(std::move(there.error()));
  if (!there->front()) return 0;
  auto version = sql::rows(
      *this, "SELECT version FROM schema_version", [](Statement&) {},
      [](const Statement& s) { return static_cast<int>(s.number_at(0)); });
  if (!version) return base::fail(std::move(version.error()));
  return version->empty() ? 0 : version->front();
}

base::Result<> Connection::set_schema_version(int version) {
  return execute(
      fmt::format("CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL); DELETE FROM schema_version; "
                  "INSERT INTO schema_version VALUES({})",
                  version));
}

base::Result<std::vector<std::string>> Connection::tables() {
  return sql::rows(
      *this,
      "SELECT relname::text COLLATE \"C\" FROM pg_class WHERE relkind = 'r' AND relname <> 'schema_version' AND "
      "relnamespace = current_schema()::regnamespace ORDER BY 1",
      [](Statement&) {}, [](const Statement& s) { return s.text_at(0); });
}

base::Result<std::vector<sql::Column>> Connection::columns(const std::string& table) {
  return sql::rows(
      *this,
      "SELECT a.attname::text, format_type(a.atttypid, NULL), coalesce((SELECT k.place FROM pg_index i, "
      "unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) WHERE i.indrelid = a.attrelid AND i.indisprimary "
      "AND k.number = a.attnum), 0) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname = ?1 AND "
      "c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
      [&](Statement& s) { s.text(table); },
      [](const Statement& s) {
        const std::string type = s.text_at(1);
        return sql::Column{s.text_at(0),
                           type == "bigint"  ? sql::ColumnType::integer
                           : type == "bytea" ? sql::ColumnType::blob
                                             : sql::ColumnType::text,
                           static_cast<int>(s.number_at(2))};
      });
}

}  // namespace armarium::store::postgres
