#pragma once
// Who tries too often waits: by name and by client address, longer each time, up to a quarter of an hour. An attempt counts as failed from its begin, so that many at once are no way around it; success
// takes it back, and for a day the name then counts by itself for that network, so that nobody shuts its owner out from elsewhere. Kept in the store under keyed hashes: neither names that were mistyped nor addresses can be read there. Thread-safe; blocks on the database.

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.h"
#include "store/accounts.h"

namespace armarium::auth {

struct LockoutPolicy {
  std::uint64_t free_by_name = 5;  // failures before the first wait
  std::uint64_t free_by_client = 20;
  std::chrono::seconds first_wait{2};  // doubled with each further failure
  std::chrono::seconds longest_wait{900};
  std::chrono::hours forgotten_after{24};
};

// The wait that begins with the failure number `failures`; zero while they are free.
std::chrono::seconds wait_after(std::uint64_t failures, std::uint64_t free, const LockoutPolicy& policy) noexcept;

// What is counted together: an IPv4 address, the first half of an IPv6 address.
std::string client_network(std::string_view address);

class Lockout {
 public:
  // `key` makes the hashes; the same for all nodes.
  Lockout(store::Accounts& accounts, std::string key, LockoutPolicy policy);

  // budget_spent with retry_after where the name or the client has to wait; else the attempt is counted. An empty name: the client alone.
  base::Result<> begin(std::string_view name, std::string_view client, std::int64_t now);
  base::Result<> succeeded(std::string_view name, std::string_view client, std::int64_t now);
  // For credentials that nobody guesses: whether the client has to wait, and one failure of it.
  base::Result<> check_client(std::string_view client, std::int64_t now);
  base::Result<> failed(std::string_view client, std::int64_t now);
  base::Result<> forget(std::string_view name);

 private:
  std::int64_t kept_for() const;
  std::string subject(std::string_view kind, std::string_view text) const;
  base::Result<std::string> name_subject(std::string_view name, std::string_view network, std::int64_t now) const;
  base::Result<> check(const std::string& subject, std::uint64_t free, std::int64_t now) const;
  base::Result<> count(const std::string& subject, std::int64_t now);

  store::Accounts& accounts_;
  std::string key_;
  LockoutPolicy policy_;
  std::mutex mutex_;
  std::int64_t swept_ = 0;
};

}  // namespace armarium::auth
