#include "store/sql/migrations_test.h"

#include <stdlib.h>

#include "store/sql/migrations.h"
#include "store/sql/rows.h"

namespace armarium::store::sql {
namespace {

// Schema 1 as it was released, and one item, its canvas, a folder with a name that is no UTF-8, and two activities.
constexpr const char* kSchema1 = R"sql(
CREATE TABLE state(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
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
INSERT INTO state VALUES('revision', 7), ('next_page', 4);
INSERT INTO item VALUES(0, 'a~b', 'a/b', '', '{}', '', '', 3, 1, 1, 7, 6, 1, '{}');
INSERT INTO canvas VALUES('a~b', 0, 'a~b~1', '{}');
INSERT INTO activity VALUES(1, 0, 0, 'a~b', '', 1700000000000, 6), (2, 1, 0, 'a~b', '', 1700000000001, 7);
)sql";

std::uint64_t count(Connection& connection, std::string_view sql) {
  auto found = rows(
      connection, sql, [](Statement&) {}, [](const Statement& s) { return s.number_at(0); });
  EXPECT_TRUE(found) << found.error().detail;
  return found && !found->empty() ? found->front() : 0;
}

}  // namespace

void UpgradeTest::SetUp() {
  std::string pattern = (std::filesystem::temp_directory_path() / "armarium-upgrade-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  auto connection = GetParam().connect(folder_);
  if (!connection && connection.error().code == base::ErrorCode::not_found) GTEST_SKIP() << connection.error().message;
  ASSERT_TRUE(connection) << connection.error().detail;
}

void UpgradeTest::TearDown() { std::filesystem::remove_all(folder_); }

void UpgradeTest::leave_schema_1(const std::string& more) {
  auto connection = GetParam().connect(folder_);
  ASSERT_TRUE(connection) << connection.error().detail;
  for (const std::string& sql : {std::string(kSchema1), more}) {
    auto done = (*connection)->execute(sql);
    ASSERT_TRUE(done) << done.error().detail;
  }
  ASSERT_TRUE((*connection)->set_schema_version(1));
}

TEST_P(UpgradeTest, BringsUpAnOldSchemaAndKeepsItBefore) {
  leave_schema_1();
  {
    auto store = GetParam().open(folder_);
    ASSERT_TRUE(store) << store.error().message << store.error().detail;
    EXPECT_EQ((*store)->revision(), 7U);
    auto read = (*store)->read();
    ASSERT_TRUE(read);
    const auto item = (*read)->item({Kind::manifest, "a~b"}, base::Principal::public_visitor());
    ASSERT_TRUE(item && *item);
    EXPECT_EQ((*item)->face_revision, 6U);
    EXPECT_EQ((*read)->canvases("a~b")->size(), 1U);
    EXPECT_EQ((*read)->activities(0, 10)->size(), 2U);
  }
  auto now = GetParam().connect(folder_);
  EXPECT_EQ((*now)->schema_version().value_or(0), schema_version());
  auto kept = GetParam().connect_kept(folder_);
  ASSERT_TRUE(kept) << kept.error().detail;
  EXPECT_EQ(count(**kept, "SELECT count(*) FROM activity"), 2U);
  EXPECT_EQ(count(**kept, "SELECT value FROM state WHERE key = 'revision'"), 7U);
  ASSERT_TRUE((*kept)->columns("activity"));
  EXPECT_EQ((*kept)->columns("activity")->size(), 7U) << "as it was";
}

TEST_P(UpgradeTest, ChangesNothingWhenAStepFails) {
  leave_schema_1("CREATE TABLE api_key(something TEXT);");  // in the way of step 2, whose first table can be made
  auto refused = GetParam().open(folder_);
  ASSERT_FALSE(refused);
  auto connection = GetParam().connect(folder_);
  EXPECT_EQ((*connection)->schema_version().value_or(0), 1);
  const auto tables = (*connection)->tables();
  ASSERT_TRUE(tables);
  EXPECT_EQ(std::count(tables->begin(), tables->end(), "account"), 0);
  ASSERT_TRUE((*connection)->execute("DROP TABLE api_key"));
  connection->reset();
  EXPECT_TRUE(GetParam().open(folder_));
}

TEST_P(UpgradeTest, TheOldSchemaHereIsWhatTheStepsMake) {
  leave_schema_1();
  auto by_hand = GetParam().connect(folder_);
  std::vector<std::vector<std::string>> columns(2);
  const auto note = [&](std::vector<std::string>& into, Connection& connection) {
    const auto tables = connection.tables();
    ASSERT_TRUE(tables);
    for (const std::string& table : *tables) {
      const auto found = connection.columns(table);
      ASSERT_TRUE(found);
      for (const Column& column : *found)
        into.push_back(table + "." + column.name + std::to_string(static_cast<int>(column.type)) +
                       std::to_string(column.key));
      ASSERT_TRUE(connection.execute("DROP TABLE " + table));
    }
  };
  note(columns[0], **by_hand);
  ASSERT_TRUE(apply_steps(**by_hand, 0, 1));
  note(columns[1], **by_hand);
  EXPECT_EQ(columns[0], columns[1]);
  EXPECT_EQ(columns[0].front(), "activity.number01");
}

}  // namespace armarium::store::sql
