#include "store/postgres/pool.h"

#include "store/postgres/setup.h"

namespace armarium::store::postgres {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKept = 8;
constexpr auto kRest = std::chrono::milliseconds(500);
constexpr auto kLongestQuery = std::chrono::seconds(60);

}  // namespace

std::unique_ptr<Connection> Pool::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void Pool::drop_all() {
  std::vector<std::unique_ptr<Connection>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  connection->end_reading();
  if (!connection->alive()) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kKept) idle_.push_back(std::move(connection));
}

base::Result<std::unique_ptr<Connection>> Pool::connect(std::chrono::seconds statement_timeout) {
  {
    const std::lock_guard lock(mutex_);
    if (refused_ && Clock::now() < again_) return base::fail(*refused_);
  }
  const auto asked = Clock::now();
  auto connection = Connection::open(address_, statement_timeout);
  const std::lock_guard lock(mutex_);
  if (connection) {
    refused_.reset();
    answered_ = Clock::now();
  } else if (asked > answered_) {  // an attempt from before the server was back says nothing of what is now
    refused_ = connection.error();
    again_ = Clock::now() + kRest;
  }
  return connection;
}

base::Result<> Pool::begin_writing(std::unique_ptr<Connection>& writer) {
  if (writer) {
    auto begun = writer->begin();
    if (begun || writer->alive()) return begun;
    writer.reset();
  }
  auto made = connect(kLongestWrite);
  if (!made) return base::fail(std::move(made.error()));
  writer = std::move(*made);
  return writer->begin();
}

base::Result<std::pair<std::unique_ptr<Connection>, Revision>> Pool::begin_reading() {
  // A connection that was kept may have died with its server: then the others did, too, and a new one is tried once.
  if (auto kept = take()) {
    auto revision = kept->begin_reading();
    if (revision) return std::pair(std::move(kept), *revision);
    if (kept->alive()) return base::fail(std::move(revision.error()));
    drop_all();
  }
  auto made = connect(kLongestQuery);
  if (!made) return base::fail(std::move(made.error()));
  auto revision = (*made)->begin_reading();
  if (!revision) return base::fail(std::move(revision.error()));
  return std::pair(std::move(*made), *revision);
}

}  // namespace armarium::store::postgres
