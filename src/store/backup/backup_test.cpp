#include "store/backup/backup.h"

#include <stdlib.h>

#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "json/json.h"
#include "store/backup/contents.h"
#include "store/backup/row_text.h"
#include "store/backup/tables.h"
#include "store/backup/tar_file.h"
#include "store/postgres/own_server_test.h"
#include "store/postgres/postgres_accounts.h"
#include "store/postgres/postgres_store.h"
#include "store/sql/migrations.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_accounts.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::store::backup {
namespace {

namespace fs = std::filesystem;

enum class Kept { sqlite, postgres };

// Backups from one database, restored into another.
class BackupTest : public testing::TestWithParam<std::pair<Kept, Kept>> {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "armarium-backup-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    fs::create_directories(folder_ / "data" / "deep");
    for (const Kept kept : {GetParam().first, GetParam().second}) {
      if (kept != Kept::postgres || postgres::OwnServer::shared()) continue;
      GTEST_SKIP() << postgres::OwnServer::shared().error().message;
    }
    from_ = open(GetParam().first, "from");
    to_ = open(GetParam().second, "to");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string url(const std::string& name) const {
    return (*postgres::OwnServer::shared())->url("b_" + base::hash_hex((folder_ / name).string()).substr(0, 16));
  }
  std::unique_ptr<Store> open(Kept kept, const std::string& name) const {
    auto store = kept == Kept::sqlite ? open_sqlite(folder_ / (name + ".sqlite")) : open_postgres(url(name));
    EXPECT_TRUE(store) << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }
  std::unique_ptr<Accounts> accounts(Kept kept, const std::string& name) const {
    auto made =
        kept == Kept::sqlite ? open_sqlite_accounts(folder_ / (name + ".sqlite")) : open_postgres_accounts(url(name));
    EXPECT_TRUE(made) << made.error().detail;
    return made ? std::move(*made) : nullptr;
  }
  void fill(Store& store, const std::string& label);
  // The entries of a backup, without what a restore renews.
  static std::map<std::string, std::string> entries(const fs::path& file);

  fs::path folder_;
  std::unique_ptr<Store> from_;
  std::unique_ptr<Store> to_;
};

void BackupTest::fill(Store& store, const std::string& label) {
  Batch batch;
  std::vector<ItemKey> keys;
  for (int i = 0; i < 4500; ++i) {  // more than are asked for at once
    ItemRow row;
    row.key = {Kind::manifest, fmt::format("m{}", i)};
    row.label = fmt::format(R"({{"none":["{} \"{}\" Ωmega 🎻"]}})", label, i);
    row.folder = fmt::format("f\xff/{}", i);
    keys.push_back(row.key);
    batch.activities.push_back({.item = row.key});
    batch.items.push_back(std::move(row));
  }
  batch.members = {{"", keys}};
  batch.files = {{.path = "\xc3\x28\n\t", .folder = "", .inode = ~0ULL, .size = 5},
                 {.path = "\xed\xa0\x80", .folder = ""}};
  batch.settings = {{"k", "line 1\nline 2\x01"}, {"empty", ""}};
  auto written = store.write([&](const Reader&) -> base::Result<Batch> { return batch; });
  ASSERT_TRUE(written) << written.error().detail;
}

std::map<std::string, std::string> BackupTest::entries(const fs::path& file) {
  std::map<std::string, std::string> all;
  auto tar = TarReader::open(file);
  EXPECT_TRUE(tar);
  for (;;) {
    auto name = (*tar)->next();
    EXPECT_TRUE(name);
    if (!name || !*name) return all;
    auto text = (*tar)->whole(1U << 30);
    EXPECT_TRUE(text);
    if (**name != kManifest && **name != "tables/state.jsonl" && **name != "tables/item.jsonl")
      all.emplace(**name, *text);
  }
}

