#include "store/backup/tables.h"

#include <mutex>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/backup/row_text.h"
#include "store/sql/migrations.h"

namespace armarium::store::backup {
namespace {

constexpr std::size_t kRowsAtOnce = 2000;

// A connection keeps its statements by their text, which has to stay: there are a few for each table.
std::string_view kept(std::string sql) {
  static std::mutex mutex;
  static std::set<std::string> texts;
  const std::lock_guard lock(mutex);
  return *texts.insert(std::move(sql)).first;
}

struct Table {
  std::string name;
  std::vector<sql::Column> columns;
  std::vector<std::size_t> key;  // places of the columns of the primary key, in its order

  std::string names(bool of_key) const {
    std::vector<std::string> quoted;
    for (std::size_t place = 0; place < (of_key ? key.size() : columns.size()); ++place)
      quoted.push_back(fmt::format("\"{}\"", columns[of_key ? key[place] : place].name));
    return fmt::format("{}", fmt::join(quoted, ", "));
  }
  static std::string places(std::size_t count) {
    std::vector<std::string> all;
    for (std::size_t place = 1; place <= count; ++place) all.push_back(fmt::format("?{}", place));
    return fmt::format("{}", fmt::join(all, ", "));
  }
};

base::Result<Table> table_of(sql::Connection& connection, const std::string& name) {
  auto columns = connection.columns(name);
  if (!columns) return base::fail(std::move(columns.error()));
  Table table{name, std::move(*columns), {}};
  for (int place = 1;; ++place) {
    std::size_t found = 0;
    while (found < table.columns.size() && table.columns[found].key != place) ++found;
    if (found == table.columns.size()) break;
    table.key.push_back(found);
  }
  if (table.key.empty())
    return base::fail(base::ErrorCode::internal, "A table cannot be kept.", fmt::format("{} has no key", name));
  return table;
}

std::vector<Cell> key_at(const sql::Statement& row, const Table& table) {
  std::vector<Cell> cells;
  for (const std::size_t place : table.key) {
    const int column = static_cast<int>(place);
    if (table.columns[place].type == sql::ColumnType::integer) {
      cells.emplace_back(static_cast<std::int64_t>(row.number_at(column)));
    } else {
      cells.emplace_back(row.text_at(column));
    }
  }
  return cells;
}

}  // namespace

base::Result<std::uint64_t> lines_of(sql::Connection& connection, const std::string& name,
                                     const std::function<base::Result<>(std::string_view)>& take) {
  auto table = table_of(connection, name);
  if (!table) return base::fail(std::move(table.error()));
  if (auto taken = take(columns_text(table->columns) + "\n"); !taken) return base::fail(std::move(taken.error()));
  const std::string key = table->names(true);
  const std::string_view from_start =
      kept(fmt::format("SELECT {} FROM \"{}\" ORDER BY {} LIMIT {}", table->names(false), name, key, kRowsAtOnce));
  const std::string_view from_key =
      kept(fmt::format("SELECT {} FROM \"{}\" WHERE ({}) > ({}) ORDER BY {} LIMIT {}", table->names(false), name, key,
                       Table::places(table->key.size()), key, kRowsAtOnce));
  std::uint64_t count = 0;
  std::vector<Cell> after;
  for (std::size_t rows = kRowsAtOnce; rows == kRowsAtOnce; count += rows) {
    auto statement = connection.prepare(after.empty() ? from_start : from_key);
    if (!statement) return base::fail(std::move(statement.error()));
    const std::vector<Cell> bound = std::exchange(after, {});
    for (std::size_t i = 0; i < bound.size(); ++i) bind_cell(*statement, table->columns[table->key[i]], bound[i]);
    std::string lines;
    for (rows = 0;; ++rows) {
      auto row = statement->step();
      if (!row) return base::fail(std::move(row.error()));
      if (!*row) break;
      append_row(lines, *statement, table->columns);
      after = key_at(*statement, *table);
    }
    if (auto taken = take(lines); !taken) return base::fail(std::move(taken.error()));
  }
  return count;
}

base::Result<> make_empty(sql::Connection& connection, int schema) {
  auto version = connection.schema_version();
  if (!version) return base::fail(std::move(version.error()));
  auto tables = connection.tables();
  if (!tables) return base::fail(std::move(tables.error()));
  if (*version != schema) {
    for (const std::string& table : *tables) {
      if (auto done = connection.execute(fmt::format("DROP TABLE \"{}\"", table)); !done) return done;
    }
    if (auto made = sql::apply_steps(connection, 0, schema); !made) return made;
    tables = connection.tables();
    if (!tables) return base::fail(std::move(tables.error()));
  }
  for (const std::string& table : *tables) {
    if (auto done = connection.execute(fmt::format("DELETE FROM \"{}\"", table)); !done) return done;
  }
  return {};
}

base::Result<std::uint64_t> fill(sql::Connection& connection, const std::string& name, TarReader& lines) {
  auto table = table_of(connection, name);
  if (!table) return base::fail(std::move(table.error()));
  auto first = lines.line();
  if (!first) return base::fail(std::move(first.error()));
  if (!*first || **first != columns_text(table->columns)) {
    return base::fail(base::ErrorCode::corrupt,
                      fmt::format("The backup's table \"{}\" has other columns than its schema says.", name));
  }
  const std::string_view insert = kept(fmt::format("INSERT INTO \"{}\"({}) VALUES({})", name, table->names(false),
                                                   Table::places(table->columns.size())));
  for (std::uint64_t count = 0;; ++count) {
    auto line = lines.line();
    if (!line) return base::fail(std::move(line.error()));
    if (!*line) return count;
    auto cells = row_of(**line, table->columns);
    if (!cells) return base::fail(std::move(cells.error()));
    auto row = connection.prepare(insert);
    if (!row) return base::fail(std::move(row.error()));
    for (std::size_t place = 0; place < cells->size(); ++place) bind_cell(*row, table->columns[place], (*cells)[place]);
    if (auto done = row->run(); !done) return base::fail(std::move(done.error()));
  }
}

}  // namespace armarium::store::backup
