#pragma once
// `armarium backup|restore|verify FILE`: by the server that holds the state, or, when none runs, here, with the state's lock taken. Answers are text for the terminal.
// Each call blocks until it is done.

#include <filesystem>
#include <string>

#include "base/error.h"
#include "json/json.h"
#include "store/accounts.h"
#include "store/store.h"

namespace armarium::app {

struct BackupPlace {
  store::Store& store;
  store::Accounts& users;
  std::filesystem::path data;
};

// {"command": "backup" or "restore", "file": an absolute path}. A restore keeps what it replaces as data/before-restore-….tar.
bool is_backup_command(const json::Object& request);
base::Result<std::string> run_backup_command(const BackupPlace& place, const json::Object& request);

// `folder` may be empty: the nearest at or above the working directory that has a state; `state` as well: found from the folder.
base::Result<std::string> send_backup_command(const std::filesystem::path& folder, const std::filesystem::path& state,
                                              const json::Object& request);

// Needs no server and no state.
base::Result<std::string> verify_backup(const std::filesystem::path& file);

}  // namespace armarium::app
