#pragma once
// Applies a Batch on a connection that is inside the writing transaction. Inside store/sqlite only.

#include "store/sqlite/connection.h"
#include "store/store.h"

namespace armarium::store::sqlite {

// Rows with revision 0 get `revision`; activities get the next numbers.
base::Result<> apply_batch(Connection& connection, const Batch& batch, Revision revision);

}  // namespace armarium::store::sqlite
