#include "base/work_pool.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"

namespace armarium::base {

struct WorkPool::State {
  Options options;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::array<std::deque<std::function<void()>>, 2> lanes;
  std::deque<std::function<void()>> spare;  // for idle threads, no more than there are
  std::size_t running = 0;
  std::size_t running_large = 0;
  std::size_t large_limit = 1;
  std::atomic<std::size_t> failures{0};
  bool stopping = false;
  std::vector<std::thread> threads;

  std::deque<std::function<void()>>& lane(Lane which) { return lanes.at(which == Lane::tile ? 0 : 1); }
  bool large_ready() { return !lane(Lane::large).empty() && running_large < large_limit; }
  bool finished() { return stopping && lane(Lane::tile).empty() && lane(Lane::large).empty() && spare.empty(); }

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [this] { return !lane(Lane::tile).empty() || large_ready() || !spare.empty() || finished(); });
      if (finished()) return;
      const bool tile = !lane(Lane::tile).empty();
      const bool large = !tile && large_ready();
      std::deque<std::function<void()>>& queue = tile ? lane(Lane::tile) : large ? lane(Lane::large) : spare;
      std::function<void()> job = std::move(queue.front());
      queue.pop_front();
      ++running;
      if (large) ++running_large;
      lock.unlock();
      run_guarded(job);
      job = nullptr;
      lock.lock();
      --running;
      if (large) --running_large;
      wake.notify_all();
    }
  }

  void run_guarded(const std::function<void()>& job) {
    try {
      job();
    } catch (const std::exception& e) {
      ++failures;
      log::error("a job ended by an exception: {}", e.what());
    } catch (...) {
      ++failures;
      log::error("a job ended by an unknown exception");
    }
  }
};

WorkPool::WorkPool(Options options) : state_(std::make_unique<State>()) {
  state_->options = options;
  const std::size_t threads = std::max<std::size_t>(1, options.threads);
  state_->large_limit = std::max<std::size_t>(1, threads / 2);
  for (std::size_t i = 0; i < threads; ++i) state_->threads.emplace_back([state = state_.get()] { state->run(); });
}

WorkPool::~WorkPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

bool WorkPool::submit(Lane lane, std::function<void()> job) { return put(lane, std::move(job), false); }

bool WorkPool::resume(Lane lane, std::function<void()> job) { return put(lane, std::move(job), true); }

bool WorkPool::put(Lane lane, std::function<void()> job, bool begun) {
  {
    const std::lock_guard lock(state_->mutex);
    const std::size_t limit = lane == Lane::tile ? state_->options.tile_queue : state_->options.large_queue;
    if (state_->stopping || (!begun && state_->lane(lane).size() >= limit)) return false;
    state_->lane(lane).push_back(std::move(job));
  }
  state_->wake.notify_one();
  return true;
}

bool WorkPool::submit_if_idle(std::function<void()> job) {
  {
    const std::lock_guard lock(state_->mutex);
    const bool waiting = !state_->lane(Lane::tile).empty() || !state_->lane(Lane::large).empty();
    if (state_->stopping || waiting || state_->running + state_->spare.size() >= state_->threads.size()) return false;
    state_->spare.push_back(std::move(job));
  }
  state_->wake.notify_one();
  return true;
}

std::size_t WorkPool::queued(Lane lane) const {
  const std::lock_guard lock(state_->mutex);
  return state_->lane(lane).size();
}

std::size_t WorkPool::running() const {
  const std::lock_guard lock(state_->mutex);
  return state_->running;
}

std::size_t WorkPool::failures() const { return state_->failures; }

}  // namespace armarium::base
