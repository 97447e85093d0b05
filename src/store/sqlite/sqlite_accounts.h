#pragma once
// Opens the Accounts in the SQLite database that the Store is in, bringing its schema up to date. One for each file in a process.

#include <filesystem>

#include "store/accounts.h"

namespace armarium::store {

base::Result<std::unique_ptr<Accounts>> open_sqlite_accounts(const std::filesystem::path& file);

}  // namespace armarium::store
