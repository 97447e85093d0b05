#pragma once
// What a folder is in its parent's list, as the store's folder row keeps it. Pure.

#include <optional>
#include <string>

#include "store/rows.h"

namespace armarium::ingest {

std::string note_of(const std::optional<store::ItemKey>& member);
std::optional<store::ItemKey> member_of(const store::FolderRow& row);

}  // namespace armarium::ingest
