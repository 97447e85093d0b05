#pragma once
// The Accounts in the schema of a PostgreSQL database where the Store is. version() and users() follow the changes of other nodes (LISTEN).

#include <memory>
#include <string_view>

#include "store/accounts.h"

namespace armarium::store {

// As open_postgres.
base::Result<std::unique_ptr<Accounts>> open_postgres_accounts(std::string_view url);

}  // namespace armarium::store
