#include "store/sql/writer.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include "store/sql/reader.h"
#include "store/sql/rows.h"

namespace armarium::store::sql {
namespace {

std::uint64_t as_number(Kind kind) { return static_cast<std::uint64_t>(kind); }

std::int64_t now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

const std::string kState = upsert("state", "key", "value");
const std::string kItem = upsert("item", "kind, identifier",
                                 "folder, audience, label, nav_date, thumbnail, count, complete, announced, revision, "
                                 "face_revision, first_page, document");
const std::string kMember = upsert("member", "collection, position", "kind, identifier");
const std::string kCanvas = upsert("canvas", "manifest, position", "identifier, document");
const std::string kAsset = upsert("asset", "identifier", "manifest, path, page, version, state, problem, document");
const std::string kAlias = upsert("alias", "alias", "identifier, origin");
const std::string kGone = upsert("gone", "kind, identifier", "time");
const std::string kFolder = upsert("folder", "path", "parent, inode, token, state, document");
const std::string kFile = upsert("file", "path", "folder, inode, size, token, state, fingerprint, document");
const std::string kStatement = upsert("statement", "kind, identifier, origin", "collection, place, document");
const std::string kSetting = upsert("setting", "key", "value");
const std::string kTakedown = upsert("takedown", "identifier", "cause, folder, reason, who, time");
const std::string kContentState = upsert("content_state", "id", "document, who, time");

// Keeps the first error and skips what follows it, so that a list of writes reads as one.
class Writer {
 public:
  Writer(Connection& connection, Revision revision) : connection_(connection), revision_(revision) {}
  base::Result<> result() && { return std::move(result_); }

  template <class Bind>
  void run(std::string_view sql, Bind&& bind) {
    if (!result_) return;
    auto statement = connection_.prepare(sql);
    if (!statement) {
      result_ = base::fail(std::move(statement.error()));
      return;
    }
    bind(*statement);
    result_ = statement->run();
  }

  void item(const ItemRow& row);
  void remove_item(const ItemKey& key);
  void members(const std::string& collection, const std::vector<ItemKey>& list);
  void canvases(const std::string& manifest, const std::vector<CanvasRow>& list);
  void asset(const AssetRow& row);
  void activities(const std::vector<ActivityRow>& list);
  void erase(const ItemKey& key);
  void problems(const std::string& owner, const std::vector<ProblemRow>& list);
  void statement(const StatementRow& row);
  void version(const VersionRow& row);
  void move_versions(const ItemKey& from, const ItemKey& to);
  void folder(const FolderRow& row);
  void file(const FileRow& row);

 private:
  std::uint64_t state(std::string_view key);
  std::uint64_t last_version(const ItemKey& key);
  std::uint64_t new_block(std::uint64_t pages);

