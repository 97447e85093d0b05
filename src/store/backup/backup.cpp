#include "store/backup/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "base/timestamp.h"
#include "json/json.h"
#include "store/backup/contents.h"
#include "store/backup/tables.h"
#include "store/backup/tar_file.h"

namespace armarium::store::backup {
namespace {

namespace fs = std::filesystem;

// Writes the entries and remembers them for the manifest.
class BackupWriter {
 public:
  explicit BackupWriter(TarWriter& tar) : tar_(tar) {}
  base::Result<> table(sql::Connection& connection, const std::string& name);
  base::Result<> file(const fs::path& path, const std::string& name);
  base::Result<> manifest(int schema, std::uint64_t revision);
  Summary summary{};

 private:
  base::Result<> note(const std::string& name, std::uint64_t rows);
  TarWriter& tar_;
  json::Array entries_;
};

base::Result<> BackupWriter::note(const std::string& name, std::uint64_t rows) {
  auto written = tar_.end();
  if (!written) return base::fail(std::move(written.error()));
  entries_.push_back(
      json::Object{{"name", name}, {"bytes", written->bytes}, {"xxh128", written->hash}, {"rows", rows}});
  summary.bytes += written->bytes;
  summary.rows += rows;
  return {};
}

base::Result<> BackupWriter::table(sql::Connection& connection, const std::string& name) {
  const std::string entry = std::string(kTables) + name + std::string(kLines);
  if (auto begun = tar_.begin(entry); !begun) return begun;
  auto rows = lines_of(connection, name, [&](std::string_view lines) { return tar_.append(lines); });
  if (!rows) return base::fail(std::move(rows.error()));
  ++summary.tables;
  return note(entry, *rows);
}

base::Result<> BackupWriter::file(const fs::path& path, const std::string& name) {
  const File in(std::fopen(path.c_str(), "rbe"));
  if (!in) return {};  // gone meanwhile
  if (auto begun = tar_.begin(std::string(kFiles) + name); !begun) return begun;
  std::string piece(256U << 10, '\0');
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), in.get())) {
    if (auto done = tar_.append(std::string_view(piece).substr(0, count)); !done) return done;
  }
  if (std::ferror(in.get()) != 0)
    return base::fail(base::ErrorCode::io, fmt::format("A file of the state cannot be read: {}.", name));
  ++summary.files;
  return note(std::string(kFiles) + name, 0);
}

base::Result<> BackupWriter::manifest(int schema, std::uint64_t revision) {
  summary.schema = schema;
  summary.revision = revision;
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const json::Object manifest{{"format", kFormat},    {"version", kFormatVersion},   {"schema", schema},
                              {"revision", revision}, {"made", base::utc_text(now)}, {"entries", entries_}};
  if (auto begun = tar_.begin(kManifest); !begun) return begun;
  if (auto done = tar_.append(json::to_pretty_text(manifest)); !done) return done;
  auto ended = tar_.end();
  if (!ended) return base::fail(std::move(ended.error()));
  return tar_.finish();
}

base::Result<> write_files(BackupWriter& writer, const fs::path& data) {
  std::error_code failed;
  if (!fs::exists(data, failed)) return {};
  for (fs::recursive_directory_iterator at(data, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().lexically_relative(data).string();
    if (!at->is_regular_file() || at->is_symlink() || !is_kept_file(name)) continue;
    if (auto done = writer.file(at->path(), name); !done) return done;
  }
  if (failed) return base::fail(base::ErrorCode::io, "The files of the state cannot be listed.", failed.message());
  return {};
}

base::Result<Summary> write_to(const Store& store, const fs::path& data, const fs::path& file) {
  auto tar = TarWriter::create(file);
  if (!tar) return base::fail(std::move(tar.error()));
  BackupWriter writer(**tar);
  auto done = store.with_snapshot([&](sql::Connection& connection, Revision revision) -> base::Result<> {
    auto schema = connection.schema_version();
    if (!schema) return base::fail(std::move(schema.error()));
    auto tables = connection.tables();
    if (!tables) return base::fail(std::move(tables.error()));
    for (const std::string& table : *tables) {
      if (auto written = writer.table(connection, table); !written) return written;
    }
    if (auto written = write_files(writer, data); !written) return written;
    return writer.manifest(*schema, revision);
  });
  if (!done) return base::fail(std::move(done.error()));
  return writer.summary;
}

}  // namespace

base::Result<Summary> write(const Store& store, const fs::path& data, const fs::path& file) {
  std::error_code ignored;
  if (fs::exists(file, ignored))
    return base::fail(base::ErrorCode::conflict, "That file is there already; a backup replaces none.");
  const fs::path beside = file.string() + ".part";
  auto summary = write_to(store, data, beside);
  if (summary && ::rename(beside.c_str(), file.c_str()) != 0)
    summary = base::fail(base::ErrorCode::io, fmt::format("The backup cannot be named: {}.", std::strerror(errno)));
  if (!summary) {
    fs::remove(beside, ignored);
    return summary;
  }
  const int folder = ::open(fs::absolute(file).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);  // the name survives a loss of power too
    ::close(folder);
  }
  return summary;
}

}  // namespace armarium::store::backup
