#include "store/postgres/connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "store/postgres/dialect.h"
#include "store/postgres/prepared.h"
#include "store/sql/rows.h"

namespace armarium::store::postgres {
namespace {

using base::ErrorCode;

constexpr std::size_t kMostSent = 500;

// One line, without what libpq adds around it.
std::string line_of(const char* message) {
  std::string line(message == nullptr ? "" : message);
  std::replace(line.begin(), line.end(), '\n', ' ');
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

ErrorCode code_of(std::string_view state) {
  // PostgreSQL 15, appendix A.
  if (state.empty() || state.starts_with("08") || state.starts_with("57P") || state == "53300" || state == "25006")
    return ErrorCode::unavailable;
  if (state == "57014" || state == "55P03") return ErrorCode::deadline_exceeded;
  if (state == "53100") return ErrorCode::storage_full;
  if (state == "XX001" || state == "XX002") return ErrorCode::corrupt;
  if (state == "22021" || state == "54000") return ErrorCode::invalid_argument;
  return ErrorCode::io;
}

const char* sentence_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::unavailable: return "The server's database does not answer at the moment.";
    case ErrorCode::deadline_exceeded: return "The server's database took too long.";
    case ErrorCode::storage_full: return "There is no space left for the server's database.";
    case ErrorCode::corrupt: return "The server's database is damaged.";
    case ErrorCode::invalid_argument:
      return "The server's database cannot hold this text: it is no UTF-8, or too long.";
    default: return "The server's database cannot be used at the moment.";
  }
}

}  // namespace

base::Error error_of(PGconn* handle, const PGresult* result, std::string_view doing) {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  ErrorCode code = code_of(state == nullptr ? std::string_view() : std::string_view(state));
  if (PQstatus(handle) != CONNECTION_OK) code = ErrorCode::unavailable;
  const char* message = result == nullptr ? PQerrorMessage(handle) : PQresultErrorMessage(result);
  return {code, sentence_of(code),
          fmt::format("PostgreSQL, {}: {} ({})", doing, line_of(message), state == nullptr ? "no state" : state)};
}

Connection::Connection(PGconn* handle, std::string schema) : handle_(handle), schema_(std::move(schema)) {}
Connection::~Connection() { prepared_.clear(); }

base::Result<std::unique_ptr<Connection>> Connection::open(const Address& address,
                                                           std::chrono::seconds statement_timeout) {
  // What comes later wins, so the URL may say otherwise of everything but the encoding.
  constexpr std::array kNames = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                 "keepalives_count", "tcp_user_timeout", "fallback_application_name",
                                 "dbname",           "client_encoding",  static_cast<const char*>(nullptr)};
  const std::array<const char*, kNames.size()> values = {
      "5", "10", "5", "3", "30000", "armarium", address.url.c_str(), "UTF8", nullptr};
  PGconn* connected = PQconnectdbParams(kNames.data(), values.data(), 1);
  std::unique_ptr<Connection> connection(new Connection(connected, address.schema));
  PGconn* handle = connection->handle();
  PQsetNoticeProcessor(
      handle, [](void*, const char*) {}, nullptr);  // the default writes to standard error
  if (PQstatus(handle) != CONNECTION_OK) {
    const std::string reason = line_of(PQerrorMessage(handle));
    const char* password = PQpass(handle);
    const bool tells = password != nullptr && *password != '\0' && reason.find(password) != std::string::npos;
    return base::fail(ErrorCode::unavailable, "The server's database does not answer at the moment.",
                      fmt::format("PostgreSQL, connect: {}", tells ? "refused" : reason));
  }
  const char* encoding = PQparameterStatus(handle, "server_encoding");
  if (encoding == nullptr || std::strcmp(encoding, "UTF8") != 0) {
    return base::fail(ErrorCode::unsupported, "The database must be made with the encoding UTF8.",
                      fmt::format("PostgreSQL: its encoding is {}", encoding == nullptr ? "unknown" : encoding));
  }
  const auto seconds = statement_timeout.count();
  auto set =
      connection->ask(fmt::format("SET search_path TO \"{}\"; SET statement_timeout TO '{}s'; "
                                  "SET lock_timeout TO '60s'; SET client_min_messages TO warning; "
                                  // Every query here has its index. A plan that was made while a table was still
                                  // empty is kept, and would read all of it for each row once it is full.
                                  "SET enable_seqscan TO off; SET enable_hashjoin TO off; SET enable_mergejoin TO off; "
                                  // What was acknowledged survives, whatever the server's default says.
                                  "SELECT set_config('synchronous_commit', 'on', false) WHERE "
                                  "current_setting('synchronous_commit') = 'off'",
                                  address.schema, seconds));
  if (!set) return base::fail(std::move(set.error()));
  return connection;
}