  Connection& connection_;
  Revision revision_;
  base::Result<> result_;
};

std::uint64_t Writer::state(std::string_view key) {
  if (!result_) return 0;
  auto statement = connection_.prepare("SELECT value FROM state WHERE key = ?1");
  if (!statement) {
    result_ = base::fail(std::move(statement.error()));
    return 0;
  }
  statement->text(key);
  auto row = statement->step();
  if (!row) result_ = base::fail(std::move(row.error()));
  return row && *row ? statement->number_at(0) : 0;
}

std::uint64_t Writer::new_block(std::uint64_t pages) {
  const std::uint64_t first = state("next_page");
  run("UPDATE state SET value = ?1 WHERE key = 'next_page'", [&](Statement& s) { s.number(first + pages); });
  return first;
}

void Writer::item(const ItemRow& row) {
  std::uint64_t first_page = row.first_page;
  if (first_page == 0 && row.key.kind == Kind::manifest && row.count > 0) first_page = new_block(row.count);
  run(kItem, [&](Statement& s) {
    s.number(as_number(row.key.kind))
        .text(row.key.identifier)
        .bytes(row.folder)
        .text(row.audience)
        .text(row.label)
        .text(row.nav_date);
    s.text(row.thumbnail).number(row.count).number(row.complete).number(row.announced);
    s.number(row.revision == 0 ? revision_ : row.revision)
        .number(row.face_revision == 0 ? revision_ : row.face_revision);
    s.number(first_page).text(row.document);
  });
}

void Writer::remove_item(const ItemKey& key) {
  const auto by_key = [&](Statement& s) { s.number(as_number(key.kind)).text(key.identifier); };
  const auto by_identifier = [&](Statement& s) { s.text(key.identifier); };
  run("DELETE FROM item WHERE kind = ?1 AND identifier = ?2", by_key);
  run("DELETE FROM member WHERE kind = ?1 AND identifier = ?2", by_key);
  if (key.kind == Kind::collection) {
    run("DELETE FROM member WHERE collection = ?1", by_identifier);
  } else {
    run("DELETE FROM canvas WHERE manifest = ?1", by_identifier);
    run("DELETE FROM asset WHERE manifest = ?1", by_identifier);
  }
}

// Writes only the places that differ: a list of 100,000 that grew at its end costs one row.
void Writer::members(const std::string& collection, const std::vector<ItemKey>& list) {
  std::vector<bool> same(list.size(), false);
  if (!result_) return;
  {
    auto statement = connection_.prepare("SELECT position, kind, identifier FROM member WHERE collection = ?1");
    if (!statement) {
      result_ = base::fail(std::move(statement.error()));
      return;
    }
    statement->text(collection);
    for (;;) {
      auto row = statement->step();
      if (!row) result_ = base::fail(std::move(row.error()));
      if (!row || !*row) break;
      const std::uint64_t place = statement->number_at(0);
      if (place < list.size())
        same[place] = list[place] == ItemKey{static_cast<Kind>(statement->number_at(1)), statement->text_at(2)};
    }
  }
  run("DELETE FROM member WHERE collection = ?1 AND position >= ?2",
      [&](Statement& s) { s.text(collection).number(list.size()); });
  for (std::size_t place = 0; place < list.size(); ++place) {
    if (same[place]) continue;
    run(kMember, [&](Statement& s) {
      s.text(collection).number(place).number(as_number(list[place].kind)).text(list[place].identifier);
    });
  }
}

void Writer::canvases(const std::string& manifest, const std::vector<CanvasRow>& list) {
  auto before = SqlReader(connection_, revision_).canvases(manifest);
  if (!before) {
    if (result_) result_ = base::fail(std::move(before.error()));
    return;
  }
  for (std::size_t place = 0; place < list.size(); ++place) {
    if (place < before->size() && (*before)[place] == list[place]) continue;
    run(kCanvas,
        [&](Statement& s) { s.text(manifest).number(place).text(list[place].identifier).text(list[place].document); });
  }
  if (before->size() > list.size()) {
    run("DELETE FROM canvas WHERE manifest = ?1 AND position >= ?2",
        [&](Statement& s) { s.text(manifest).number(list.size()); });
  }
}

void Writer::asset(const AssetRow& row) {
  run(kAsset, [&](Statement& s) {
    s.text(row.identifier)
        .text(row.manifest)
        .bytes(row.path)
        .number(row.page)
        .text(row.version)
        .number(row.state)
        .text(row.problem);
    s.text(row.document);
  });
}

void Writer::activities(const std::vector<ActivityRow>& list) {
  if (list.empty() || !result_) return;
  struct Last {
    std::uint64_t number = 0;
    std::uint64_t place = 0;
    std::int64_t time = 0;
  };
  auto found = rows(
      connection_,
      "SELECT coalesce(max(number), 0), (SELECT coalesce(max(place), 0) FROM activity), "
      "(SELECT time FROM activity ORDER BY number DESC LIMIT 1) FROM activity",
      [](Statement&) {},
      [](const Statement& s) {
        return Last{s.number_at(0), s.number_at(1), static_cast<std::int64_t>(s.number_at(2))};
      });
  if (!found) {
    result_ = base::fail(std::move(found.error()));
    return;
  }
  Last last = found->front();
  last.time = std::max(last.time, now());  // a clock that was set back does not put the log out of order
  for (const ActivityRow& activity : list) {
    ++last.number;
    if (activity.place != 0) ++last.place;
    run("INSERT INTO activity(number, type, kind, identifier, target, time, revision, place, document, erased) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
        [&](Statement& s) {
          s.number(last.number).number(static_cast<std::uint64_t>(activity.type)).number(as_number(activity.item.kind));
          s.text(activity.item.identifier).text(activity.target).signed_number(last.time).number(revision_);
          s.number(activity.place != 0 ? last.place : 0).text(activity.document);
        });
  }
}

void Writer::erase(const ItemKey& key) {
  run("UPDATE activity SET identifier = '', target = '', document = '', erased = 1 WHERE kind = ?1 AND type <> 4 AND "
      "(identifier = ?2 OR (type = 3 AND target = ?2))",
      [&](Statement& s) { s.number(as_number(key.kind)).text(key.identifier); });
}

void Writer::problems(const std::string& owner, const std::vector<ProblemRow>& list) {
  run("DELETE FROM problem WHERE owner = ?1", [&](Statement& s) { s.bytes(owner); });
  std::uint64_t part = 0;
  for (const ProblemRow& problem : list) {
    run("INSERT INTO problem VALUES(?1, ?2, ?3, ?4, ?5)", [&](Statement& s) {
      s.bytes(owner).number(part++).bytes(problem.path).text(problem.where).text(problem.reason);
    });
  }
}

void Writer::statement(const StatementRow& row) {
  // Its place is when it came: the revision of its first write, which a later one keeps.
  std::uint64_t place = revision_;
  auto before = SqlReader(connection_, revision_).statement_place(row.item, row.origin);
  if (!before) {
    if (result_) result_ = base::fail(std::move(before.error()));
    return;
  }
  if (*before) place = **before;
  run(kStatement, [&](Statement& s) {
    s.number(as_number(row.item.kind)).text(row.item.identifier).text(row.origin);
    s.text(row.collection).number(place).text(row.document);
  });
}

std::uint64_t Writer::last_version(const ItemKey& key) {
  if (!result_) return 0;
  auto found = rows(
      connection_, "SELECT coalesce(max(number), 0) FROM version WHERE kind = ?1 AND identifier = ?2",
      [&](Statement& s) { s.number(as_number(key.kind)).text(key.identifier); },
      [](const Statement& s) { return s.number_at(0); });
  if (!found) result_ = base::fail(std::move(found.error()));
  return found ? found->front() : 0;
}

void Writer::version(const VersionRow& row) {
  const std::uint64_t number = last_version(row.item) + 1;
  run("INSERT INTO version(kind, identifier, number, time, revision, method, who, why, media_type, content) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      [&](Statement& s) {
        s.number(as_number(row.item.kind)).text(row.item.identifier).number(number).signed_number(now());
        s.number(revision_).text(row.method).text(row.who).text(row.why).text(row.media_type).bytes(row.content);
      });
}

void Writer::move_versions(const ItemKey& from, const ItemKey& to) {
  const std::uint64_t last = last_version(to);
  run("UPDATE version SET kind = ?1, identifier = ?2, number = number + ?3 WHERE kind = ?4 AND identifier = ?5",
      [&](Statement& s) {
        s.number(as_number(to.kind)).text(to.identifier).number(last);
        s.number(as_number(from.kind)).text(from.identifier);
      });
}

void Writer::folder(const FolderRow& row) {
  run(kFolder, [&](Statement& s) {
    s.bytes(row.path).bytes(row.parent).number(row.inode).text(row.token).number(row.state).text(row.document);
  });
}

void Writer::file(const FileRow& row) {
  run(kFile, [&](Statement& s) {
    s.bytes(row.path)
        .bytes(row.folder)
        .number(row.inode)
        .number(row.size)
        .text(row.token)
        .number(row.state)
        .text(row.fingerprint);
    s.text(row.document);
  });
}

}  // namespace

