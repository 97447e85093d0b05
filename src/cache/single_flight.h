#pragma once
// Identical work in flight is done once: the first caller of a key does it, the others wait for its result. A caller that waits goes on by itself when
// its own token says stop, and takes the work over when the first was cancelled. Thread-safe; blocks: pool threads only.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/cancel.h"
#include "base/error.h"

namespace armarium::cache {

// `Value` is copied to each caller: a shared pointer, as a rule.
template <class Value>
class SingleFlight {
 public:
  using Work = std::function<base::Result<Value>()>;

  base::Result<Value> run(const std::string& key, const base::CancelToken& cancel, const Work& work) {
    for (;;) {
      auto [flight, leads] = join(key);
      if (leads) return lead(key, *flight, work);
      auto result = wait(*flight, cancel);
      if (!result) {
        const auto code = result.error().code;
        const bool others_reason = code == base::ErrorCode::cancelled || code == base::ErrorCode::deadline_exceeded;
        if (others_reason && !cancel.stop_requested()) continue;
      }
      return result;
    }
  }

  std::size_t in_flight() const {
    const std::lock_guard lock(mutex_);
    return flights_.size();
  }

 private:
  struct Flight {
    std::mutex mutex;
    std::condition_variable landed;
    std::optional<base::Result<Value>> result;
  };

  std::pair<std::shared_ptr<Flight>, bool> join(const std::string& key) {
    const std::lock_guard lock(mutex_);
    auto [position, added] = flights_.try_emplace(key);
    if (added) position->second = std::make_shared<Flight>();
    return {position->second, added};
  }

  // Lands the flight on every way out, also when the work throws. The caller holds the flight.
  base::Result<Value> lead(const std::string& key, Flight& flight, const Work& work) {
    struct Landing {
      SingleFlight& owner;
      const std::string& key;
      Flight& flight;
      base::Result<Value> result =
          base::fail(base::ErrorCode::internal, "The server made a mistake.", "the work ended by an exception");
      ~Landing() {
        {
          const std::lock_guard lock(owner.mutex_);
          owner.flights_.erase(key);
        }
        const std::lock_guard lock(flight.mutex);
        flight.result = result;
        flight.landed.notify_all();
      }
    };
    Landing landing{*this, key, flight};
    landing.result = work();
    return landing.result;
  }

  static base::Result<Value> wait(Flight& flight, const base::CancelToken& cancel) {
    std::unique_lock lock(flight.mutex);
    while (!flight.result) {
      flight.landed.wait_for(lock, std::chrono::milliseconds(50));
      if (flight.result) break;
      if (auto go_on = cancel.check(); !go_on) return base::fail(std::move(go_on.error()));
    }
    return *flight.result;
  }

  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace armarium::cache
