#pragma once
// The schema of every database, forward only: all steps that are missing are applied in one transaction, after the old state was kept. A database that a newer
// program wrote is refused (unsupported).

#include <functional>

#include "store/sql/connection.h"

namespace armarium::store::sql {

// Called inside the transaction, before a database of schema `version` is changed; keeps a copy of it.
using KeepOld = std::function<base::Result<>(int version)>;

base::Result<> migrate(Connection& connection, const KeepOld& keep);

// The version that this program writes.
int schema_version() noexcept;

// Brings a database of schema `from` (0: an empty one) to `to`, inside the caller's transaction.
base::Result<> apply_steps(Connection& connection, int from, int to);

}  // namespace armarium::store::sql
