#pragma once
// Decodes that ran out of time, by file: what is known to need more time than there is can be refused at once instead of failing again after a minute. It is
// the time that was computed that counts, not the time that passed: a busy machine is no fault of a file. Bounded; thread-safe.

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/cancel.h"

namespace armarium::codec {

inline constexpr const char* kTooSlow = "Decoding it takes longer than the server allows.";

// Until the token's deadline; the largest duration when it has none.
inline std::chrono::nanoseconds time_left(const base::CancelToken& cancel) {
  if (cancel.deadline() == base::CancelToken::Clock::time_point::max()) return std::chrono::nanoseconds::max();
  return cancel.deadline() - base::CancelToken::Clock::now();
}

class SlowWork {
 public:
  using Duration = std::chrono::nanoseconds;

  // A decode of about so many pixels (Cost::pixels) of the file's version `key` ran out of time after it had computed for `spent`. Not for one whose
  // client went away: that says nothing of the file.
  void note(const std::string& key, std::uint64_t pixels, Duration spent);
  // Whether a decode of so many pixels is not worth to be begun with `available` time left: one of no more pixels computed for about as long in
  // vain, or three did for a good part of it (the machine is always that busy, or the decoder waits for ever).
  bool hopeless(const std::string& key, std::uint64_t pixels, Duration available) const;
  // A decode of so many pixels ended well: what was noted of no more pixels says nothing any longer.
  void succeeded(const std::string& key, std::uint64_t pixels);
  // Whether a decode may begin now. cancelled or deadline_exceeded when the token says so, or when what is left of its time is too short;
  // resource_limit only when the whole of `answer_time` would not do: that is the file's fault.
  base::Result<> may_begin(const std::string& key, std::uint64_t pixels, Duration answer_time,
                           const base::CancelToken& cancel) const;

 private:
  struct Attempt {
    std::uint64_t pixels = 0;
    Duration spent{};
  };
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<Attempt>> files_;
  std::deque<std::string> order_;
};

}  // namespace armarium::codec
