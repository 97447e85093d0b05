#pragma once
// The PostgreSQL driver of sql::Connection: one libpq connection, its session and its prepared statements. In a writing transaction statements without rows
// are sent without waiting for each (pipeline mode), and what failed among them fails the next question or the commit. Only files of store/postgres include
// this. Not shared between threads. Errors: unavailable (no server, or it is starting or stopping), deadline_exceeded, storage_full, corrupt, io.

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "store/postgres/address.h"
#include "store/rows.h"
#include "store/sql/connection.h"

namespace armarium::store::postgres {

struct FreeResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using QueryResult = std::unique_ptr<PGresult, FreeResult>;

class PostgresPrepared;

class Connection final : public sql::Connection {
 public:
  static base::Result<std::unique_ptr<Connection>> open(const Address& address, std::chrono::seconds statement_timeout);
  ~Connection() override;

  base::Result<sql::Statement> prepare(std::string_view sql) override;
  base::Result<> execute(const std::string& sql) override;
  base::Result<> begin() override;
  base::Result<> commit() override;
  void rollback() noexcept override;
  base::Result<int> schema_version() override;
  base::Result<> set_schema_version(int version) override;
  base::Result<std::vector<std::string>> tables() override;
  base::Result<std::vector<sql::Column>> columns(const std::string& table) override;

  // A snapshot to read from, and the revision in it.
  base::Result<Revision> begin_reading();
  // Ends it without waiting for the answer.
  void end_reading() noexcept;
  // Announces on a channel what the transaction did, with its commit.
  base::Result<> tell(const std::string& channel, const std::string& what);
  bool alive() const noexcept { return PQstatus(handle_.get()) == CONNECTION_OK; }
  PGconn* handle() const noexcept { return handle_.get(); }
  const std::string& schema() const noexcept { return schema_; }

 private:
  friend class PostgresPrepared;
  struct Finish {
    void operator()(PGconn* handle) const noexcept { PQfinish(handle); }
  };
  Connection(PGconn* handle, std::string schema);
  base::Result<> send(const PostgresPrepared& statement);
  // Waits for all that was sent; the first thing that failed in this transaction.
  base::Result<> settle();
  base::Result<QueryResult> ask(const std::string& sql);

  std::unique_ptr<PGconn, Finish> handle_;
  std::string schema_;
  std::unordered_map<std::string_view, std::unique_ptr<PostgresPrepared>> prepared_;
  std::optional<base::Error> failed_;
  std::size_t sent_ = 0;  // and not answered
  bool writing_ = false;
  bool ending_ = false;  // a COMMIT was sent
};

// `result` may be null.
base::Error error_of(PGconn* handle, const PGresult* result, std::string_view doing);

}  // namespace armarium::store::postgres
