#pragma once
// Cancellation and deadline in one token that travels down with the work: set when the client goes, checked between the steps of a
// decode. Copies share one flag; any thread may cancel or ask.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "base/error.h"

namespace armarium::base {

class CancelToken {
 public:
  using Clock = std::chrono::steady_clock;

  CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  explicit CancelToken(Clock::time_point deadline) : CancelToken() { deadline_ = deadline; }

  void cancel() const noexcept { flag_->store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return flag_->load(std::memory_order_relaxed); }
  Clock::time_point deadline() const noexcept { return deadline_; }
  bool expired() const { return deadline_ != Clock::time_point::max() && Clock::now() >= deadline_; }
  bool stop_requested() const { return cancelled() || expired(); }

  // The same flag with a deadline that is not later than this one's.
  CancelToken with_deadline(Clock::time_point deadline) const {
    CancelToken token = *this;
    token.deadline_ = std::min(deadline_, deadline);
    return token;
  }
  // Nothing, or why the work should stop now.
  Result<> check() const {
    if (cancelled()) return fail(ErrorCode::cancelled, "The request was cancelled.");
    if (expired())
      return fail(ErrorCode::deadline_exceeded, "This took longer than the server allows; try again later.");
    return {};
  }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
  Clock::time_point deadline_ = Clock::time_point::max();
};

}  // namespace armarium::base
