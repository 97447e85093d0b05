#include "store/sqlite/connection.h"

#include <fmt/format.h>

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

Statement::~Statement() {
  if (handle_ == nullptr) return;
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Statement& Statement::text(std::string_view value) {
  sqlite3_bind_text64(handle_, next_++, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

Statement& Statement::bytes(std::string_view value) {
  sqlite3_bind_blob64(handle_, next_++, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::number(std::uint64_t value) { return signed_number(static_cast<std::int64_t>(value)); }

Statement& Statement::signed_number(std::int64_t value) {
  sqlite3_bind_int64(handle_, next_++, value);
  return *this;
}

base::Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return base::fail(error_of(sqlite3_db_handle(handle_), sqlite3_sql(handle_)));
}

base::Result<> Statement::run() {
  auto done = step();
  if (!done) return base::fail(std::move(done.error()));
  return {};
}

std::string Statement::text_at(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

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
    found = prepared_.emplace(sql, std::unique_ptr<sqlite3_stmt, Finalize>(handle)).first;
  }
  return Statement(found->second.get());
}

base::Result<> Connection::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return base::fail(error_of(handle_, sql));
  return {};
}

}  // namespace armarium::store::sqlite
