#include "store/sql/reader.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "store/sql/rows.h"

namespace armarium::store::sql {
namespace {

#define ITEM_COLUMNS                                                                                                \
  "item.kind, item.identifier, item.folder, item.audience, item.label, item.nav_date, item.thumbnail, item.count, " \
  "item.complete, "                                                                                                 \
  "item.announced, item.revision, item.face_revision, item.first_page, item.document "
// The one rule of who sees what, in the query: ?1 says that the caller sees all.
#define VISIBLE "(?1 OR item.audience = '') "
constexpr int kItemColumns = 14;

bool sees_all(const base::Principal& who) { return who.tier == "system"; }

// Paths strictly below a folder lie in [path + '/', path + '0'): '0' follows '/'.
std::string lower_bound(std::string_view folder) { return folder.empty() ? std::string() : std::string(folder) + '/'; }
std::string upper_bound(std::string_view folder) {
  return folder.empty() ? std::string(8, '\xff') : std::string(folder) + '0';
}

ItemRow item_at(const Statement& row, int first = 0) {
  ItemRow item;
  item.key.kind = static_cast<Kind>(row.number_at(first));
  item.key.identifier = row.text_at(first + 1);
  item.folder = row.text_at(first + 2);
  item.audience = row.text_at(first + 3);
  item.label = row.text_at(first + 4);
  item.nav_date = row.text_at(first + 5);
  item.thumbnail = row.text_at(first + 6);
  item.count = row.number_at(first + 7);
  item.complete = row.number_at(first + 8) != 0;
  item.announced = row.number_at(first + 9) != 0;
  item.revision = row.number_at(first + 10);
  item.face_revision = row.number_at(first + 11);
  item.first_page = row.number_at(first + 12);
  item.document = row.text_at(first + 13);
  return item;
}

AssetRow asset_at(const Statement& row) {
  return {.identifier = row.text_at(0),
          .manifest = row.text_at(1),
          .path = row.text_at(2),
          .page = static_cast<std::uint32_t>(row.number_at(3)),
          .version = row.text_at(4),
          .state = static_cast<std::uint8_t>(row.number_at(5)),
          .problem = row.text_at(6),
          .document = row.text_at(7)};
}

FolderRow folder_at(const Statement& row) {
  return {.path = row.text_at(0),
          .parent = row.text_at(1),
          .inode = row.number_at(2),
          .token = row.text_at(3),
          .state = static_cast<std::uint8_t>(row.number_at(4)),
          .document = row.text_at(5)};
}

FileRow file_at(const Statement& row) {
  return {.path = row.text_at(0),
          .folder = row.text_at(1),
          .inode = row.number_at(2),
          .size = row.number_at(3),
          .token = row.text_at(4),
          .state = static_cast<std::uint8_t>(row.number_at(5)),
          .fingerprint = row.text_at(6),
          .document = row.text_at(7)};
}

ActivityRow activity_at(const Statement& s) {
  return {.number = s.number_at(0),
          .place = s.number_at(7),
          .type = static_cast<ActivityType>(s.number_at(1)),
          .item = {static_cast<Kind>(s.number_at(2)), s.text_at(3)},
          .target = s.text_at(4),
          .time = static_cast<std::int64_t>(s.number_at(5)),
          .revision = s.number_at(6),
          .document = s.text_at(8),
          .erased = s.number_at(9) != 0};
}

ProblemRow problem_at(const Statement& row) { return {row.text_at(0), row.text_at(1), row.text_at(2)}; }

constexpr std::string_view kFolder = "SELECT path, parent, inode, token, state, document FROM folder WHERE path = ?1";
constexpr std::string_view kFile = "path, folder, inode, size, token, state, fingerprint, document";

// Keys that one statement asks for; a set is asked for in as many statements as it takes, of one text.
constexpr std::size_t kTogether = 100;

// "?2, ?3, …": kTogether parameters from number `first` on.
std::string parameters_from(std::size_t first) {
  std::string list;
  for (std::size_t i = 0; i < kTogether; ++i) list += fmt::format("{}?{}", i == 0 ? "" : ", ", first + i);
  return list;
}

// Binds up to kTogether identifiers; the last one fills what is left.
template <class Key, class Name>
void bind_together(Statement& statement, std::span<const Key> keys, Name&& name) {
  for (std::size_t i = 0; i < kTogether; ++i) statement.text(name(keys[std::min(i, keys.size() - 1)]));
}

// Calls `ask` with parts of `keys`, none longer than kTogether.
template <class Key, class Ask>
base::Result<> in_parts(std::span<const Key> keys, Ask&& ask) {
  for (std::size_t at = 0; at < keys.size(); at += kTogether) {
    if (auto done = ask(keys.subspan(at, std::min(kTogether, keys.size() - at))); !done)
      return base::fail(std::move(done.error()));
  }
  return {};
}

const std::string& identifier_of(const ItemKey& key) { return key.identifier; }

std::vector<ItemKey> of_kind(std::span<const ItemKey> keys, Kind kind) {
  std::vector<ItemKey> found;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(found),
               [kind](const ItemKey& key) { return key.kind == kind; });
  return found;
}

}  // namespace

