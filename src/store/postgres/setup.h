#pragma once
// Opens a database and makes sure that its schema is this program's. Inside store/postgres only.

#include "store/postgres/connection.h"

namespace armarium::store::postgres {

// Of one statement of a writer: a new index over a large table is one.
constexpr std::chrono::seconds kLongestWrite{3600};

// Makes the schema when it is not there; brings an older one up, after its tables were copied to NAME_schema_N. The message of an error is for the terminal.
base::Result<std::unique_ptr<Connection>> open_current(const Address& address);

}  // namespace armarium::store::postgres
