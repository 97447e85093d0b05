#pragma once
// The rows of all tables out of a snapshot and into a transaction. Inside store/backup only.

#include <functional>
#include <string_view>

#include "store/backup/tar_file.h"
#include "store/sql/connection.h"

namespace armarium::store::backup {

// Gives the lines of a table, the columns first, in pieces; the number of rows.
base::Result<std::uint64_t> lines_of(sql::Connection& connection, const std::string& table,
                                     const std::function<base::Result<>(std::string_view)>& take);

// Makes the database empty, with the schema of version `schema`.
base::Result<> make_empty(sql::Connection& connection, int schema);

// Puts the lines of the reader's entry into a table that is empty.
base::Result<std::uint64_t> fill(sql::Connection& connection, const std::string& table, TarReader& lines);

}  // namespace armarium::store::backup
