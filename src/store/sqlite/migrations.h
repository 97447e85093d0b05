#pragma once
// The schema, forward only: each step is applied once, in order, in a transaction. A database that a newer program wrote is refused.

#include "store/sqlite/connection.h"

namespace armarium::store::sqlite {

base::Result<> migrate(Connection& connection);

// The version that this program writes.
int schema_version() noexcept;

}  // namespace armarium::store::sqlite
