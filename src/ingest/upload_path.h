#pragma once
// Where a file that somebody sends goes: a folder and a name that the client chose, checked and joined to a path below FOLDER. What no scan would look at is refused, and whatever could lead
// elsewhere. Names come out in NFC. Pure; any thread.

#include <string>
#include <string_view>

#include "base/error.h"

namespace armarium::ingest {

inline constexpr std::size_t kLongestName = 255;   // bytes of one name, as Linux has it
inline constexpr std::size_t kLongestPath = 1024;  // bytes of the whole
inline constexpr std::size_t kDeepestFolder = 32;

// `folder` has "/" between its names and may be empty: FOLDER itself. invalid_argument with the name that is wrong.
base::Result<std::string> upload_path(std::string_view folder, std::string_view name);

}  // namespace armarium::ingest