TEST_P(BackupTest, MovesEverything) {
  fill(*from_, "new");
  fill(*to_, "old, and to be replaced");
  ASSERT_TRUE(accounts(GetParam().first, "from")->add_user({.id = "1", .name = "ada", .password = "$argon2id$"}));
  ASSERT_TRUE(accounts(GetParam().second, "to")->add_user({.id = "2", .name = "bob"}));
  std::ofstream(folder_ / "data" / "deep" / "upload.bin") << "bytes";
  std::ofstream(folder_ / "data" / "armarium.sqlite-wal") << "not this";
  const auto written = write(*from_, folder_ / "data", folder_ / "a.tar");
  ASSERT_TRUE(written) << written.error().message << written.error().detail;
  EXPECT_EQ(written->files, 1U);
  EXPECT_GT(written->rows, 3U * 4500);
  EXPECT_EQ(fs::status(folder_ / "a.tar").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto verified = verify(folder_ / "a.tar");
  ASSERT_TRUE(verified) << verified.error().message << verified.error().detail;
  EXPECT_EQ(verified->rows, written->rows);

  const Revision before = to_->revision();
  auto snapshot = to_->read();
  const auto restored = restore(*to_, folder_ / "other", folder_ / "a.tar");
  ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
  EXPECT_GT(to_->revision(), std::max(before, from_->revision())) << "no cache may take it for what it knows";
  EXPECT_NE((*(*snapshot)->item({Kind::manifest, "m7"}, base::Principal::system()))->label.find("old"),
            std::string::npos)
      << "who reads is not disturbed";
  snapshot->reset();
  const auto item = (*to_->read())->item({Kind::manifest, "m7"}, base::Principal::system());
  EXPECT_EQ((*item)->label, R"({"none":["new \"7\" Ωmega 🎻"]})");
  EXPECT_EQ((*item)->folder, "f\xff/7");
  EXPECT_EQ((*item)->revision, to_->revision());
  EXPECT_TRUE(accounts(GetParam().second, "to")->user("ada")->has_value());
  EXPECT_FALSE(accounts(GetParam().second, "to")->user("bob")->has_value());
  std::string upload;
  std::ifstream(folder_ / "other" / "deep" / "upload.bin") >> upload;
  EXPECT_EQ(upload, "bytes");

  ASSERT_TRUE(write(*to_, folder_ / "other", folder_ / "b.tar"));
  EXPECT_EQ(entries(folder_ / "a.tar"), entries(folder_ / "b.tar"));
  const auto next = to_->write([](const Reader&) -> base::Result<Batch> {
    return Batch{.activities = {{.item = {Kind::manifest, "x"}}}};
  });
  EXPECT_TRUE(next);
  EXPECT_EQ((*to_->read())->activities(4499, 10)->back().number, 4501U);
}

TEST_P(BackupTest, ADamagedFileIsRefusedAndNothingChanges) {
  auto small = from_->write([](const Reader&) -> base::Result<Batch> { return Batch{.settings = {{"k", "v"}}}; });
  ASSERT_TRUE(small);
  ASSERT_TRUE(write(*from_, folder_ / "data", folder_ / "a.tar"));
  EXPECT_TRUE(verify(folder_ / "a.tar")) << "without any file, too";
  ASSERT_TRUE(to_->write([](const Reader&) -> base::Result<Batch> { return Batch{.settings = {{"k", "stays"}}}; }));
  EXPECT_EQ(write(*from_, folder_ / "data", folder_ / "a.tar").error().code, base::ErrorCode::conflict)
      << "replaces none";
  std::ifstream in(folder_ / "a.tar", std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto refused = [&](const std::string& bytes, std::size_t at) {
    std::ofstream(folder_ / "b.tar", std::ios::binary) << bytes;
    auto checked = restore(*to_, folder_ / "other", folder_ / "b.tar");
    EXPECT_FALSE(checked) << "byte " << at;
    if (checked) return;
    EXPECT_EQ(checked.error().code, base::ErrorCode::corrupt) << checked.error().message;
  };
  for (std::size_t length = 0; length + 1024 < whole.size(); length += 977) refused(whole.substr(0, length), length);
  for (std::size_t at = whole.find("[\"k\""); at < whole.find("[\"k\"") + 8; ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    refused(bytes, at);
  }
  EXPECT_EQ((*to_->read())->setting("k").value_or(""), "stays");
  EXPECT_FALSE(fs::exists(folder_ / "other"));
}

// What the program of schema 1 would have written.
void write_old(const fs::path& folder, const fs::path& file, int schema_said) {
  auto connection = sqlite::Connection::open((folder / "old.sqlite").string(), false);
  ASSERT_TRUE(connection);
  ASSERT_TRUE(sql::apply_steps(**connection, 0, 1));
  ASSERT_TRUE((*connection)
                  ->execute("UPDATE state SET value = 40 WHERE key = 'revision'; INSERT INTO activity VALUES(1, 0, 0, "
                            "'a', '', 1700000000000, 40); INSERT INTO alias VALUES('old', 'a', 'id')"));
  auto tar = TarWriter::create(file);
  ASSERT_TRUE(tar);
  json::Array entries;
  const auto tables = (*connection)->tables();
  ASSERT_TRUE(tables);
  for (const std::string& table : *tables) {
    const std::string name = "tables/" + table + ".jsonl";
    ASSERT_TRUE((*tar)->begin(name));
    const auto rows = lines_of(**connection, table, [&](std::string_view lines) { return (*tar)->append(lines); });
    ASSERT_TRUE(rows);
    const auto written = (*tar)->end();
    entries.push_back(
        json::Object{{"name", name}, {"bytes", written->bytes}, {"xxh128", written->hash}, {"rows", *rows}});
  }
  ASSERT_TRUE((*tar)->begin("manifest.json"));
  ASSERT_TRUE((*tar)->append(json::to_text(json::Object{{"format", "armarium-backup"},
                                                        {"version", 1},
                                                        {"schema", schema_said},
                                                        {"revision", 40},
                                                        {"entries", entries}})));
  ASSERT_TRUE((*tar)->end());
  ASSERT_TRUE((*tar)->finish());
}

TEST_P(BackupTest, AnOldOneComesInAtItsSchemaAndIsBroughtUp) {
  fill(*to_, "to be replaced");
  write_old(folder_, folder_ / "old.tar", 1);
  const auto verified = verify(folder_ / "old.tar");
  EXPECT_TRUE(verified) << verified.error().message << verified.error().detail;
  const auto restored = restore(*to_, folder_ / "other", folder_ / "old.tar");
  ASSERT_TRUE(restored) << restored.error().message << restored.error().detail;
  EXPECT_GT(to_->revision(), 40U);
  const auto read = to_->read();
  ASSERT_TRUE(read);
  EXPECT_EQ((*(*read)->alias("old"))->identifier, "a");
  EXPECT_EQ((*read)->activities(0, 10)->size(), 1U);
  EXPECT_EQ((*read)->last_place().value_or(0), 1U) << "the later steps saw the rows";
  EXPECT_FALSE((*read)->item({Kind::manifest, "m7"}, base::Principal::system())->has_value());
}

TEST_P(BackupTest, ANewerOneIsRefused) {
  fs::remove(folder_ / "old.sqlite");
  write_old(folder_, folder_ / "new.tar", sql::schema_version() + 1);
  const auto restored = restore(*to_, folder_ / "other", folder_ / "new.tar");
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, base::ErrorCode::unsupported);
}

