#pragma once
// `armarium user …`: what it asks is one JSON object, answered by the server that holds the state, or, when none runs, here, with the state's lock taken. Answers are text for the terminal.
// Blocks on the database, and a moment for a new password.

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "json/json.h"
#include "store/accounts.h"
#include "store/state_folder.h"

namespace armarium::app {

// {"command": "user", "action": …, "name": …}, with "password", "roles", "disabled", "scopes", "days", "id" where they belong.
base::Result<std::string> run_user_command(store::Accounts& accounts, const json::Object& request);

struct UserPlace {
  std::filesystem::path folder{};  // empty: the nearest at or above the working directory that has a state
  std::filesystem::path state{};   // empty: found from the folder
};

// Asks the server that runs there, else does it here.
base::Result<std::string> send_user_command(const UserPlace& place, const json::Object& request);

}  // namespace armarium::app
