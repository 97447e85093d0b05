#include "store/sqlite/connection.h"

#include <fmt/format.h>

#include "store/sql/rows.h"

namespace armarium::store::sqlite {

base::Error error_of(sqlite3* handle, std::string_view doing) {
  const int code = handle == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(handle);
  const std::string detail =
      fmt::format("SQLite, {}: {}", doing, handle == nullptr ? "out of memory" : sqlite3_errmsg(handle));
  // A quota, a limit on the size of files and a disk that fails look alike from here; only ENOSPC is SQLITE_FULL.
  if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_FSYNC)
    return {base::ErrorCode::storage_full, "There is no space left for the server's state, or its disk fails.", detail};
  switch (code & 0xff) {
    case SQLITE_FULL: return {base::ErrorCode::storage_full, "There is no space left for the server's state.", detail};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {base::ErrorCode::corrupt, "The server's database is damaged.", detail};
    default: return {base::ErrorCode::io, "The server's database cannot be used at the moment.", detail};
  }
}

namespace {

class SqlitePrepared final : public sql::Prepared {
 public:
  explicit SqlitePrepared(sqlite3_stmt* handle) : handle_(handle) {}
  ~SqlitePrepared() override { sqlite3_finalize(handle_); }
  SqlitePrepared(const SqlitePrepared&) = delete;
  SqlitePrepared& operator=(const SqlitePrepared&) = delete;

  void bind_text(int place, std::string_view value) override {
    if (!sql::is_text(value)) holds_no_text_ = true;
    sqlite3_bind_text64(handle_, place, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
  }
  void bind_bytes(int place, std::string_view value) override {
    sqlite3_bind_blob64(handle_, place, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC);
  }
  void bind_number(int place, std::int64_t value) override { sqlite3_bind_int64(handle_, place, value); }

  base::Result<bool> step() override;
  base::Result<> run() override {
    auto done = step();
    if (!done) return base::fail(std::move(done.error()));
    return {};
  }

  std::string_view bytes_at(int column) const override {
    const void* data = sqlite3_column_blob(handle_, column);
    const int size = sqlite3_column_bytes(handle_, column);
    return data == nullptr ? std::string_view()
                           : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
  }
  std::int64_t number_at(int column) const override { return sqlite3_column_int64(handle_, column); }
  bool null_at(int column) const override { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
  void reset() noexcept override {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
    holds_no_text_ = false;
  }

 private:
  sqlite3_stmt* handle_;
  bool holds_no_text_ = false;
};

base::Result<bool> SqlitePrepared::step() {
  if (holds_no_text_) return base::fail(sql::no_text());
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return base::fail(error_of(sqlite3_db_handle(handle_), sqlite3_sql(handle_)));
}

sql::ColumnType type_of(std::string_view declared) {
  if (declared == "INTEGER") return sql::ColumnType::integer;
  return declared == "BLOB" ? sql::ColumnType::blob : sql::ColumnType::text;
}

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::open(const std::string& file, bool read_only) {
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_NOMUTEX | (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) return base::fail(error_of(handle, "open"));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 10'000);
  // The database may be another's work: no functions of the schema, no trust in it.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return connection;
}

Connection::~Connection() {
  prepared_.clear();
  sqlite3_close(handle_);
}

base::Result<Statement> Connection::prepare(std::string_view sql) {
  auto found = prepared_.find(sql);
  if (found == prepared_.end()) {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &handle, nullptr);
    if (code != SQLITE_OK) return base::fail(error_of(handle_, sql));
    found = prepared_.emplace(sql, std::make_unique<SqlitePrepared>(handle)).first;
  }
  return Statement(*found->second);
}

base::Result<> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return base::fail(error_of(handle_, sql));
  return {};
}

void Connection::rollback() noexcept { sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr); }

// What is written back overwrites what was deleted (secure_delete), and the log starts anew. While others read, it stays until the next time.
void Connection::forget_log() noexcept {
  sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

base::Result<int> Connection::schema_version() {
  auto found = sql::rows(
      *this, "PRAGMA user_version", [](Statement&) {}, [](const Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return static_cast<int>(found->front());
}

base::Result<> Connection::set_schema_version(int version) {
  return execute(fmt::format("PRAGMA user_version = {}", version));
}

base::Result<std::vector<std::string>> Connection::tables() {
  return sql::rows(
      *this, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
      [](Statement&) {}, [](const Statement& s) { return s.text_at(0); });
}

base::Result<std::vector<sql::Column>> Connection::columns(const std::string& table) {
  return sql::rows(
      *this, "SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid", [&](Statement& s) { s.text(table); },
      [](const Statement& s) {
        return sql::Column{s.text_at(0), type_of(s.text_at(1)), static_cast<int>(s.number_at(2))};
      });
}

}  // namespace armarium::store::sqlite