base::Result<std::optional<ItemRow>> SqlReader::item(const ItemKey& key, const base::Principal& who) const {
  return first(rows(
      connection_, "SELECT " ITEM_COLUMNS "FROM item WHERE " VISIBLE "AND kind = ?2 AND identifier = ?3",
      [&](Statement& s) { s.number(sees_all(who)).number(static_cast<std::uint64_t>(key.kind)).text(key.identifier); },
      [](const Statement& s) { return item_at(s); }));
}

base::Result<std::vector<ItemRow>> SqlReader::items(std::span<const ItemKey> keys, const base::Principal& who) const {
  static const std::string kSql =
      "SELECT " ITEM_COLUMNS "FROM item WHERE " VISIBLE "AND kind = ?2 AND identifier IN (" + parameters_from(3) + ")";
  std::map<ItemKey, ItemRow> there;
  for (const Kind kind : {Kind::manifest, Kind::collection}) {
    const std::vector<ItemKey> wanted = of_kind(keys, kind);
    auto asked = in_parts(std::span(wanted), [&](std::span<const ItemKey> part) -> base::Result<> {
      auto found = rows(
          connection_, kSql,
          [&](Statement& s) {
            s.number(sees_all(who)).number(static_cast<std::uint64_t>(kind));
            bind_together(s, part, identifier_of);
          },
          [](const Statement& s) { return item_at(s); });
      if (!found) return base::fail(std::move(found.error()));
      for (ItemRow& row : *found) {
        ItemKey key = row.key;
        there.emplace(std::move(key), std::move(row));
      }
      return {};
    });
    if (!asked) return base::fail(std::move(asked.error()));
  }
  std::vector<ItemRow> found;
  found.reserve(there.size());
  for (const ItemKey& key : keys) {
    if (const auto row = there.find(key); row != there.end()) found.push_back(row->second);
  }
  return found;
}

base::Result<std::vector<ItemRow>> SqlReader::items_after(const std::optional<ItemKey>& cursor, std::size_t limit,
                                                          const base::Principal& who) const {
  return rows(
      connection_,
      "SELECT " ITEM_COLUMNS "FROM item WHERE " VISIBLE
      "AND (kind, identifier) > (?2, ?3) ORDER BY kind, identifier LIMIT ?4",
      [&](Statement& s) {
        s.number(sees_all(who)).signed_number(cursor ? static_cast<std::int64_t>(cursor->kind) : -1);
        s.text(cursor ? std::string_view(cursor->identifier) : std::string_view()).number(limit);
      },
      [](const Statement& s) { return item_at(s); });
}

base::Result<std::vector<ItemRow>> SqlReader::items_of_folder(std::string_view folder) const {
  return rows(
      connection_, "SELECT " ITEM_COLUMNS "FROM item WHERE folder = ?1 ORDER BY kind, identifier",
      [&](Statement& s) { s.bytes(folder); }, [](const Statement& s) { return item_at(s); });
}

