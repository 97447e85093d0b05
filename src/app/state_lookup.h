#pragma once
// Finds the state of a running server from a path inside the folder that it serves, for commands.

#include <filesystem>
#include <string>

#include "base/error.h"

namespace armarium::app {

struct ServedFolder {
  std::filesystem::path state;
  std::string path;  // of the argument, below the served folder; empty for the folder itself
};

// `state` may be empty: then the nearest folder at or above `path` whose state has a server's socket is taken.
base::Result<ServedFolder> find_served_folder(const std::filesystem::path& path, const std::filesystem::path& state);

// The state of a folder, whether a server runs or not. `folder` may be empty: then the nearest at or above the working directory that has a state is taken. A folder that is named
// and has no state yet gives the place where it will be.
base::Result<std::filesystem::path> find_state(const std::filesystem::path& folder, const std::filesystem::path& state);

}  // namespace armarium::app
