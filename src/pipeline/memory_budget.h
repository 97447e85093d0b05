#pragma once
// The memory that large pictures may take together while they are made. Known before the work starts, held until it ends: past it a request is sent away with "try again" instead of bringing the
// server down. A single picture that is larger than all of it may run alone. Thread-safe; never blocks.

#include <cstdint>
#include <memory>
#include <mutex>

namespace armarium::pipeline {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes) : state_(std::make_shared<State>()) { state_->bytes = bytes; }

  // Holds a share of the budget as long as it lives; it may outlive the budget. Null when there is no room.
  using Share = std::shared_ptr<const void>;
  Share take(std::uint64_t bytes);
  std::uint64_t taken() const;

 private:
  struct State {
    std::mutex mutex;
    std::uint64_t bytes = 0;
    std::uint64_t taken = 0;
  };
  std::shared_ptr<State> state_;
};

}  // namespace armarium::pipeline
