#include "ingest/member_note.h"

#include <algorithm>

namespace armarium::ingest {

// "m:identifier", "c:identifier", or empty.
std::string note_of(const std::optional<store::ItemKey>& member) {
  if (!member) return {};
  return (member->kind == store::Kind::collection ? "c:" : "m:") + member->identifier;
}

std::optional<store::ItemKey> key_of(const std::string& note) {
  if (note.size() < 2) return std::nullopt;
  return store::ItemKey{note.front() == 'c' ? store::Kind::collection : store::Kind::manifest, note.substr(2)};
}

std::string text_of(const FolderNote& note) {
  return note.inherited + (note.ids.empty() ? "" : '@' + note.ids) + ' ' + note.member;
}

FolderNote note_of(const store::FolderRow& row) {
  const std::size_t space = row.document.find(' ');
  if (space == std::string::npos) return {};
  const std::size_t mark = row.document.substr(0, space).find('@');
  FolderNote note{row.document.substr(space + 1), row.document.substr(0, std::min(mark, space)), {}};
  if (mark != std::string::npos) note.ids = row.document.substr(mark + 1, space - mark - 1);
  return note;
}

std::optional<store::ItemKey> member_of(const store::FolderRow& row) { return key_of(note_of(row).member); }

}  // namespace armarium::ingest
