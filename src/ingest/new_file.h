#pragma once
// Files that appear whole or not at all, and survive a loss of power; whoever saved meanwhile is not written over. Any thread; blocks on the disk. Errors: io, storage_full; conflict: the file says something
// else than `expected`, or somebody is writing it, and stays as it is. No message has a path.

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace armarium::ingest {

// Whatever is there.
base::Result<> replace_file(const std::filesystem::path& path, std::string_view content);
// `expected`: what the file said when it was read; empty where there was none.
base::Result<> exchange_file(const std::filesystem::path& path, std::string_view expected, std::string_view content);
// Right too where there is none.
base::Result<> remove_file(const std::filesystem::path& path, std::string_view expected);
// Whether somebody has a file open for writing, of a descriptor that is open for reading; nothing where the system cannot say.
std::optional<bool> is_being_written(int descriptor);

}  // namespace armarium::ingest
