#pragma once
// Reading connections that are kept for the next reader. After a failed connection attempts fail at once for a moment, so that a server that is down
// costs no request its time. Thread-safe.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "store/postgres/connection.h"

namespace armarium::store::postgres {

class Pool {
 public:
  explicit Pool(Address address) : address_(std::move(address)) {}

  // A connection inside a snapshot, and its revision.
  base::Result<std::pair<std::unique_ptr<Connection>, Revision>> begin_reading();
  void give_back(std::unique_ptr<Connection> connection);
  // Begins a writing transaction on `writer`, which is opened (again) where it has to be. One thread for one `writer`.
  base::Result<> begin_writing(std::unique_ptr<Connection>& writer);
  // A new connection, past the pool.
  base::Result<std::unique_ptr<Connection>> connect(std::chrono::seconds statement_timeout);
  const Address& address() const noexcept { return address_; }

 private:
  std::unique_ptr<Connection> take();
  void drop_all();

  const Address address_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::optional<base::Error> refused_;
  std::chrono::steady_clock::time_point again_{};
  std::chrono::steady_clock::time_point answered_{};
};

}  // namespace armarium::store::postgres
