#include <stdlib.h>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "json/json.h"
#include "store/backup/backup.h"
#include "store/backup/contents.h"
#include "store/backup/tables.h"
#include "store/backup/tar_file.h"
#include "store/sql/migrations.h"
#include "store/sql/reader.h"
#include "store/sql/writer.h"
#include "store/sqlite/sqlite_store.h"
#include "store/state_folder.h"

namespace armarium::store::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestManifest = 64U << 20;
constexpr std::size_t kLargestFile = 1U << 30;

struct Found {
  Written written{};
  std::uint64_t rows = 0;
};
using Entries = std::map<std::string, Found, std::less<>>;

tl::unexpected<base::Error> damaged(const std::string& why) {
  return base::fail(base::ErrorCode::corrupt, fmt::format("The file is no whole backup: {}.", why));
}

std::uint64_t number_of(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_uint64()) return value->get_uint64();
  return value->is_int64() && value->get_int64() > 0 ? static_cast<std::uint64_t>(value->get_int64()) : 0;
}

// Reads an entry to its end; of a table the lines after the first are rows.
base::Result<Found> read_entry(TarReader& tar, bool is_table) {
  std::uint64_t lines = 0;
  for (;;) {
    auto piece = tar.piece();
    if (!piece) return base::fail(std::move(piece.error()));
    if (piece->empty()) break;
    lines += static_cast<std::uint64_t>(std::count(piece->begin(), piece->end(), '\n'));
  }
  return Found{tar.read(), is_table && lines > 0 ? lines - 1 : 0};
}

base::Result<Summary> agree(const json::Object& manifest, const Entries& found) {
  if (json::text_of(manifest, "format") != kFormat) return damaged("its manifest says that it is something else");
  Summary summary;
  summary.schema = static_cast<int>(number_of(manifest, "schema"));
  summary.revision = number_of(manifest, "revision");
  if (number_of(manifest, "version") > kFormatVersion || summary.schema > sql::schema_version()) {
    return base::fail(
        base::ErrorCode::unsupported,
        fmt::format("The backup was written by a newer version of Armarium (schema {}, this program knows {}).",
                    summary.schema, sql::schema_version()));
  }
  const json::Value* list = manifest.if_contains("entries");
  if (list == nullptr || !list->is_array() || list->get_array().size() != found.size() || summary.schema < 1)
    return damaged("its manifest does not name what is in it");
  for (const json::Value& value : list->get_array()) {
    if (!value.is_object()) return damaged("its manifest is not understood");
    const json::Object& entry = value.get_object();
    const std::string name(json::text_of(entry, "name"));
    const auto there = found.find(name);
    if (there == found.end()) return damaged(fmt::format("{} is missing", name));
    const auto& [written, rows] = there->second;
    if (written.bytes != number_of(entry, "bytes") || written.hash != json::text_of(entry, "xxh128") ||
        rows != number_of(entry, "rows"))
      return damaged(fmt::format("{} is not what was written", name));
    const bool is_table = !table_in(name).empty();
    ++(is_table ? summary.tables : summary.files);
    summary.rows += rows;
    summary.bytes += written.bytes;
  }
  return summary;
}

base::Result<> fill_tables(sql::Connection& connection, const fs::path& file) {
  auto tar = TarReader::open(file);
  if (!tar) return base::fail(std::move(tar.error()));
  auto known = connection.tables();
  if (!known) return base::fail(std::move(known.error()));
  for (;;) {
    auto name = (*tar)->next();
    if (!name) return base::fail(std::move(name.error()));
    if (!*name) return {};
    const std::string table(table_in(**name));
    if (table.empty()) continue;
    // The name goes into SQL: only one that the schema has.
    if (std::find(known->begin(), known->end(), table) == known->end())
      return damaged(fmt::format("there is no table \"{}\" in its schema", table));
    if (auto filled = fill(connection, table, **tar); !filled) return base::fail(std::move(filled.error()));
  }
}

