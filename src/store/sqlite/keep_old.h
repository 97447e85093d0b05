#pragma once
// A copy of a database before it is changed by an upgrade. Inside store/sqlite only.

#include <filesystem>

#include "base/error.h"

namespace armarium::store::sqlite {

// Copies `file` by the online backup to NAME-schema-VERSION.sqlite beside it: whole and on the disk when this returns, or not there. One that is there is replaced.
base::Result<> keep_old(const std::filesystem::path& file, int version);

}  // namespace armarium::store::sqlite
