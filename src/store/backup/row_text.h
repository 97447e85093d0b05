#pragma once
// One row of a table as one line of JSON, the same from every database: an array of numbers and strings in the order of the columns. Bytes that are no UTF-8 (file
// names may be so) are {"hex": "…"}. Pure functions; any thread.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "store/sql/connection.h"

namespace armarium::store::backup {

using Cell = std::variant<std::int64_t, std::string>;

void append_row(std::string& out, const sql::Statement& row, const std::vector<sql::Column>& columns);
// corrupt when the line is no row of these columns.
base::Result<std::vector<Cell>> row_of(std::string_view line, const std::vector<sql::Column>& columns);
void bind_cell(sql::Statement& statement, const sql::Column& column, const Cell& cell);

// [["identifier","text"], …]: the first line of a table.
std::string columns_text(const std::vector<sql::Column>& columns);

}  // namespace armarium::store::backup