base::Result<> put_files(const fs::path& data, const fs::path& file) {
  auto tar = TarReader::open(file);
  if (!tar) return base::fail(std::move(tar.error()));
  for (;;) {
    auto name = (*tar)->next();
    if (!name) return base::fail(std::move(name.error()));
    if (!*name) return {};
    if (!(*name)->starts_with(kFiles) || !is_kept_file(std::string_view(**name).substr(kFiles.size()))) continue;
    auto content = (*tar)->whole(kLargestFile);
    if (!content) return base::fail(std::move(content.error()));
    const fs::path path = data / (*name)->substr(kFiles.size());
    std::error_code ignored;
    fs::create_directories(path.parent_path(), ignored);
    if (auto written = write_file(path, *content); !written) return written;
  }
}

}  // namespace

base::Result<Summary> check(const fs::path& file) {
  auto tar = TarReader::open(file);
  if (!tar) return base::fail(std::move(tar.error()));
  Entries found;
  for (;;) {
    auto name = (*tar)->next();
    if (!name) return base::fail(std::move(name.error()));
    if (!*name) return damaged("its manifest is missing");
    if (**name == kManifest) break;
    auto entry = read_entry(**tar, !table_in(**name).empty());
    if (!entry) return base::fail(std::move(entry.error()));
    if (!found.emplace(**name, std::move(*entry)).second) return damaged(fmt::format("{} is in it twice", **name));
  }
  auto text = (*tar)->whole(kLargestManifest);
  if (!text) return base::fail(std::move(text.error()));
  auto manifest = json::parse(*text);
  if (!manifest || !manifest->is_object()) return damaged("its manifest is not understood");
  return agree(manifest->get_object(), found);
}

base::Result<Summary> restore(Store& store, const fs::path& data, const fs::path& file, const Steps& steps) {
  auto checked = check(file);
  if (!checked) return checked;
  const std::uint64_t revision = checked->revision;
  auto replaced = store.replace_all([&](sql::Connection& connection) -> base::Result<> {
    if (steps.before) {
      if (auto done = steps.before(sql::SqlReader(connection, revision)); !done) return done;
    }
    if (auto empty = make_empty(connection, checked->schema); !empty) return empty;
    if (auto filled = fill_tables(connection, file); !filled) return filled;
    if (auto done = sql::apply_steps(connection, checked->schema, sql::schema_version()); !done) return done;
    for (const auto& step : steps.after) {
      auto batch = sql::made_by(step, sql::SqlReader(connection, revision));
      if (!batch) return base::fail(std::move(batch.error()));
      if (auto done = sql::apply_batch(connection, *batch, revision); !done) return done;
    }
    return {};
  });
  if (!replaced) return base::fail(std::move(replaced.error()));
  if (auto put = put_files(data, file); !put) return base::fail(std::move(put.error()));
  checked->revision = *replaced;
  return checked;
}

base::Result<Summary> verify(const fs::path& file) {
  auto checked = check(file);
  if (!checked) return checked;
  std::string pattern = (fs::temp_directory_path() / "armarium-verify-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return base::fail(base::ErrorCode::io, "There is no temporary folder to try the backup in.");
  const fs::path folder = pattern;
  auto tried = [&]() -> base::Result<Summary> {
    auto store = open_sqlite(folder / "armarium.sqlite");
    if (!store) return base::fail(std::move(store.error()));
    auto restored = restore(**store, folder / "data", file);
    if (!restored) return restored;
    auto again = write(**store, folder / "data", folder / "again.tar");
    if (!again) return again;
    // A row that was in it twice, or does not come out again, would show here.
    if (checked->schema == again->schema && again->rows != checked->rows)
      return damaged(fmt::format("of {} rows {} come out again", checked->rows, again->rows));
    return checked;
  }();
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return tried;
}

}  // namespace armarium::store::backup
