#pragma once
// The SQLite driver of sql::Connection: one connection with its prepared statements. Only files of store/sqlite include this. Not shared between threads.

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "store/sql/connection.h"

namespace armarium::store::sqlite {

using sql::Statement;

class Connection final : public sql::Connection {
 public:
  static base::Result<std::unique_ptr<Connection>> open(const std::string& file, bool read_only);
  ~Connection() override;

  base::Result<Statement> prepare(std::string_view sql) override;
  base::Result<> execute(const std::string& sql) override;
  base::Result<> begin() override { return execute("BEGIN IMMEDIATE"); }
  base::Result<> commit() override { return execute("COMMIT"); }
  void rollback() noexcept override;
  void forget_log() noexcept override;
  base::Result<int> schema_version() override;
  base::Result<> set_schema_version(int version) override;
  base::Result<std::vector<std::string>> tables() override;
  base::Result<std::vector<sql::Column>> columns(const std::string& table) override;

  sqlite3* handle() const noexcept { return handle_; }

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
  std::unordered_map<std::string_view, std::unique_ptr<sql::Prepared>> prepared_;
};

base::Error error_of(sqlite3* handle, std::string_view doing);

}  // namespace armarium::store::sqlite
