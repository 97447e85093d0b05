#include "store/postgres/postgres_store.h"

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

class PostgresStore final : public Store {
 public:
  PostgresStore(postgres::Address address, std::unique_ptr<Connection> writer)
      : pool_(std::move(address)),
        writer_(std::move(writer)),
        follower_(pool_, pool_.address().schema, [this](std::string_view told) { hear(told); }) {}

  base::Result<std::unique_ptr<Reader>> read() const override;
  base::Result<Revision> write(const std::function<base::Result<Batch>(const Reader&)>& body,
                               Durability durability) override;
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
  // Behind the lock: what other nodes wrote is there.
  auto before = sql::rows(
      *writer_, "SELECT value FROM state WHERE key = 'revision'", [](sql::Statement&) {},
      [](const sql::Statement& s) { return s.number_at(0); });
  if (!before) return base::fail(std::move(before.error()));
  if (before->empty()) return base::fail(base::ErrorCode::corrupt, "The server's database is damaged.", "no revision");
  auto batch = body(sql::SqlReader(*writer_, before->front()));
  if (!batch) return base::fail(std::move(batch.error()));
  if (batch->empty()) return before->front();
  if (durability == Durability::soon) {
    auto late = writer_->prepare("SELECT set_config('synchronous_commit', 'off', true)");
    if (!late) return base::fail(std::move(late.error()));
    if (auto set = late->run(); !set) return base::fail(std::move(set.error()));
  }
  const Revision after = before->front() + (batch->publishes() ? 1 : 0);
  if (auto applied = sql::apply_batch(*writer_, *batch, after); !applied) return base::fail(std::move(applied.error()));
  if (after == before->front()) return after;
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
