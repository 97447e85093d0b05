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

void SlowWork::succeeded(const std::string& key, std::uint64_t pixels) {
  const std::lock_guard lock(mutex_);
  const auto file = files_.find(key);
  if (file == files_.end()) return;
  std::erase_if(file->second, [&](const Attempt& attempt) { return attempt.pixels <= pixels; });
}

base::Result<> SlowWork::may_begin(const std::string& key, std::uint64_t pixels, Duration answer_time,
                                   const base::CancelToken& cancel) const {
  if (auto stopped = cancel.check(); !stopped) return stopped;
  const Duration available = time_left(cancel);
  if (!hopeless(key, pixels, available)) return {};
  if (hopeless(key, pixels, std::max(available, answer_time)))
    return base::fail(base::ErrorCode::resource_limit, kTooSlow, "it is not tried again until the file changes");
  return base::fail(base::ErrorCode::deadline_exceeded, "This took longer than the server allows; try again later.",
                    "too little time was left for it");
}

}  // namespace armarium::codec
