#pragma once
// What SQLite and PostgreSQL have in common, so that every table is written once: a connection that prepares statements, and a statement in use. One dialect,
// SQLite's with these limits: parameters ?1 ?2 …; columns INTEGER, TEXT (compared by its bytes) or BLOB; upsert() instead of INSERT OR REPLACE; ids made by us;
// no function or pragma of one database. Text is UTF-8 without NUL. Not shared between threads.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace armarium::store::sql {

// A driver's side of a prepared statement; its connection keeps it.
class Prepared {
 public:
  virtual ~Prepared() = default;
  virtual void bind_text(int place, std::string_view value) = 0;
  virtual void bind_bytes(int place, std::string_view value) = 0;
  virtual void bind_number(int place, std::int64_t value) = 0;
  virtual base::Result<bool> step() = 0;
  virtual base::Result<> run() = 0;
  virtual std::string_view bytes_at(int column) const = 0;  // until the next step
  virtual std::int64_t number_at(int column) const = 0;
  virtual bool null_at(int column) const = 0;
  virtual void reset() noexcept = 0;
};

// A prepared statement while it is used; reset when it goes. Of one text at most one is in use at a time.
class Statement {
 public:
  explicit Statement(Prepared& prepared) : prepared_(&prepared) {}
  Statement(Statement&& other) noexcept : prepared_(std::exchange(other.prepared_, nullptr)), next_(other.next_) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement() {
    if (prepared_ != nullptr) prepared_->reset();
  }

  // Binds the next parameter. Text must outlive the stepping. bytes() is for paths, which need not be UTF-8.
  Statement& text(std::string_view value) {
    prepared_->bind_text(next_++, value);
    return *this;
  }
  Statement& bytes(std::string_view value) {
    prepared_->bind_bytes(next_++, value);
    return *this;
  }
  Statement& number(std::uint64_t value) { return signed_number(static_cast<std::int64_t>(value)); }
  Statement& signed_number(std::int64_t value) {
    prepared_->bind_number(next_++, value);
    return *this;
  }

  // True: a row is there; false: done.
  base::Result<bool> step() { return prepared_->step(); }
  // For statements that give no rows. Inside a transaction the database may be asked later: what fails then fails the next step() or the commit.
  base::Result<> run() { return prepared_->run(); }

  std::string text_at(int column) const { return std::string(prepared_->bytes_at(column)); }
  std::uint64_t number_at(int column) const { return static_cast<std::uint64_t>(prepared_->number_at(column)); }
  bool null_at(int column) const { return prepared_->null_at(column); }

 private:
  Prepared* prepared_;
  int next_ = 1;
};

enum class ColumnType : std::uint8_t { integer, text, blob };

struct Column {
  std::string name{};
  ColumnType type = ColumnType::text;
  int key = 0;  // place in the primary key, from 1; 0: not part of it
};

class Connection {
 public:
  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Prepared once and kept: `sql` must live as long as the program.
  virtual base::Result<Statement> prepare(std::string_view sql) = 0;
  // Statements without parameters and rows; several may be divided by semicolons.
  virtual base::Result<> execute(const std::string& sql) = 0;

  // A writing transaction; there is one at a time, whoever writes. Whatever failed in it fails the commit; the caller rolls back then.
  virtual base::Result<> begin() = 0;
  virtual base::Result<> commit() = 0;
  virtual void rollback() noexcept = 0;
  // After a commit that erased something: what the database's own log still holds of it goes, as far as it can be done from here.
  virtual void forget_log() noexcept {}

  // The version of the schema that is there, 0 for an empty database; set inside the transaction that changes it.
  virtual base::Result<int> schema_version() = 0;
  virtual base::Result<> set_schema_version(int version) = 0;
  // The tables of the schema, by name, and their columns in order.
  virtual base::Result<std::vector<std::string>> tables() = 0;
  virtual base::Result<std::vector<Column>> columns(const std::string& table) = 0;
};

// "INSERT … ON CONFLICT(key) DO UPDATE …" for a table whose columns are `key` and then `rest`, each divided by ", ". Keep what it gives: static const.
std::string upsert(std::string_view table, std::string_view key, std::string_view rest);

// Whether a column of text can hold it in every database: UTF-8 without NUL. What a driver answers where not.
bool is_text(std::string_view value) noexcept;
base::Error no_text();

}  // namespace armarium::store::sql
