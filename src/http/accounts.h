#pragma once
// What the answers of each kind add up to, since the start: how many, how many bytes, and where the time went. A kind is a route, a status and what was done ("image", 200, "stored"). Counted in
// stripes that threads hardly share, so that counting costs an answer next to nothing. Thread-safe; accounts stay where they are as long as the object.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/metrics.h"
#include "base/timing.h"

namespace armarium::http {

// The sums of one kind.
struct AccountSums {
  static constexpr std::size_t kBuckets = 15;  // of base::duration_buckets(), and one for what takes longer

  std::uint64_t answers = 0;
  std::uint64_t bytes = 0;       // of bodies sent
  std::uint64_t bytes_read = 0;  // of sources
  base::Timing::Duration total{};
  std::array<base::Timing::Duration, base::kStages> spent{};
  std::array<std::uint64_t, kBuckets> by_duration{};
};

class Account {
 public:
  // `total`: from the head of the request to the end of the answer.
  void add(const base::Timing& timing, std::uint64_t bytes, base::Timing::Duration total) noexcept;
  AccountSums sums() const noexcept;

 private:
  struct alignas(64) Stripe {
    std::atomic<std::uint64_t> answers{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> bytes_read{0};
    std::atomic<std::int64_t> total{0};  // nanoseconds, as those of the stages
    std::array<std::atomic<std::int64_t>, base::kStages> spent{};
    std::array<std::atomic<std::uint64_t>, AccountSums::kBuckets> by_duration{};
  };
  std::array<Stripe, 8> stripes_;
};

class Accounts : public std::enable_shared_from_this<Accounts> {
 public:
  struct Entry {
    std::string route;  // "none" where there was none
    int status = 0;
    std::string plan;
    AccountSums sums;
  };

  Account& account(std::string_view route, int status, std::string_view plan);
  std::vector<Entry> list() const;
  // Brings the sums into the metrics whenever these are asked for; once for each object.
  void show_in(base::Metrics& metrics);

 private:
  struct Key {
    int status = 0;
    std::string route;
    std::string plan;
  };
  struct KeyView {
    int status = 0;
    std::string_view route;
    std::string_view plan;
    KeyView(int its_status, std::string_view its_route, std::string_view its_plan)
        : status(its_status), route(its_route), plan(its_plan) {}
    KeyView(const Key& key) : status(key.status), route(key.route), plan(key.plan) {}  // NOLINT: a view of it
  };
  struct Less {
    using is_transparent = void;
    bool operator()(const KeyView& a, const KeyView& b) const noexcept {
      return std::tie(a.status, a.route, a.plan) < std::tie(b.status, b.route, b.plan);
    }
  };
  struct Shown {
    base::Counter requests;
    base::Counter bytes;
    base::Histogram duration;
    std::array<base::Counter, base::kStages> seconds;
    AccountSums before;
  };
  void refresh(base::Metrics& metrics);

  mutable std::shared_mutex mutex_;  // over the map, not over what is in it
  std::map<Key, std::unique_ptr<Account>, Less> accounts_;
  std::atomic<bool> in_metrics_{false};
  std::mutex shown_mutex_;
  std::map<const Account*, Shown> shown_;
};

}  // namespace armarium::http
