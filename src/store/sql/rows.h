#pragma once
// Short ways to ask: prepare, bind, make a value of each row. Inside store only.

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "store/sql/connection.h"

namespace armarium::store::sql {

// Prepares, binds by `bind`, and makes a value of each row by `make`.
template <class Bind, class Make>
auto rows(Connection& connection, std::string_view sql, Bind&& bind, Make&& make)
    -> base::Result<std::vector<std::decay_t<decltype(make(std::declval<const Statement&>()))>>> {
  auto statement = connection.prepare(sql);
  if (!statement) return base::fail(std::move(statement.error()));
  bind(*statement);
  std::vector<std::decay_t<decltype(make(std::declval<const Statement&>()))>> found;
  for (;;) {
    auto row = statement->step();
    if (!row) return base::fail(std::move(row.error()));
    if (!*row) return found;
    found.push_back(make(*statement));
  }
}

template <class T>
base::Result<std::optional<T>> first(base::Result<std::vector<T>> found) {
  if (!found) return base::fail(std::move(found.error()));
  if (found->empty()) return std::optional<T>();
  return std::optional<T>(std::move(found->front()));
}

}  // namespace armarium::store::sql
