#pragma once
// Token buckets in memory, one for each key (a user, a client's network): so many a minute, and a tenth of that at once. Bounded: who was not seen for longest is forgotten first. Thread-safe.

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace armarium::auth {

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  // 0: no limit.
  explicit RateLimit(std::uint64_t per_minute);

  // Nothing when there was one left, which is then taken; else how long until the next.
  std::optional<std::chrono::seconds> take(const std::string& key, Clock::time_point now = Clock::now());

 private:
  struct Bucket {
    std::string key;
    double left = 0;
    Clock::time_point at;
  };
  using Buckets = std::list<Bucket>;  // the latest first

  double per_second_;
  double full_;
  std::mutex mutex_;
  Buckets buckets_;
  std::unordered_map<std::string, Buckets::iterator> index_;
};

}  // namespace armarium::auth