base::Result<Revision> renew_revision(Connection& connection, Revision known) {
  auto stored = rows(
      connection, "SELECT value FROM state WHERE key = 'revision'", [](Statement&) {},
      [](const Statement& s) { return s.number_at(0); });
  if (!stored) return base::fail(std::move(stored.error()));
  const Revision revision = std::max(known, stored->empty() ? 0 : stored->front()) + 1;
  Writer writer(connection, revision);
  writer.run(kState, [&](Statement& s) { s.text("revision").number(revision); });
  writer.run("UPDATE item SET revision = ?1, face_revision = ?2",
             [&](Statement& s) { s.number(revision).number(revision); });
  if (auto done = std::move(writer).result(); !done) return base::fail(std::move(done.error()));
  return revision;
}

base::Result<> apply_batch(Connection& connection, const Batch& batch, Revision revision) {
  Writer writer(connection, revision);
  for (const std::string& alias : batch.removed_aliases) {
    writer.run("DELETE FROM alias WHERE alias = ?1", [&](Statement& s) { s.text(alias); });
  }
  for (const ItemKey& key : batch.removed_items) writer.remove_item(key);
  for (const std::string& asset : batch.removed_assets) {
    writer.run("DELETE FROM asset WHERE identifier = ?1", [&](Statement& s) { s.text(asset); });
  }
  for (const ItemRow& row : batch.items) writer.item(row);
  for (const auto& [collection, list] : batch.members) writer.members(collection, list);
  for (const auto& [manifest, list] : batch.canvases) writer.canvases(manifest, list);
  for (const AssetRow& row : batch.assets) writer.asset(row);
  for (const AliasRow& row : batch.aliases) {
    writer.run(kAlias, [&](Statement& s) { s.text(row.alias).text(row.identifier).text(row.origin); });
  }
  for (const ItemKey& key : batch.not_gone) {
    writer.run("DELETE FROM gone WHERE kind = ?1 AND identifier = ?2",
               [&](Statement& s) { s.number(as_number(key.kind)).text(key.identifier); });
  }
  for (const ItemKey& key : batch.gone) {
    writer.run(kGone, [&](Statement& s) { s.number(as_number(key.kind)).text(key.identifier).signed_number(now()); });
  }
  for (const auto& removed : batch.removed_statements) {
    writer.run("DELETE FROM statement WHERE kind = ?1 AND identifier = ?2 AND origin = ?3", [&](Statement& s) {
      s.number(as_number(removed.first.kind)).text(removed.first.identifier).text(removed.second);
    });
  }
  for (const StatementRow& row : batch.statements) writer.statement(row);
  for (const ItemKey& key : batch.forgotten_versions) {
    writer.run("DELETE FROM version WHERE kind = ?1 AND identifier = ?2",
               [&](Statement& s) { s.number(as_number(key.kind)).text(key.identifier); });
  }
  for (const auto& [from, to] : batch.moved_versions) writer.move_versions(from, to);
  for (const VersionRow& row : batch.versions) writer.version(row);
  for (const ItemKey& key : batch.erased) writer.erase(key);
  writer.activities(batch.activities);
  for (const auto& [owner, list] : batch.problems) writer.problems(owner, list);
  for (const std::string& path : batch.removed_folders) {
    writer.run("DELETE FROM file WHERE folder = ?1", [&](Statement& s) { s.bytes(path); });
    writer.run("DELETE FROM problem WHERE owner = ?1", [&](Statement& s) { s.bytes(path); });
    writer.run("DELETE FROM folder WHERE path = ?1", [&](Statement& s) { s.bytes(path); });
  }
  for (const std::string& path : batch.removed_files)
    writer.run("DELETE FROM file WHERE path = ?1", [&](Statement& s) { s.bytes(path); });
  for (const FolderRow& row : batch.folders) writer.folder(row);
  for (const FileRow& row : batch.files) writer.file(row);
  for (const auto& setting : batch.settings) {
    writer.run(kSetting, [&](Statement& s) { s.text(setting.first).text(setting.second); });
  }
  for (const ContentStateRow& row : batch.content_states) {
    writer.run(kContentState,
               [&](Statement& s) { s.text(row.id).text(row.document).text(row.who).signed_number(now()); });
  }
  for (const std::string& id : batch.removed_content_states)
    writer.run("DELETE FROM content_state WHERE id = ?1", [&](Statement& s) { s.text(id); });
  for (const SentFileRow& row : batch.sent_files) {
    writer.run(
        "INSERT INTO sent_file(number, time, path, size, replaced, who) "
        "SELECT coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4, ?5 FROM sent_file",
        [&](Statement& s) {
          s.signed_number(now()).bytes(row.path).number(row.size).number(row.replaced ? 1 : 0).text(row.who);
        });
  }
  for (const std::string& cause : batch.lifted)
    writer.run("DELETE FROM takedown WHERE cause = ?1", [&](Statement& s) { s.text(cause); });
  for (const TakedownRow& row : batch.takedowns) {
    writer.run(kTakedown, [&](Statement& s) {
      s.text(row.identifier).text(row.cause).bytes(row.folder).text(row.reason).text(row.who);
      s.signed_number(row.time == 0 ? now() : row.time);
    });
  }
  writer.run("UPDATE state SET value = ?1 WHERE key = 'revision'", [&](Statement& s) { s.number(revision); });
  return std::move(writer).result();
}

base::Result<Batch> made_by(const std::function<base::Result<Batch>(const Reader&)>& body, const Reader& before) {
  try {
    return body(before);
  } catch (const std::exception& thrown) {
    return base::fail(base::ErrorCode::internal, "The request failed.", thrown.what());
  }
}

}  // namespace armarium::store::sql
