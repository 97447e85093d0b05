#include "ingest/member_note.h"

namespace armarium::ingest {

// "m:identifier", "c:identifier", or empty.
std::string note_of(const std::optional<store::ItemKey>& member) {
  if (!member) return {};
  return (member->kind == store::Kind::collection ? "c:" : "m:") + member->identifier;
}

std::optional<store::ItemKey> member_of(const store::FolderRow& row) {
  if (row.document.size() < 3) return std::nullopt;
  return store::ItemKey{row.document.front() == 'c' ? store::Kind::collection : store::Kind::manifest, row.document.substr(2)};
}

}  // namespace armarium::ingest
