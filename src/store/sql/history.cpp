// Reads of what was written through the API: statements, versions, files that were sent.

#include "store/sql/reader.h"
#include "store/sql/rows.h"

namespace armarium::store::sql {
namespace {

void bind(Statement& s, const ItemKey& key) { s.number(static_cast<std::uint64_t>(key.kind)).text(key.identifier); }

// Without the content, which is the last column where it is asked for.
VersionRow version_at(const ItemKey& key, const Statement& s) {
  return {.item = key,
          .number = s.number_at(0),
          .time = static_cast<std::int64_t>(s.number_at(1)),
          .revision = s.number_at(2),
          .method = s.text_at(3),
          .who = s.text_at(4),
          .why = s.text_at(5),
          .media_type = s.text_at(6)};
}

}  // namespace

base::Result<std::vector<StatementRow>> SqlReader::statements(const ItemKey& key) const {
  return rows(
      connection_,
      "SELECT origin, collection, document FROM statement WHERE kind = ?1 AND identifier = ?2 ORDER BY origin",
      [&](Statement& s) { bind(s, key); },
      [&](const Statement& s) {
        return StatementRow{key, s.text_at(0), s.text_at(1), s.text_at(2)};
      });
}

base::Result<std::optional<std::uint64_t>> SqlReader::statement_place(const ItemKey& key,
                                                                      std::string_view origin) const {
  return first(rows(
      connection_, "SELECT place FROM statement WHERE kind = ?1 AND identifier = ?2 AND origin = ?3",
      [&](Statement& s) {
        bind(s, key);
        s.text(origin);
      },
      [](const Statement& s) { return s.number_at(0); }));
}

base::Result<std::vector<ItemKey>> SqlReader::written_in(std::string_view collection) const {
  // An item that also has a folder hangs where its folder lies.
  return rows(
      connection_,
      "SELECT statement.kind, statement.identifier FROM statement JOIN item ON item.kind = statement.kind AND "
      "item.identifier = statement.identifier WHERE statement.origin = 'written' AND statement.collection = ?1 AND "
      "item.folder = ?2 ORDER BY statement.place, statement.kind, statement.identifier",
      [&](Statement& s) { s.text(collection).bytes(kNoFolder); },
      [](const Statement& s) {
        return ItemKey{static_cast<Kind>(s.number_at(0)), s.text_at(1)};
      });
}

base::Result<std::vector<VersionRow>> SqlReader::versions(const ItemKey& key, std::uint64_t after,
                                                          std::size_t limit) const {
  return rows(
      connection_,
      "SELECT number, time, revision, method, who, why, media_type FROM version WHERE kind = ?1 AND identifier = ?2 "
      "AND number > ?3 ORDER BY number LIMIT ?4",
      [&](Statement& s) {
        bind(s, key);
        s.number(after).number(limit);
      },
      [&](const Statement& s) { return version_at(key, s); });
}

base::Result<std::optional<VersionRow>> SqlReader::version(const ItemKey& key, std::uint64_t number) const {
  return first(rows(
      connection_,
      "SELECT number, time, revision, method, who, why, media_type, content FROM version WHERE kind = ?1 AND "
      "identifier = ?2 AND number = ?3",
      [&](Statement& s) {
        bind(s, key);
        s.number(number);
      },
      [&](const Statement& s) {
        VersionRow row = version_at(key, s);
        row.content = s.text_at(7);
        return row;
      }));
}

base::Result<std::vector<SentFileRow>> SqlReader::sent_files(std::uint64_t after, std::size_t limit) const {
  return rows(
      connection_,
      "SELECT number, time, path, size, replaced, who FROM sent_file WHERE number > ?1 ORDER BY number LIMIT ?2",
      [&](Statement& s) { s.number(after).number(limit); },
      [](const Statement& s) {
        return SentFileRow{.number = s.number_at(0),
                           .time = static_cast<std::int64_t>(s.number_at(1)),
                           .path = s.text_at(2),
                           .size = s.number_at(3),
                           .replaced = s.number_at(4) != 0,
                           .who = s.text_at(5)};
      });
}

}  // namespace armarium::store::sql
