#pragma once
// A prepared statement of PostgreSQL with its bound parameters and, after the first step, all its rows. Parameters go as bytes (text, paths) or digits; rows
// come in binary. Inside store/postgres only.

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "store/postgres/connection.h"

namespace armarium::store::postgres {

class PostgresPrepared final : public sql::Prepared {
 public:
  PostgresPrepared(Connection& connection, std::string name, std::string_view sql)
      : connection_(connection), name_(std::move(name)), sql_(sql) {}

  void bind_text(int place, std::string_view value) override;
  void bind_bytes(int place, std::string_view value) override { bind(place, value, true); }
  void bind_number(int place, std::int64_t value) override;
  base::Result<bool> step() override;
  base::Result<> run() override;
  std::string_view bytes_at(int column) const override;
  std::int64_t number_at(int column) const override;
  bool null_at(int column) const override { return PQgetisnull(rows_.get(), row_, column) == 1; }
  void reset() noexcept override;

  // Sends it with its parameters; false when libpq refuses.
  bool send() const;
  std::string_view sql() const noexcept { return sql_; }

 private:
  void bind(int place, std::string_view value, bool binary);
  base::Result<> fetch();

  Connection& connection_;
  std::string name_;
  std::string_view sql_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::deque<std::array<char, 24>> digits_;  // a deque: what values_ points to stays
  QueryResult rows_;
  int row_ = -1;
  bool holds_no_text_ = false;
};

}  // namespace armarium::store::postgres
