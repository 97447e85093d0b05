// Reads of what was taken down, and of what has to go with it.

#include <algorithm>
#include <array>
#include <string>

#include "store/sql/reader.h"
#include "store/sql/rows.h"

namespace armarium::store::sql {
namespace {

// The identifiers that a name covers: itself (?1), those in [?2, ?3) and those in [?4, ?5). Identifiers are ordered by bytes.
#define NAMED(column) \
  "(" column " = ?1 OR (" column " >= ?2 AND " column " < ?3) OR (" column " >= ?4 AND " column " < ?5))"

void bind_named(Statement& s, std::string_view identifier, std::array<std::string, 4>& bounds) {
  bounds = {std::string(identifier) + '~', std::string(identifier) + '\x7F', std::string(identifier) + '=',
            std::string(identifier) + '>'};
  s.text(identifier);
  for (const std::string& bound : bounds) s.text(bound);
}

}  // namespace

base::Result<std::vector<ContentStateRow>> SqlReader::content_states_after(std::string_view id,
                                                                           std::size_t limit) const {
  return rows(
      connection_, "SELECT id, document, who, time FROM content_state WHERE id > ?1 ORDER BY id LIMIT ?2",
      [&](Statement& s) { s.text(id).number(limit); },
      [](const Statement& s) {
        return ContentStateRow{.id = s.text_at(0),
                               .document = s.text_at(1),
                               .who = s.text_at(2),
                               .time = static_cast<std::int64_t>(s.number_at(3))};
      });
}

base::Result<std::vector<TakedownRow>> SqlReader::takedowns() const {
  return rows(
      connection_, "SELECT identifier, cause, folder, reason, who, time FROM takedown ORDER BY identifier",
      [](Statement&) {},
      [](const Statement& s) {
        return TakedownRow{.identifier = s.text_at(0),
                           .cause = s.text_at(1),
                           .folder = s.text_at(2),
                           .reason = s.text_at(3),
                           .who = s.text_at(4),
                           .time = static_cast<std::int64_t>(s.number_at(5))};
      });
}

base::Result<std::vector<ItemKey>> SqlReader::items_named(std::string_view identifier) const {
  std::array<std::string, 4> bounds;
  return rows(
      connection_, "SELECT kind, identifier FROM item WHERE " NAMED("identifier") " ORDER BY kind, identifier",
      [&](Statement& s) { bind_named(s, identifier, bounds); },
      [](const Statement& s) {
        return ItemKey{static_cast<Kind>(s.number_at(0)), s.text_at(1)};
      });
}

base::Result<std::vector<AssetRow>> SqlReader::assets_named(std::string_view identifier) const {
  std::array<std::string, 4> bounds;
  auto names = rows(
      connection_, "SELECT identifier FROM asset WHERE " NAMED("identifier") " ORDER BY identifier",
      [&](Statement& s) { bind_named(s, identifier, bounds); }, [](const Statement& s) { return s.text_at(0); });
  if (!names) return base::fail(std::move(names.error()));
  auto found = assets(*names);
  if (!found) return found;
  std::sort(found->begin(), found->end(),
            [](const AssetRow& a, const AssetRow& b) { return a.identifier < b.identifier; });
  return found;
}

base::Result<std::vector<std::string>> SqlReader::holders_of_canvases_named(std::string_view identifier) const {
  std::array<std::string, 4> bounds;
  return rows(
      connection_, "SELECT DISTINCT manifest FROM canvas WHERE " NAMED("identifier") " ORDER BY manifest",
      [&](Statement& s) { bind_named(s, identifier, bounds); }, [](const Statement& s) { return s.text_at(0); });
}

base::Result<std::vector<AliasRow>> SqlReader::aliases_to(std::string_view identifier) const {
  return rows(
      connection_, "SELECT alias, identifier, origin FROM alias WHERE identifier = ?1 ORDER BY alias",
      [&](Statement& s) { s.text(identifier); },
      [](const Statement& s) {
        return AliasRow{s.text_at(0), s.text_at(1), s.text_at(2)};
      });
}

base::Result<std::vector<ItemKey>> SqlReader::written_items() const {
  return rows(
      connection_, "SELECT kind, identifier FROM statement WHERE origin = 'written' ORDER BY kind, identifier",
      [](Statement&) {},
      [](const Statement& s) {
        return ItemKey{static_cast<Kind>(s.number_at(0)), s.text_at(1)};
      });
}

}  // namespace armarium::store::sql
