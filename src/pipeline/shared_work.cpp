#include "pipeline/shared_work.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace armarium::pipeline {
namespace {

constexpr std::size_t kMostHelpers = 3;

// Outlives share_work where a helper starts late; then it is closed, and `item` is not touched.
class Sharing {
 public:
  Sharing(std::size_t count, const std::function<bool(std::size_t)>& item) : count_(count), item_(item) {}

  // One item; false when there is none left.
  bool step() {
    if (stopped_) return false;
    const std::size_t index = next_++;
    if (index >= count_) return false;
    if (!item_(index)) stopped_ = true;
    return true;
  }

  bool enter() {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++inside_;
    return true;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --inside_;
    empty_.notify_all();
  }
  // Nobody comes in any more, and those inside have left.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    stopped_ = true;
    empty_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  const std::size_t count_;
  const std::function<bool(std::size_t)>& item_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t inside_ = 0;
  bool closed_ = false;
};

void help(Sharing& sharing, const base::WorkPool& pool) {
  if (!sharing.enter()) return;
  struct Leave {
    Sharing& sharing;
    ~Leave() { sharing.leave(); }
  };
  const Leave leave{sharing};
  while (pool.queued(base::Lane::tile) == 0 && sharing.step()) {
  }
}

}  // namespace

void share_work(base::WorkPool* helpers, std::size_t count, const std::function<bool(std::size_t)>& item) {
  const auto sharing = std::make_shared<Sharing>(count, item);
  struct Close {
    Sharing& sharing;
    ~Close() { sharing.close(); }
  };
  const Close close{*sharing};
  for (std::size_t i = 0; helpers != nullptr && i < kMostHelpers && i + 1 < count; ++i) {
    if (!helpers->submit_if_idle([sharing, helpers] { help(*sharing, *helpers); })) break;
  }
  while (sharing->step()) {
  }
}

}  // namespace armarium::pipeline
