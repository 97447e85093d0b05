#pragma once
// A bounded pool of worker threads with two lanes: tiles, and large work (full pictures, documents that are slow to make), so that a
// crawler's full-size request never delays a reader's tile. Large jobs take at most half of the threads (at least one). Submitting never
// blocks: a full lane answers false and the caller says "overloaded". A job that throws ends there, logged. Thread-safe; the
// destructor finishes what was accepted.

#include <cstddef>
#include <functional>
#include <memory>

namespace armarium::base {

enum class Lane { tile, large };

class WorkPool {
 public:
  struct Options {
    std::size_t threads = 2;
    std::size_t tile_queue = 1024;
    std::size_t large_queue = 64;
  };
  explicit WorkPool(Options options);
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  [[nodiscard]] bool submit(Lane lane, std::function<void()> job);
  // The next step of work that was accepted before: waits its turn, and is not sent away when the lane is full.
  [[nodiscard]] bool resume(Lane lane, std::function<void()> job);
  // For a thread that has nothing to do; false where none is idle. Jobs of the lanes go first all the same, so it may start late: it should look whether it is still of use, and
  // give way as soon as a tile waits.
  [[nodiscard]] bool submit_if_idle(std::function<void()> job);
  std::size_t queued(Lane lane) const;
  std::size_t running() const;
  // Jobs that threw, since the start.
  std::size_t failures() const;

 private:
  bool put(Lane lane, std::function<void()> job, bool begun);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace armarium::base
