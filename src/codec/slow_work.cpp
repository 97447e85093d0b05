#include "codec/slow_work.h"

#include <algorithm>

namespace armarium::codec {
namespace {

constexpr std::size_t kMostFiles = 10'000;
constexpr std::size_t kMostAttempts = 8;
constexpr int kVainAttempts = 3;

}  // namespace

void SlowWork::note(const std::string& key, std::uint64_t pixels, Duration spent) {
  const std::lock_guard lock(mutex_);
  const auto [file, added] = files_.try_emplace(key);
  if (added) order_.push_back(key);
  std::vector<Attempt>& attempts = file->second;
  attempts.push_back({pixels, spent});
  if (attempts.size() > kMostAttempts) {
    // What says least goes.
    attempts.erase(std::min_element(attempts.begin(), attempts.end(),
                                    [](const Attempt& a, const Attempt& b) { return a.spent < b.spent; }));
  }
  if (order_.size() <= kMostFiles) return;
  files_.erase(order_.front());
  order_.pop_front();
}

bool SlowWork::hopeless(const std::string& key, std::uint64_t pixels, Duration available) const {
  const std::lock_guard lock(mutex_);
  const auto file = files_.find(key);
  if (file == files_.end()) return false;
  int vain = 0;
  for (const Attempt& attempt : file->second) {
    if (attempt.pixels > pixels) continue;
    if (attempt.spent >= available / 10 * 9) return true;
    if (attempt.spent >= available / 4) ++vain;
  }
  return vain >= kVainAttempts;
}

}  // namespace armarium::codec
