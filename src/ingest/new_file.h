#pragma once
// Files that appear whole or not at all, and survive a loss of power. Any thread; blocks on the disk. Errors: io, storage_full; the message has no path.

#include <filesystem>
#include <string_view>

#include "base/error.h"

namespace armarium::ingest {

base::Result<> replace_file(const std::filesystem::path& path, std::string_view content);
// Right too where there is none.
base::Result<> remove_file(const std::filesystem::path& path);

}  // namespace armarium::ingest
