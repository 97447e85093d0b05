#include "codec/jp2_index_budget.h"

#include <algorithm>
#include <atomic>

namespace armarium::codec::jp2 {
namespace {

std::atomic<std::uint64_t>& pool() {
  static std::atomic<std::uint64_t> left = IndexBudget::kPool;
  return left;
}

bool take_from_pool(std::uint64_t bytes) {
  std::uint64_t have = pool();
  while (have >= bytes) {
    if (pool().compare_exchange_weak(have, have - bytes)) return true;
  }
  return false;
}

std::uint64_t beyond_share(std::uint64_t bytes) { return bytes - std::min(bytes, IndexBudget::kShare); }

}  // namespace

IndexBudget::~IndexBudget() { pool() += beyond_share(taken_); }

bool IndexBudget::take(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes > kPerPicture - taken_) return false;
  if (!take_from_pool(beyond_share(taken_ + bytes) - beyond_share(taken_))) return false;
  taken_ += bytes;
  return true;
}

void IndexBudget::give(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes = std::min(bytes, taken_);
  pool() += beyond_share(taken_) - beyond_share(taken_ - bytes);
  taken_ -= bytes;
}

}  // namespace armarium::codec::jp2
