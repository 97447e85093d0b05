#pragma once
// What a folder is in its parent's list, as the store's folder row keeps it. Pure.

#include <optional>
#include <string>

#include "store/rows.h"

namespace armarium::ingest {

struct FolderNote {
  std::string member;     // "m:identifier", "c:identifier", or empty
  std::string inherited;  // token of what the folders below depend on
  std::string ids;        // token of the ids of others that lead to it, or empty
};

std::string note_of(const std::optional<store::ItemKey>& member);
std::optional<store::ItemKey> key_of(const std::string& note);
std::string text_of(const FolderNote& note);
FolderNote note_of(const store::FolderRow& row);
std::optional<store::ItemKey> member_of(const store::FolderRow& row);

}  // namespace armarium::ingest
