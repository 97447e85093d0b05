#pragma once
// Applies a Batch on a connection that is inside the writing transaction. Inside store only.

#include <functional>

#include "store/sql/connection.h"
#include "store/store.h"

namespace armarium::store::sql {

// Rows with revision 0 get `revision`; activities get the next numbers.
base::Result<> apply_batch(Connection& connection, const Batch& batch, Revision revision);

// After everything was replaced: gives the database and each item a revision past `known` and past its own.
base::Result<Revision> renew_revision(Connection& connection, Revision known);

// What the body of a write makes. What it throws is an Error, so that the transaction ends whatever happens in it.
base::Result<Batch> made_by(const std::function<base::Result<Batch>(const Reader&)>& body, const Reader& before);

}  // namespace armarium::store::sql
