#pragma once
// Which database belongs to a state: SQLite inside it, or PostgreSQL by its URL. The state remembers (data/database, without user and password) that its rows are
// elsewhere, so that a command that runs beside no server does not write to the wrong place. Functions block on the database; any thread.

#include <memory>
#include <string>

#include "base/error.h"
#include "store/accounts.h"
#include "store/state_folder.h"
#include "store/store.h"

namespace armarium::app {

// `database` is the setting; empty: SQLite. Remembers it. On a full disk SQLite is opened in the state's reserve.
base::Result<std::unique_ptr<store::Store>> open_store(store::StateFolder& state, const std::string& database);
base::Result<std::unique_ptr<store::Accounts>> open_accounts(const store::StateFolder& state,
                                                             const std::string& database);

// The setting for a command on a state that no server holds: $ARMARIUM_DATABASE. conflict when the rows are elsewhere and the variable does not say where.
base::Result<std::string> database_for_commands(const store::StateFolder& state);

}  // namespace armarium::app
