#include "store/postgres/postgres_store.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "store/postgres/follower.h"
#include "store/postgres/pool.h"
#include "store/postgres/setup.h"
#include "store/sql/reader.h"
#include "store/sql/rows.h"
#include "store/sql/writer.h"

namespace armarium::store {
namespace {

using postgres::Connection;
using postgres::Pool;

base::Result<Revision> stored_revision(Connection& connection) {
  auto found = sql::rows(
      connection, "SELECT value FROM state WHERE key = 'revision'", [](sql::Statement&) {},
      [](const sql::Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  if (found->empty()) return base::fail(base::ErrorCode::corrupt, "The server's database is damaged.", "no revision");
  return found->front();
}

class PostgresStore final : public Store {
 public:
  PostgresStore(postgres::Address address, std::unique_ptr<Connection> writer)
      : pool_(std::move(address)),
        writer_(std::move(writer)),
        follower_(pool_, pool_.address().schema, [this](std::string_view told) { hear(told); }) {}

  base::Result<std::unique_ptr<Reader>> read() const override;
  base::Result<Revision> write(const std::function<base::Result<Batch>(const Reader&)>& body,
                               Durability durability) override;
  base::Result<> with_snapshot(const std::function<base::Result<>(sql::Connection&, Revision)>& body) const override;
  base::Result<Revision> replace_all(const std::function<base::Result<>(sql::Connection&)>& body) override;
  Revision revision() const noexcept override { return revision_.load(); }

 private:
  void follow(Revision found) const noexcept;
  void hear(std::string_view told) const;
  base::Result<Revision> inside(const std::function<base::Result<Batch>(const Reader&)>& body, Durability durability);

  mutable Pool pool_;
  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  mutable std::atomic<Revision> revision_ = 0;
  postgres::Follower follower_;  // ends first
};

// A Reader that holds a pooled connection inside its snapshot.
class PooledReader final : public sql::SqlReader {
 public:
  PooledReader(Pool& pool, std::unique_ptr<Connection> connection, Revision revision)
      : SqlReader(*connection, revision), pool_(pool), owned_(std::move(connection)) {}
  ~PooledReader() override { pool_.give_back(std::move(owned_)); }

 private:
  Pool& pool_;
  std::unique_ptr<Connection> owned_;
};

void PostgresStore::follow(Revision found) const noexcept {
  Revision known = revision_.load();
  while (known < found && !revision_.compare_exchange_weak(known, found)) {
  }
}

base::Result<std::unique_ptr<Reader>> PostgresStore::read() const {
  auto begun = pool_.begin_reading();
  if (!begun) return base::fail(std::move(begun.error()));
  follow(begun->second);
  return std::make_unique<PooledReader>(pool_, std::move(begun->first), begun->second);
}

// What a commit told is its revision; nothing, when the announcements begin: then it is asked for.
void PostgresStore::hear(std::string_view told) const {
  if (told.empty()) {
    (void)read();
    return;
  }
  Revision number = 0;
  std::from_chars(told.data(), told.data() + told.size(), number);
  follow(number);
}

base::Result<Revision> PostgresStore::inside(const std::function<base::Result<Batch>(const Reader&)>& body,
                                             Durability durability) {
  auto before = stored_revision(*writer_);  // behind the lock: what other nodes wrote is there
  if (!before) return before;
  auto batch = sql::made_by(body, sql::SqlReader(*writer_, *before));
  if (!batch) return base::fail(std::move(batch.error()));
  if (batch->empty()) return *before;
  if (durability == Durability::soon) {
    auto late = writer_->prepare("SELECT set_config('synchronous_commit', 'off', true)");
    if (!late) return base::fail(std::move(late.error()));
    if (auto set = late->run(); !set) return base::fail(std::move(set.error()));
  }
  const Revision after = *before + (batch->publishes() ? 1 : 0);
  if (auto applied = sql::apply_batch(*writer_, *batch, after); !applied) return base::fail(std::move(applied.error()));
  if (after == *before) return after;
  if (auto told = writer_->tell(writer_->schema(), fmt::format("{}", after)); !told)
    return base::fail(std::move(told.error()));
  return after;
}

base::Result<Revision> PostgresStore::write(const std::function<base::Result<Batch>(const Reader&)>& body,
                                            Durability durability) {
  const std::lock_guard lock(writing_);
  if (auto begun = pool_.begin_writing(writer_); !begun) return base::fail(std::move(begun.error()));
  auto after = inside(body, durability);
  if (after) {
    if (auto committed = writer_->commit(); !committed) after = base::fail(std::move(committed.error()));
  }
  if (!after) {
    writer_->rollback();
    return after;
  }
  follow(*after);
  return after;
}

base::Result<> PostgresStore::with_snapshot(
    const std::function<base::Result<>(sql::Connection&, Revision)>& body) const {
  auto begun = pool_.begin_reading();
  if (!begun) return base::fail(std::move(begun.error()));
  auto done = body(*begun->first, begun->second);
  if (done) pool_.give_back(std::move(begun->first));
  return done;
}

base::Result<Revision> PostgresStore::replace_all(const std::function<base::Result<>(sql::Connection&)>& body) {
  const std::lock_guard lock(writing_);
  if (auto begun = pool_.begin_writing(writer_); !begun) return base::fail(std::move(begun.error()));
  const auto inside_it = [&]() -> base::Result<Revision> {
    // Behind the lock: another node may be ahead of what is known here.
    auto before = stored_revision(*writer_);
    if (!before) return before;
    if (auto done = body(*writer_); !done) return base::fail(std::move(done.error()));
    auto revision = sql::renew_revision(*writer_, std::max(*before, revision_.load()));
    if (!revision) return revision;
    if (auto told = writer_->tell(writer_->schema(), fmt::format("{}", *revision)); !told)
      return base::fail(std::move(told.error()));
    if (auto committed = writer_->commit(); !committed) return base::fail(std::move(committed.error()));
    return revision;
  };
  auto revision = inside_it();
  if (revision) {
    follow(*revision);
  } else {
    writer_->rollback();
  }
  return revision;
}

}  // namespace

base::Result<std::string> shown_postgres(std::string_view url) {
  auto address = postgres::parse_address(url);
  if (!address) return base::fail(std::move(address.error()));
  return address->shown;
}

base::Result<std::unique_ptr<Store>> open_postgres(std::string_view url) {
  auto address = postgres::parse_address(url);
  if (!address) return base::fail(std::move(address.error()));
  auto connection = postgres::open_current(*address);
  if (!connection) return base::fail(std::move(connection.error()));
  auto store = std::make_unique<PostgresStore>(std::move(*address), std::move(*connection));
  auto first = store->read();  // learns the revision
  if (!first) return base::fail(std::move(first.error()));
  return store;
}

}  // namespace armarium::store
