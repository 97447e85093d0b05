#include "store/sqlite/sqlite_accounts.h"

#include <mutex>

#include "store/sql/accounts.h"
#include "store/sql/migrations.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/keep_old.h"

namespace armarium::store {
namespace {

using base::Result;
using sqlite::Connection;

// One connection of its own; what it writes is synced.
class SqliteAccounts final : public sql::SqlAccounts {
 public:
  explicit SqliteAccounts(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

 protected:
  Result<> reading(const Body& body) const override {
    const std::lock_guard lock(mutex_);
    return body(*connection_);
  }

  Result<> writing(const Body& body) override {
    const std::lock_guard lock(mutex_);
    if (auto begun = connection_->begin(); !begun) return begun;
    auto done = body(*connection_);
    if (done) done = connection_->commit();
    if (!done) connection_->rollback();
    return done;
  }

 private:
  mutable std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace

Result<std::unique_ptr<Accounts>> open_sqlite_accounts(const std::filesystem::path& file) {
  auto connection = Connection::open(file.string(), false);
  if (!connection) return base::fail(std::move(connection.error()));
  // EXTRA: what was acknowledged is on the disk. What is forgotten is overwritten.
  for (const char* pragma : {"PRAGMA synchronous = EXTRA", "PRAGMA journal_mode = WAL", "PRAGMA secure_delete = ON"}) {
    if (auto done = (*connection)->execute(pragma); !done) return base::fail(std::move(done.error()));
  }
  if (auto done = sql::migrate(**connection, [&](int version) { return sqlite::keep_old(file, version); }); !done)
    return base::fail(std::move(done.error()));
  auto accounts = std::make_unique<SqliteAccounts>(std::move(*connection));
  if (auto read = accounts->refresh(); !read) return base::fail(std::move(read.error()));
  return accounts;
}

}  // namespace armarium::store
