#include "store/postgres/postgres_accounts.h"

#include <mutex>
#include <utility>

#include "base/log.h"
#include "store/postgres/follower.h"
#include "store/postgres/pool.h"
#include "store/postgres/setup.h"
#include "store/sql/accounts.h"

namespace armarium::store {
namespace {

using base::Result;
using postgres::Connection;

class PostgresAccounts final : public sql::SqlAccounts {
 public:
  PostgresAccounts(postgres::Address address, std::unique_ptr<Connection> writer)
      : pool_(std::move(address)),
        channel_(pool_.address().schema + "/accounts"),
        writer_(std::move(writer)),
        follower_(pool_, channel_, [this](std::string_view) { hear(); }) {}

 protected:
  Result<> reading(const Body& body) const override {
    auto begun = pool_.begin_reading();
    if (!begun) return base::fail(std::move(begun.error()));
    auto done = body(*begun->first);
    pool_.give_back(std::move(begun->first));
    return done;
  }

  Result<> writing(const Body& body) override {
    const std::lock_guard lock(mutex_);
    if (auto begun = pool_.begin_writing(writer_); !begun) return begun;
    auto done = body(*writer_);
    if (done) done = writer_->tell(channel_, "");
    if (done) done = writer_->commit();
    if (!done) writer_->rollback();
    return done;
  }

 private:
  void hear() {
    if (auto read = refresh(); !read) base::log::warning("{} {}", read.error().message, read.error().detail);
  }

  mutable postgres::Pool pool_;
  std::string channel_;
  std::mutex mutex_;
  std::unique_ptr<Connection> writer_;
  postgres::Follower follower_;  // ends first
};

}  // namespace

Result<std::unique_ptr<Accounts>> open_postgres_accounts(std::string_view url) {
  auto address = postgres::parse_address(url);
  if (!address) return base::fail(std::move(address.error()));
  auto connection = postgres::open_current(*address);
  if (!connection) return base::fail(std::move(connection.error()));
  auto accounts = std::make_unique<PostgresAccounts>(std::move(*address), std::move(*connection));
  if (auto read = accounts->refresh(); !read) return base::fail(std::move(read.error()));
  return accounts;
}

}  // namespace armarium::store
