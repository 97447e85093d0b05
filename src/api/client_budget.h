#pragma once
// How many pixels each client may have made in a minute, so that a crawler can be held without shutting the door. A client is an address (IPv6: its /64) or, later, a key. What is handed out as it is
// costs nothing. Remembers a bounded number of clients, the latest ones. Thread-safe; never blocks.

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace armarium::api {

class ClientBudget {
 public:
  using Clock = std::chrono::steady_clock;
  // 0: no budget.
  explicit ClientBudget(std::uint64_t pixels_per_minute) : rate_(pixels_per_minute) {}

  // Nothing when the client may go on; else how long it has to wait. A full minute's worth may be asked for at once, and a single request that is larger goes through when nothing else was.
  std::optional<std::chrono::seconds> spend(const std::string& client, std::uint64_t pixels,
                                            Clock::time_point now = Clock::now());

 private:
  struct Account {
    std::string client;
    double left = 0;  // below zero: to be waited for
    Clock::time_point at;
  };
  using Accounts = std::list<Account>;  // the latest first

  std::uint64_t rate_;
  std::mutex mutex_;
  Accounts accounts_;
  std::unordered_map<std::string, Accounts::iterator> index_;
};

// What is counted together: an IPv4 address, the first half of an IPv6 address.
std::string budget_key(const std::string& address);

}  // namespace armarium::api
