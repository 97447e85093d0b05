#pragma once
// The Store in one SQLite file in WAL mode: one writing connection behind a lock, a small pool of reading ones, each Reader a read transaction.
// A commit is atomic under kill -9; after a loss of power the last writes may be missing (synchronous = NORMAL), never half there.

#include <filesystem>

#include "store/store.h"

namespace armarium::store {

// Creates the file when it is not there; brings an older schema up. unsupported when a newer program wrote it.
base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file);

}  // namespace armarium::store