TEST_P(BackupTest, OneThatSaysAnotherSchemaThanItHasIsRefusedAndNothingChanges) {
  fill(*to_, "stays");
  write_old(folder_, folder_ / "wrong.tar", sql::schema_version());
  const auto restored = restore(*to_, folder_ / "other", folder_ / "wrong.tar");
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, base::ErrorCode::corrupt) << restored.error().detail;
  EXPECT_TRUE((*to_->read())->item({Kind::manifest, "m7"}, base::Principal::system())->has_value());
}

INSTANTIATE_TEST_SUITE_P(Ways, BackupTest,
                         testing::Values(std::pair(Kept::sqlite, Kept::sqlite), std::pair(Kept::sqlite, Kept::postgres),
                                         std::pair(Kept::postgres, Kept::sqlite),
                                         std::pair(Kept::postgres, Kept::postgres)));

TEST(BackupContents, OnlyPlainPathsComeOut) {
  EXPECT_TRUE(is_kept_file("uploads/a.tif"));
  for (const char* wrong : {"", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "armarium.sqlite",
                            "armarium.sqlite-shm", "armarium-schema-3.sqlite", "database"})
    EXPECT_FALSE(is_kept_file(wrong)) << wrong;
  EXPECT_EQ(table_in("tables/item.jsonl"), "item");
  EXPECT_EQ(table_in("tables/.jsonl"), "");
  EXPECT_EQ(table_in("data/item.jsonl"), "");
}

TEST(BackupRows, RefusesWhatDoesNotFit) {
  const std::vector<sql::Column> columns = {{"a", sql::ColumnType::integer, 1}, {"b", sql::ColumnType::blob, 0}};
  EXPECT_TRUE(row_of(R"([-5,"x"])", columns));
  EXPECT_EQ(std::get<std::string>((*row_of(R"([1,{"hex":"ff00"}])", columns))[1]), std::string("\xff\0", 2));
  for (const char* wrong : {"", "{}", "[1]", "[1,2]", R"(["1","x"])", R"([1,"x",2])", R"([1,{"hex":"f"}])",
                            R"([1,{"hex":"zz"}])", R"([1.5,"x"])", R"([1,null])"})
    EXPECT_FALSE(row_of(wrong, columns)) << wrong;
}

}  // namespace
}  // namespace armarium::store::backup
