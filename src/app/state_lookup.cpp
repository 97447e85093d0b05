#include "app/state_lookup.h"

#include <vector>

#include "store/state_folder.h"

namespace armarium::app {

using base::ErrorCode;

namespace {

// The places where the state of a folder may be: beside the pictures, or where it goes when that cannot be.
std::vector<std::filesystem::path> candidates(const std::filesystem::path& folder, const std::filesystem::path& state) {
  if (!state.empty()) return {state};
  return {folder / ".armarium", store::choose_state_folder(folder)};
}

}  // namespace

base::Result<ServedFolder> find_served_folder(const std::filesystem::path& path, const std::filesystem::path& state) {
  std::error_code failed;
  // A path that has just vanished is a good reason to look again, so it need not exist.
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, failed);
  if (failed) return base::fail(ErrorCode::invalid_argument, "That path cannot be read.");
  for (std::filesystem::path folder = whole;; folder = folder.parent_path()) {
    for (const std::filesystem::path& candidate : candidates(folder, state)) {
      if (!std::filesystem::exists(candidate / "control.sock", failed)) continue;
      const std::filesystem::path below = state.empty() ? whole.lexically_relative(folder) : std::filesystem::path();
      return ServedFolder{candidate, below == "." ? std::string() : below.string()};
    }
    if (folder == folder.parent_path()) break;
  }
  return base::fail(ErrorCode::not_found,
                    "No server is running on that folder; with --state DIR its state can be named.");
}

base::Result<std::filesystem::path> find_state(const std::filesystem::path& folder,
                                               const std::filesystem::path& state) {
  std::error_code failed;
  if (!state.empty()) return std::filesystem::absolute(state, failed);
  const bool named = !folder.empty();
  if (named && !std::filesystem::is_directory(folder, failed))
    return base::fail(ErrorCode::not_found, "There is no such folder.");
  const std::filesystem::path whole = std::filesystem::weakly_canonical(named ? folder : ".", failed);
  if (failed) return base::fail(ErrorCode::invalid_argument, "That path cannot be read.");
  for (std::filesystem::path at = whole;; at = at.parent_path()) {
    for (const std::filesystem::path& candidate : candidates(at, {})) {
      if (std::filesystem::exists(candidate / "data", failed)) return candidate;
    }
    if (named || at == at.parent_path()) break;
  }
  if (named) return store::choose_state_folder(whole);
  return base::fail(ErrorCode::not_found,
                    "No served folder is here; name it with --folder DIR, or its state with --state DIR.");
}

}  // namespace armarium::app
