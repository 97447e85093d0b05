#pragma once
// Whether the state's disk is full or its database away, and when to look again at everything: what changed meanwhile could not be kept. Thread-safe, but for due() and
// after_pass(), which belong to the thread that scans.

#include <atomic>
#include <chrono>
#include <string>

#include "base/error.h"

namespace armarium::ingest {

class StorageWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // Each failed write of a look or a request; counts if there was no space or no database.
  void note(const base::Error& error) {
    if (error.code == base::ErrorCode::storage_full || error.code == base::ErrorCode::unavailable) failed_ = true;
  }
  bool failed() const { return failed_; }

  // A pass has ended: plans the next attempt (at intervals that double, up to `longest`), or finds that all is well again.
  void after_pass(Clock::time_point now, Clock::duration longest);
  // The time of the next attempt; the far future when none is needed.
  Clock::time_point next() const { return next_; }
  // Whether the next attempt is to begin now; it is then taken as begun.
  bool due(Clock::time_point now);

  // Empty, or a sentence for /status.
  std::string warning() const;

 private:
  std::atomic<bool> failed_{false};   // since the last pass
  std::atomic<bool> lacking_{false};  // no space when it was tried last
  bool trying_ = false;
  Clock::duration delay_{};
  Clock::time_point next_ = Clock::time_point::max();
};

}  // namespace armarium::ingest
