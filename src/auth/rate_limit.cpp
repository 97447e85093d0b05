#include "auth/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace armarium::auth {
namespace {

constexpr std::size_t kMostKeys = 50'000;

}  // namespace

RateLimit::RateLimit(std::uint64_t per_minute)
    : per_second_(static_cast<double>(per_minute) / 60),
      full_(std::max(1.0, std::floor(static_cast<double>(per_minute) / 10))) {}

std::optional<std::chrono::seconds> RateLimit::take(const std::string& key, Clock::time_point now) {
  if (per_second_ == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  auto found = index_.find(key);
  if (found == index_.end()) {
    buckets_.push_front({key, full_, now});
    found = index_.emplace(key, buckets_.begin()).first;
    if (buckets_.size() > kMostKeys) {
      index_.erase(buckets_.back().key);
      buckets_.pop_back();
    }
  } else {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  }
  Bucket& bucket = *found->second;
  const double passed = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
  bucket.left = std::min(full_, bucket.left + passed * per_second_);
  bucket.at = now;
  if (bucket.left < 1)
    return std::chrono::seconds(static_cast<std::int64_t>(std::ceil((1 - bucket.left) / per_second_)));
  bucket.left -= 1;
  return std::nullopt;
}

}  // namespace armarium::auth
