#include "ingest/storage_watch.h"

#include <algorithm>

#include "base/log.h"

namespace armarium::ingest {
namespace {

constexpr auto kFirstDelay = std::chrono::seconds(5);
constexpr const char* kNoSpace =
    "The server's state cannot be written: there is no space left, its disk fails or its database does not answer. "
    "What was published before is "
    "served; changes are shown when it can be written again.";

}  // namespace

void StorageWatch::after_pass(Clock::time_point now, Clock::duration longest) {
  const bool failed = failed_.exchange(false);
  if (failed && (!lacking_ || trying_)) {
    if (!lacking_) base::log::error("{}", kNoSpace);
    delay_ = std::clamp<Clock::duration>(delay_ * 2, kFirstDelay, std::max<Clock::duration>(longest, kFirstDelay));
    next_ = now + delay_;
    lacking_ = true;
  } else if (!failed && lacking_ && trying_) {
    base::log::info("The server's state can be written again.");
    lacking_ = false;
    delay_ = {};
    next_ = Clock::time_point::max();
  }
  trying_ = false;
}

bool StorageWatch::due(Clock::time_point now) {
  if (now < next_) return false;
  next_ = Clock::time_point::max();
  trying_ = true;
  return true;
}

std::string StorageWatch::warning() const { return lacking_ || failed_ ? kNoSpace : std::string(); }

}  // namespace armarium::ingest
