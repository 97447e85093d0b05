#pragma once
// The Store in one SQLite file in WAL mode: one writing connection behind a lock, a small pool of reading ones, each Reader a read transaction.
// A commit that write() has reported survives kill -9 and, unless it was to be on the disk soon only, a loss of power; one that it has not is there whole or not at all.

#include <filesystem>

#include "store/store.h"

namespace armarium::store {

// Creates the file when it is not there; brings an older schema up, after the old file was copied to NAME-schema-N.sqlite beside it. unsupported when a newer program wrote it.
base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file);

}  // namespace armarium::store
