#include "store/sql/migrations.h"

#include <array>

#include <fmt/format.h>

namespace armarium::store::sql {
namespace {

// Paths are BLOB: file names are bytes. Words as connection.h lists them: every database understands, or its driver translates. Never change a step that was
// released; add one.
constexpr std::array kSteps = {
    R"sql(
CREATE TABLE state(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES('revision', 0), ('next_page', 1);
CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE item(
  kind INTEGER NOT NULL, identifier TEXT NOT NULL, folder BLOB NOT NULL, audience TEXT NOT NULL, label TEXT NOT NULL,
  nav_date TEXT NOT NULL, thumbnail TEXT NOT NULL, count INTEGER NOT NULL, complete INTEGER NOT NULL, announced INTEGER NOT NULL,
  revision INTEGER NOT NULL, face_revision INTEGER NOT NULL, first_page INTEGER NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY(kind, identifier));
CREATE INDEX item_by_folder ON item(folder);
CREATE INDEX item_by_page ON item(first_page);
CREATE TABLE member(
  collection TEXT NOT NULL, position INTEGER NOT NULL, kind INTEGER NOT NULL, identifier TEXT NOT NULL,
  PRIMARY KEY(collection, position)) WITHOUT ROWID;
CREATE INDEX member_by_item ON member(kind, identifier);
CREATE TABLE canvas(
  manifest TEXT NOT NULL, position INTEGER NOT NULL, identifier TEXT NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY(manifest, position)) WITHOUT ROWID;
CREATE INDEX canvas_by_identifier ON canvas(identifier);
CREATE TABLE asset(
  identifier TEXT PRIMARY KEY, manifest TEXT NOT NULL, path BLOB NOT NULL, page INTEGER NOT NULL, version TEXT NOT NULL,
  state INTEGER NOT NULL, problem TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX asset_by_manifest ON asset(manifest);
CREATE TABLE alias(alias TEXT PRIMARY KEY, identifier TEXT NOT NULL, origin TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX alias_by_identifier ON alias(identifier);
CREATE TABLE gone(kind INTEGER NOT NULL, identifier TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY(kind, identifier)) WITHOUT ROWID;
CREATE TABLE activity(
  number INTEGER PRIMARY KEY, type INTEGER NOT NULL, kind INTEGER NOT NULL, identifier TEXT NOT NULL, target TEXT NOT NULL,
  time INTEGER NOT NULL, revision INTEGER NOT NULL);
CREATE TABLE problem(
  owner BLOB NOT NULL, part INTEGER NOT NULL, path BLOB NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(owner, part)) WITHOUT ROWID;
CREATE TABLE folder(
  path BLOB PRIMARY KEY, parent BLOB NOT NULL, inode INTEGER NOT NULL, token TEXT NOT NULL, state INTEGER NOT NULL, document TEXT NOT NULL);
CREATE INDEX folder_by_parent ON folder(parent);
CREATE INDEX folder_by_inode ON folder(inode);
CREATE TABLE file(
  path BLOB PRIMARY KEY, folder BLOB NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, token TEXT NOT NULL,
  state INTEGER NOT NULL, fingerprint TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX file_by_folder ON file(folder);
CREATE INDEX file_by_inode ON file(inode);
CREATE INDEX file_by_size ON file(size);
)sql",
    // Users and keys (store/accounts.h).
    R"sql(
CREATE TABLE account(
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, password TEXT NOT NULL, roles TEXT NOT NULL, created INTEGER NOT NULL,
  disabled INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE api_key(
  id TEXT PRIMARY KEY, hash TEXT NOT NULL, owner TEXT NOT NULL, scopes TEXT NOT NULL, created INTEGER NOT NULL,
  expires INTEGER NOT NULL, last_day INTEGER NOT NULL, revoked INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX api_key_by_owner ON api_key(owner);
CREATE TABLE failed_attempt(subject TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE account_constant(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql",
    // The change stream: the place of an activity among what everybody may know.
    R"sql(
ALTER TABLE activity ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN document TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
UPDATE activity SET place = number;
CREATE INDEX activity_by_place ON activity(place);
)sql",
    // What is written through the API, and its history.
    R"sql(
CREATE TABLE statement(
  kind INTEGER NOT NULL, identifier TEXT NOT NULL, origin TEXT NOT NULL, collection TEXT NOT NULL, place INTEGER NOT NULL,
  document TEXT NOT NULL, PRIMARY KEY(kind, identifier, origin)) WITHOUT ROWID;
CREATE INDEX statement_by_collection ON statement(origin, collection, place);
CREATE TABLE version(
  kind INTEGER NOT NULL, identifier TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, revision INTEGER NOT NULL,
  method TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY(kind, identifier, number)) WITHOUT ROWID;
CREATE INDEX version_by_writer ON version(who);
)sql",
    // Content states that people keep here.
    R"sql(
CREATE TABLE content_state(id TEXT PRIMARY KEY, document TEXT NOT NULL, who TEXT NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX content_state_by_writer ON content_state(who);
)sql",
    // Uncompressed pictures of one camera are all of one size: equal files are found by size and fingerprint.
    R"sql(
DROP INDEX file_by_size;
CREATE INDEX file_by_size ON file(size, fingerprint);
)sql",
    // What was taken down.
    R"sql(
CREATE TABLE takedown(
  identifier TEXT PRIMARY KEY, cause TEXT NOT NULL, folder BLOB NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL,
  time INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX takedown_by_cause ON takedown(cause);
)sql",
    // Who sent which file.
    R"sql(
CREATE TABLE sent_file(
  number INTEGER PRIMARY KEY, time INTEGER NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL, replaced INTEGER NOT NULL,
  who TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX sent_file_by_sender ON sent_file(who);
)sql",
    // What happened to an item last.
    R"sql(
CREATE INDEX activity_by_item ON activity(identifier, place);
CREATE INDEX activity_by_target ON activity(target, place) WHERE target <> '';
)sql",
};

tl::unexpected<base::Error> newer(int version) {
  return base::fail(base::ErrorCode::unsupported,
                    fmt::format("The state was written by a newer version of Armarium (schema {}, this program knows "
                                "{}): start that version, or use another state folder or database.",
                                version, schema_version()));
}

base::Result<> upgrade(Connection& connection, const KeepOld& keep) {
  // Asked again inside the transaction: another node may have been first.
  auto version = connection.schema_version();
  if (!version) return base::fail(std::move(version.error()));
  if (*version > schema_version()) return newer(*version);
  if (*version == schema_version()) return {};
  if (*version > 0) {
    if (auto kept = keep(*version); !kept) return kept;
  }
  return apply_steps(connection, *version, schema_version());
}

}  // namespace

int schema_version() noexcept { return static_cast<int>(kSteps.size()); }

base::Result<> apply_steps(Connection& connection, int from, int to) {
  for (int step = from; step < to; ++step) {
    if (auto done = connection.execute(kSteps[static_cast<std::size_t>(step)]); !done) return done;
  }
  return connection.set_schema_version(to);
}

base::Result<> migrate(Connection& connection, const KeepOld& keep) {
  auto version = connection.schema_version();
  if (!version) return base::fail(std::move(version.error()));
  if (*version > schema_version()) return newer(*version);
  if (*version == schema_version()) return {};
  if (auto begun = connection.begin(); !begun) return begun;
  auto done = upgrade(connection, keep);
  if (done) done = connection.commit();
  if (!done) connection.rollback();
  return done;
}

}  // namespace armarium::store::sql