base::Result<QueryResult> Connection::ask(const std::string& sql) {
  if (auto settled = settle(); !settled) return base::fail(std::move(settled.error()));
  QueryResult result(PQexec(handle_.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return result;
  return base::fail(error_of(handle_.get(), result.get(), std::string_view(sql).substr(0, 200)));
}

base::Result<> Connection::execute(const std::string& sql) {
  auto done = ask(translate_definition(sql));
  if (!done) return base::fail(std::move(done.error()));
  return {};
}

base::Result<sql::Statement> Connection::prepare(std::string_view sql) {
  auto found = prepared_.find(sql);
  if (found == prepared_.end()) {
    if (auto settled = settle(); !settled) return base::fail(std::move(settled.error()));
    std::string name = fmt::format("s{}", prepared_.size());
    const std::string text = translate_query(sql);
    const QueryResult made(PQprepare(handle_.get(), name.c_str(), text.c_str(), 0, nullptr));
    if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) return base::fail(error_of(handle_.get(), made.get(), sql));
    found = prepared_.emplace(sql, std::make_unique<PostgresPrepared>(*this, std::move(name), sql)).first;
  }
  return sql::Statement(*found->second);
}

base::Result<> Connection::send(const PostgresPrepared& statement) {
  if (failed_) return base::fail(*failed_);
  if (PQpipelineStatus(handle_.get()) == PQ_PIPELINE_OFF && PQenterPipelineMode(handle_.get()) != 1)
    return base::fail(error_of(handle_.get(), nullptr, "pipeline"));
  if (!statement.send()) return base::fail(error_of(handle_.get(), nullptr, statement.sql()));
  return ++sent_ < kMostSent ? base::Result<>() : settle();
}

base::Result<> Connection::settle() {
  if (ending_) {
    while (QueryResult(PQgetResult(handle_.get()))) {
    }
    ending_ = false;
  }
  if (PQpipelineStatus(handle_.get()) == PQ_PIPELINE_OFF) {
    if (failed_) return base::fail(*failed_);
    return {};
  }
  bool synced = PQpipelineSync(handle_.get()) != 1;
  if (synced) failed_ = error_of(handle_.get(), nullptr, "pipeline");
  for (int nothing = 0; !synced && nothing < 2;) {  // a null divides the answers; two in a row: the connection is gone
    const QueryResult result(PQgetResult(handle_.get()));
    nothing = result ? 0 : nothing + 1;
    if (!result) continue;
    const ExecStatusType status = PQresultStatus(result.get());
    synced = status == PGRES_PIPELINE_SYNC;
    if (status == PGRES_FATAL_ERROR && !failed_) failed_ = error_of(handle_.get(), result.get(), "write");
  }
  if (PQexitPipelineMode(handle_.get()) != 1 && !failed_) failed_ = error_of(handle_.get(), nullptr, "pipeline");
  sent_ = 0;
  if (failed_) return base::fail(*failed_);
  return {};
}

base::Result<> Connection::begin() {
  // The lock, not a row of the schema, so that the first start can take it too. Seen by all nodes of this database; freed with the transaction.
  auto begun = ask(fmt::format("BEGIN; SELECT pg_advisory_xact_lock(1634889070, hashtext('{}'))", schema_));
  if (!begun) {
    rollback();
    return base::fail(std::move(begun.error()));
  }
  writing_ = true;
  return {};
}

base::Result<> Connection::commit() {
  auto done = ask("COMMIT");
  if (!done) return base::fail(std::move(done.error()));
  writing_ = false;
  // A transaction in which something failed answers a COMMIT with ROLLBACK.
  if (std::strcmp(PQcmdStatus(done->get()), "COMMIT") == 0) return {};
  return base::fail(ErrorCode::io, "The server's database cannot be used at the moment.",
                    "PostgreSQL: the transaction had failed before its end");
}

void Connection::rollback() noexcept {
  (void)settle();
  failed_.reset();
  writing_ = false;
  PQclear(PQexec(handle_.get(), "ROLLBACK"));
}

base::Result<Revision> Connection::begin_reading() {
  auto row = ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT value FROM state WHERE key = 'revision'");
  if (!row) return base::fail(std::move(row.error()));
  Revision revision = 0;
  if (PQntuples(row->get()) == 1) {
    const char* text = PQgetvalue(row->get(), 0, 0);
    std::from_chars(text, text + PQgetlength(row->get(), 0, 0), revision);
  }
  return revision;
}

base::Result<> Connection::tell(const std::string& channel, const std::string& what) {
  auto statement = prepare("SELECT pg_notify(?1, ?2)");
  if (!statement) return base::fail(std::move(statement.error()));
  return statement->text(channel).text(what).run();
}

void Connection::end_reading() noexcept { ending_ = PQsendQuery(handle_.get(), "COMMIT") == 1; }

}  // namespace armarium::store::postgres
