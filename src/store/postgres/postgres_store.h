#pragma once
// The Store in a schema of a PostgreSQL database: pooled connections, each Reader a REPEATABLE READ snapshot; one writing transaction at a time over all nodes,
// by an advisory lock. revision() follows the commits of other nodes (LISTEN). A server that went away is asked again with the next call (unavailable until then).

#include <memory>
#include <string_view>

#include "store/store.h"

namespace armarium::store {

// Makes the schema when it is not there; brings an older one up, after its tables were copied to the schema NAME_schema_N beside it. The error's message is
// for the terminal: a URL that is not understood, a server that does not answer, a schema of a newer program. The password is in no message.
base::Result<std::unique_ptr<Store>> open_postgres(std::string_view url);

// Whether `database` is one that open_postgres understands, and how people may see it.
base::Result<std::string> shown_postgres(std::string_view url);

}  // namespace armarium::store
