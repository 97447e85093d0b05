#include "pipeline/memory_budget.h"

namespace armarium::pipeline {

MemoryBudget::Share MemoryBudget::take(std::uint64_t bytes) {
  {
    const std::lock_guard lock(state_->mutex);
    const bool alone = state_->taken == 0;
    if (!alone && (state_->taken > state_->bytes || bytes > state_->bytes - state_->taken)) return nullptr;
    state_->taken += bytes;
  }
  return {state_.get(), [state = state_, bytes](const void*) {
            const std::lock_guard lock(state->mutex);
            state->taken -= bytes;
          }};
}

std::uint64_t MemoryBudget::taken() const {
  const std::lock_guard lock(state_->mutex);
  return state_->taken;
}

}  // namespace armarium::pipeline
