#include "store/sqlite/sqlite_store.h"

#include <atomic>
#include <mutex>

#include "store/sql/migrations.h"
#include "store/sql/reader.h"
#include "store/sql/rows.h"
#include "store/sql/writer.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/keep_old.h"

namespace armarium::store {
namespace {

using sql::SqlReader;
using sqlite::Connection;

constexpr std::size_t kKeptReaders = 8;

base::Result<Revision> stored_revision(Connection& connection) {
  auto found = sql::rows(
      connection, "SELECT value FROM state WHERE key = 'revision'", [](sql::Statement&) {},
      [](const sql::Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->empty() ? 0 : found->front();
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string file, std::unique_ptr<Connection> writer, Revision revision)
      : file_(std::move(file)), writer_(std::move(writer)), revision_(revision) {}

  base::Result<std::unique_ptr<Reader>> read() const override;
  base::Result<Revision> write(const std::function<base::Result<Batch>(const Reader&)>& body,
                               Durability durability) override;
  base::Result<> with_snapshot(const std::function<base::Result<>(sql::Connection&, Revision)>& body) const override;
  base::Result<Revision> replace_all(const std::function<base::Result<>(sql::Connection&)>& body) override;
  Revision revision() const noexcept override { return revision_.load(); }

  base::Result<std::unique_ptr<Connection>> take() const;
  void give_back(std::unique_ptr<Connection> connection) const;

 private:
  base::Result<Revision> inside(const std::function<base::Result<Batch>(const Reader&)>& body, bool& erases);

  base::Result<> sync_as(Durability durability);

  std::string file_;
  std::mutex writing_;
  Durability durability_ = Durability::synced;
  std::unique_ptr<Connection> writer_;
  std::atomic<Revision> revision_;
  mutable std::mutex pool_;
  mutable std::vector<std::unique_ptr<Connection>> idle_;
};

// A Reader that holds a pooled connection inside a read transaction.
class PooledReader final : public SqlReader {
 public:
  PooledReader(const SqliteStore& store, std::unique_ptr<Connection> connection, Revision revision)
      : SqlReader(*connection, revision), store_(store), owned_(std::move(connection)) {}
  ~PooledReader() override {
    if (owned_->execute("COMMIT")) store_.give_back(std::move(owned_));
  }

 private:
  const SqliteStore& store_;
  std::unique_ptr<Connection> owned_;
};

base::Result<std::unique_ptr<Connection>> SqliteStore::take() const {
  {
    const std::lock_guard lock(pool_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return Connection::open(file_, true);
}

void SqliteStore::give_back(std::unique_ptr<Connection> connection) const {
  const std::lock_guard lock(pool_);
  if (idle_.size() < kKeptReaders) idle_.push_back(std::move(connection));
}

base::Result<std::unique_ptr<Reader>> SqliteStore::read() const {
  auto connection = take();
  if (!connection) return base::fail(std::move(connection.error()));
  if (auto begun = (*connection)->execute("BEGIN"); !begun) return base::fail(std::move(begun.error()));
  auto revision = stored_revision(**connection);  // takes the snapshot
  if (!revision) return base::fail(std::move(revision.error()));
  return std::make_unique<PooledReader>(*this, std::move(*connection), *revision);
}

// The log is synced with each commit, or with the next that is, or when it is written back.
base::Result<> SqliteStore::sync_as(Durability durability) {
  if (durability == durability_) return {};
  auto set =
      writer_->execute(durability == Durability::synced ? "PRAGMA synchronous = EXTRA" : "PRAGMA synchronous = NORMAL");
  if (set) durability_ = durability;
  return set;
}

base::Result<Revision> SqliteStore::inside(const std::function<base::Result<Batch>(const Reader&)>& body,
                                           bool& erases) {
  const Revision before = revision_.load();
  auto batch = sql::made_by(body, SqlReader(*writer_, before));
  if (!batch) return base::fail(std::move(batch.error()));
  if (batch->empty()) return before;
  erases = batch->erases();
  const Revision after = batch->publishes() ? before + 1 : before;
  if (auto applied = sql::apply_batch(*writer_, *batch, after); !applied) return base::fail(std::move(applied.error()));
  return after;
}

base::Result<Revision> SqliteStore::write(const std::function<base::Result<Batch>(const Reader&)>& body,
                                          Durability durability) {
  const std::lock_guard lock(writing_);
  if (auto set = sync_as(durability); !set) return base::fail(std::move(set.error()));
  if (auto begun = writer_->begin(); !begun) return base::fail(std::move(begun.error()));
  bool erases = false;
  auto after = inside(body, erases);
  if (after) {
    if (auto committed = writer_->commit(); !committed) after = base::fail(std::move(committed.error()));
  }
  if (!after) {
    writer_->rollback();
    return after;
  }
  revision_.store(*after);
  if (erases) writer_->forget_log();
  return after;
}

base::Result<> SqliteStore::with_snapshot(const std::function<base::Result<>(sql::Connection&, Revision)>& body) const {
  auto connection = Connection::open(file_, true);
  if (!connection) return base::fail(std::move(connection.error()));
  if (auto begun = (*connection)->execute("BEGIN"); !begun) return begun;
  auto revision = stored_revision(**connection);  // takes the snapshot
  if (!revision) return base::fail(std::move(revision.error()));
  return body(**connection, *revision);
}

base::Result<Revision> SqliteStore::replace_all(const std::function<base::Result<>(sql::Connection&)>& body) {
  const std::lock_guard lock(writing_);
  if (auto set = sync_as(Durability::synced); !set) return base::fail(std::move(set.error()));
  if (auto begun = writer_->begin(); !begun) return base::fail(std::move(begun.error()));
  auto done = body(*writer_);
  auto revision = done ? sql::renew_revision(*writer_, revision_.load()) : base::fail(std::move(done.error()));
  if (revision) {
    if (auto committed = writer_->commit(); !committed) revision = base::fail(std::move(committed.error()));
  }
  if (!revision) {
    writer_->rollback();
    return revision;
  }
  revision_.store(*revision);
  writer_->forget_log();  // what it held for a moment may have been taken down
  return revision;
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file) {
  auto writer = Connection::open(file.string(), false);
  if (!writer) return base::fail(std::move(writer.error()));
  // The log is synced with each commit; and, before there is a log, so is the folder when the journal of its making goes (ADR 0015).
  for (const char* pragma :
       {"PRAGMA synchronous = EXTRA", "PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON",
        "PRAGMA cache_size = -64000", "PRAGMA secure_delete = ON", "PRAGMA journal_size_limit = 67108864"}) {
    if (auto done = (*writer)->execute(pragma); !done) return base::fail(std::move(done.error()));
  }
  if (auto done = sql::migrate(**writer, [&](int version) { return sqlite::keep_old(file, version); }); !done)
    return base::fail(std::move(done.error()));
  auto revision = stored_revision(**writer);
  if (!revision) return base::fail(std::move(revision.error()));
  return std::make_unique<SqliteStore>(file.string(), std::move(*writer), *revision);
}

}  // namespace armarium::store
