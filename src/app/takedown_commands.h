#pragma once
// `armarium takedown ID`: by the server that holds the state, or, when none runs, here, with the state's lock taken. Answers are text for the terminal. Each call blocks until it is done.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalogue/take_down.h"
#include "json/json.h"

namespace armarium::app {

// How it is done where the command runs.
struct TakedownWays {
  std::function<base::Result<catalogue::TakenDown>(const catalogue::TakedownOrder&)> take_down;
  std::function<base::Result<catalogue::TakenDown>(const std::string& identifier)> lift;
  std::function<base::Result<std::vector<store::TakedownRow>>()> standing;
};

// {"command": "takedown", "action": "take" | "lift" | "list", "id": …, "reason": …}. `id` is an identifier, an alias, or an address on this server.
base::Result<std::string> run_takedown_command(const TakedownWays& ways, const json::Object& request);

// `folder` may be empty: the nearest at or above the working directory that has a state; `state` as well: found from the folder.
base::Result<std::string> send_takedown_command(const std::filesystem::path& folder, const std::filesystem::path& state,
                                                const json::Object& request);

}  // namespace armarium::app
