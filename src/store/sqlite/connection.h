#pragma once
// One SQLite connection with its prepared statements, and a statement in use. Only files of store/sqlite include this. Not shared between threads.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"

namespace armarium::store::sqlite {

// A prepared statement while it is used; reset when it goes.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)), next_(other.next_) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Binds the next parameter. Text must outlive the stepping. bytes() is for paths, which need not be UTF-8.
  Statement& text(std::string_view value);
  Statement& bytes(std::string_view value);
  Statement& number(std::uint64_t value);
  Statement& signed_number(std::int64_t value);

  // True: a row is there; false: done.
  base::Result<bool> step();
  // For statements that give no rows.
  base::Result<> run();

  std::string text_at(int column) const;
  std::uint64_t number_at(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(handle_, column));
  }
  bool null_at(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

 private:
  sqlite3_stmt* handle_;
  int next_ = 1;
};

class Connection {
 public:
  static base::Result<std::unique_ptr<Connection>> open(const std::string& file, bool read_only);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Prepared once and kept: `sql` must be a literal of this program.
  base::Result<Statement> prepare(std::string_view sql);
  base::Result<> execute(const char* sql);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
  };
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
  std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> prepared_;
};

base::Error error_of(sqlite3* handle, std::string_view doing);

}  // namespace armarium::store::sqlite