base::Result<std::uint64_t> SqlReader::count_items_below(std::string_view folder) const {
  const std::string low = lower_bound(folder);
  const std::string high = upper_bound(folder);
  auto found = rows(
      connection_, "SELECT count(*) FROM item WHERE folder = ?1 OR (folder >= ?2 AND folder < ?3)",
      [&](Statement& s) { s.bytes(folder).bytes(low).bytes(high); }, [](const Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->front();
}

base::Result<std::vector<MemberRow>> SqlReader::members(std::string_view collection, std::optional<std::uint64_t> after,
                                                        std::size_t limit, const base::Principal& who) const {
  return rows(
      connection_,
      "SELECT " ITEM_COLUMNS
      ", member.position FROM member JOIN item ON item.kind = member.kind AND item.identifier = member.identifier "
      "WHERE " VISIBLE "AND member.collection = ?2 AND member.position > ?3 ORDER BY member.position LIMIT ?4",
      [&](Statement& s) {
        s.number(sees_all(who))
            .text(collection)
            .signed_number(after ? static_cast<std::int64_t>(*after) : -1)
            .number(limit);
      },
      [](const Statement& s) {
        return MemberRow{s.number_at(kItemColumns), item_at(s)};
      });
}

base::Result<MemberSummary> SqlReader::member_summary(std::string_view collection, const base::Principal& who) const {
  auto found = rows(
      connection_,
      "SELECT count(*), coalesce(max(item.face_revision), 0) FROM member JOIN item ON item.kind = member.kind AND "
      "item.identifier = "
      "member.identifier WHERE " VISIBLE "AND member.collection = ?2",
      [&](Statement& s) { s.number(sees_all(who)).text(collection); },
      [](const Statement& s) {
        return MemberSummary{s.number_at(0), s.number_at(1)};
      });
  if (!found) return base::fail(std::move(found.error()));
  return found->front();
}

base::Result<std::vector<ItemKey>> SqlReader::member_keys(std::string_view collection) const {
  return rows(
      connection_, "SELECT kind, identifier FROM member WHERE collection = ?1 ORDER BY position",
      [&](Statement& s) { s.text(collection); },
      [](const Statement& s) {
        return ItemKey{static_cast<Kind>(s.number_at(0)), s.text_at(1)};
      });
}

base::Result<std::vector<ItemRow>> SqlReader::holders(const ItemKey& key, const base::Principal& who) const {
  return rows(
      connection_,
      "SELECT " ITEM_COLUMNS
      "FROM member CROSS JOIN item "  // SQLite keeps the order of a CROSS JOIN: else it may look through all collections
      "WHERE " VISIBLE
      "AND member.kind = ?2 AND member.identifier = ?3 AND item.kind = 1 AND item.identifier = member.collection "
      "ORDER BY member.collection",
      [&](Statement& s) { s.number(sees_all(who)).number(static_cast<std::uint64_t>(key.kind)).text(key.identifier); },
      [](const Statement& s) { return item_at(s); });
}

base::Result<std::vector<ItemRow>> SqlReader::holders_of(std::span<const ItemKey> keys) const {
  static const std::string kSql =
      "SELECT " ITEM_COLUMNS
      "FROM item WHERE kind = 1 AND identifier IN (SELECT collection FROM member WHERE kind = ?1 "
      "AND identifier IN (" +
      parameters_from(2) + "))";
  std::map<std::string, ItemRow> there;
  for (const Kind kind : {Kind::manifest, Kind::collection}) {
    const std::vector<ItemKey> wanted = of_kind(keys, kind);
    auto asked = in_parts(std::span(wanted), [&](std::span<const ItemKey> part) -> base::Result<> {
      auto found = rows(
          connection_, kSql,
          [&](Statement& s) {
            s.number(static_cast<std::uint64_t>(kind));
            bind_together(s, part, identifier_of);
          },
          [](const Statement& s) { return item_at(s); });
      if (!found) return base::fail(std::move(found.error()));
      for (ItemRow& row : *found) {
        std::string identifier = row.key.identifier;
        there.emplace(std::move(identifier), std::move(row));
      }
      return {};
    });
    if (!asked) return base::fail(std::move(asked.error()));
  }
  std::vector<ItemRow> found;
  found.reserve(there.size());
  for (auto& entry : there) found.push_back(std::move(entry.second));
  return found;
}

base::Result<std::string> SqlReader::first_thumbnail(std::string_view collection) const {
  auto found = rows(
      connection_,
      "SELECT item.thumbnail FROM member JOIN item ON item.kind = member.kind AND item.identifier = member.identifier "
      "WHERE member.collection = ?1 AND item.thumbnail <> '' ORDER BY member.position LIMIT 1",
      [&](Statement& s) { s.text(collection); }, [](const Statement& s) { return s.text_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->empty() ? std::string() : std::move(found->front());
}

base::Result<std::vector<CanvasRow>> SqlReader::canvases(std::string_view manifest) const {
  return rows(
      connection_, "SELECT identifier, document FROM canvas WHERE manifest = ?1 ORDER BY position",
      [&](Statement& s) { s.text(manifest); },
      [](const Statement& s) {
        return CanvasRow{s.text_at(0), s.text_at(1)};
      });
}

base::Result<std::vector<AssetRow>> SqlReader::assets(std::span<const std::string> identifiers) const {
  static const std::string kSql =
      "SELECT identifier, manifest, path, page, version, state, problem, document FROM asset WHERE identifier IN (" +
      parameters_from(1) + ")";
  std::vector<AssetRow> all;
  auto asked = in_parts(identifiers, [&](std::span<const std::string> part) -> base::Result<> {
    auto found = rows(
        connection_, kSql,
        [&](Statement& s) { bind_together(s, part, [](const std::string& name) { return std::string_view(name); }); },
        [](const Statement& s) { return asset_at(s); });
    if (!found) return base::fail(std::move(found.error()));
    std::move(found->begin(), found->end(), std::back_inserter(all));
    return {};
  });
  if (!asked) return base::fail(std::move(asked.error()));
  return all;
}

base::Result<std::vector<AssetRow>> SqlReader::assets_of(std::string_view manifest) const {
  return rows(
      connection_,
      "SELECT identifier, manifest, path, page, version, state, problem, document FROM asset WHERE manifest = ?1",
      [&](Statement& s) { s.text(manifest); }, [](const Statement& s) { return asset_at(s); });
}

base::Result<std::optional<AliasRow>> SqlReader::alias(std::string_view alias) const {
  return first(rows(
      connection_, "SELECT alias, identifier, origin FROM alias WHERE alias = ?1", [&](Statement& s) { s.text(alias); },
      [](const Statement& s) {
        return AliasRow{s.text_at(0), s.text_at(1), s.text_at(2)};
      }));
}

base::Result<std::vector<AliasRow>> SqlReader::aliases_from(std::string_view origin) const {
  return rows(
      connection_, "SELECT alias, identifier, origin FROM alias WHERE origin = ?1 ORDER BY alias",
      [&](Statement& s) { s.text(origin); },
      [](const Statement& s) {
        return AliasRow{s.text_at(0), s.text_at(1), s.text_at(2)};
      });
}

base::Result<bool> SqlReader::is_gone(const ItemKey& key) const {
  auto found = rows(
      connection_, "SELECT 1 FROM gone WHERE kind = ?1 AND identifier = ?2",
      [&](Statement& s) { s.number(static_cast<std::uint64_t>(key.kind)).text(key.identifier); },
      [](const Statement&) { return true; });
  if (!found) return base::fail(std::move(found.error()));
  return !found->empty();
}

base::Result<std::vector<ProblemRow>> SqlReader::problems(std::size_t limit) const {
  return rows(
      connection_, "SELECT path, place, reason FROM problem ORDER BY owner, part LIMIT ?1",
      [&](Statement& s) { s.number(limit); }, [](const Statement& s) { return problem_at(s); });
}

base::Result<std::uint64_t> SqlReader::count_problems() const {
  auto found = rows(
      connection_, "SELECT count(*) FROM problem", [](Statement&) {},
      [](const Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->front();
}

base::Result<std::vector<ProblemRow>> SqlReader::problems_of(std::string_view owner) const {
  return rows(
      connection_, "SELECT path, place, reason FROM problem WHERE owner = ?1 ORDER BY part",
      [&](Statement& s) { s.bytes(owner); }, [](const Statement& s) { return problem_at(s); });
}

base::Result<std::vector<ActivityRow>> SqlReader::activities(std::uint64_t after, std::size_t limit) const {
  return rows(
      connection_,
      "SELECT number, type, kind, identifier, target, time, revision, place, document, erased FROM activity WHERE "
      "number > ?1 ORDER BY number LIMIT ?2",
      [&](Statement& s) { s.number(after).number(limit); }, [](const Statement& s) { return activity_at(s); });
}

base::Result<std::vector<ActivityRow>> SqlReader::public_activities(std::uint64_t after, std::size_t limit) const {
  return rows(
      connection_,
      "SELECT number, type, kind, identifier, target, time, revision, place, document, erased FROM activity WHERE "
      "place > ?1 ORDER BY place LIMIT ?2",
      [&](Statement& s) { s.number(after).number(limit); }, [](const Statement& s) { return activity_at(s); });
}

base::Result<std::uint64_t> SqlReader::last_place() const {
  auto found = rows(
      connection_, "SELECT coalesce(max(place), 0) FROM activity", [](Statement&) {},
      [](const Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->front();
}

base::Result<std::uint64_t> SqlReader::last_place_of(const ItemKey& key) const {
  const auto kind = static_cast<std::uint64_t>(key.kind);
  auto found = rows(
      connection_,
      "SELECT coalesce(max(place), 0) FROM (SELECT max(place) AS place FROM activity WHERE identifier = ?1 AND kind = "
      "?2 "
      "AND erased = 0 UNION ALL SELECT max(place) FROM activity WHERE target = ?1 AND target <> '' AND kind = ?2 "
      "AND erased = 0) AS named",
      [&](Statement& s) { s.text(key.identifier).number(kind); }, [](const Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->front();
}

base::Result<std::optional<ContentStateRow>> SqlReader::content_state(std::string_view id) const {
  return first(rows(
      connection_, "SELECT id, document, who, time FROM content_state WHERE id = ?1", [&](Statement& s) { s.text(id); },
      [](const Statement& s) {
        return ContentStateRow{.id = s.text_at(0),
                               .document = s.text_at(1),
                               .who = s.text_at(2),
                               .time = static_cast<std::int64_t>(s.number_at(3))};
      }));
}

base::Result<std::optional<FolderRow>> SqlReader::folder(std::string_view path) const {
  return first(rows(
      connection_, kFolder, [&](Statement& s) { s.bytes(path); }, [](const Statement& s) { return folder_at(s); }));
}

base::Result<std::vector<FolderRow>> SqlReader::folders_in(std::string_view parent) const {
  // The root is its own parent.
  return rows(
      connection_,
      "SELECT path, parent, inode, token, state, document FROM folder WHERE parent = ?1 AND length(path) > 0 ORDER BY "
      "path",
      [&](Statement& s) { s.bytes(parent); }, [](const Statement& s) { return folder_at(s); });
}

base::Result<std::vector<FolderRow>> SqlReader::folders_below(std::string_view path, std::string_view cursor,
                                                              std::size_t limit) const {
  std::vector<FolderRow> found;
  const std::string low = std::max(lower_bound(path), std::string(cursor));
  const std::string high = upper_bound(path);
  if (cursor.empty() && limit > 0) {
    auto own = folder(path);
    if (!own) return base::fail(std::move(own.error()));
    if (*own) found.push_back(std::move(**own));
  }
  auto below = rows(
      connection_,
      "SELECT path, parent, inode, token, state, document FROM folder WHERE path > ?1 AND path < ?2 ORDER BY path "
      "LIMIT ?3",
      [&](Statement& s) { s.bytes(low).bytes(high).number(limit - found.size()); },
      [](const Statement& s) { return folder_at(s); });
  if (!below) return base::fail(std::move(below.error()));
  std::move(below->begin(), below->end(), std::back_inserter(found));
  return found;
}

base::Result<std::vector<FolderRow>> SqlReader::folders_by_inode(std::uint64_t inode) const {
  return rows(
      connection_, "SELECT path, parent, inode, token, state, document FROM folder WHERE inode = ?1 ORDER BY path",
      [&](Statement& s) { s.number(inode); }, [](const Statement& s) { return folder_at(s); });
}

base::Result<std::vector<FileRow>> SqlReader::files_in(std::string_view folder) const {
  static const std::string kSql = fmt::format("SELECT {} FROM file WHERE folder = ?1 ORDER BY path", kFile);
  return rows(
      connection_, kSql, [&](Statement& s) { s.bytes(folder); }, [](const Statement& s) { return file_at(s); });
}

base::Result<std::vector<FileRow>> SqlReader::files_by_inode(std::uint64_t inode, std::size_t limit) const {
  static const std::string kSql = fmt::format("SELECT {} FROM file WHERE inode = ?1 LIMIT ?2", kFile);
  return rows(
      connection_, kSql, [&](Statement& s) { s.number(inode).number(limit); },
      [](const Statement& s) { return file_at(s); });
}

base::Result<std::vector<FileRow>> SqlReader::files_like(std::uint64_t size, std::string_view fingerprint,
                                                         std::size_t limit) const {
  static const std::string kSql =
      fmt::format("SELECT {} FROM file WHERE size = ?1 AND fingerprint = ?2 LIMIT ?3", kFile);
  return rows(
      connection_, kSql, [&](Statement& s) { s.number(size).text(fingerprint).number(limit); },
      [](const Statement& s) { return file_at(s); });
}

base::Result<std::string> SqlReader::setting(std::string_view key) const {
  auto found = rows(
      connection_, "SELECT value FROM setting WHERE key = ?1", [&](Statement& s) { s.text(key); },
      [](const Statement& s) { return s.text_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->empty() ? std::string() : std::move(found->front());
}

}  // namespace armarium::store::sql
