#pragma once
// What the packet indexes of all open pictures may keep in memory: each picture a small share of its own, more from a pool that all share, up to a bound.
// Thread-safe.

#include <cstdint>
#include <mutex>

namespace armarium::codec::jp2 {

class IndexBudget {
 public:
  static constexpr std::uint64_t kShare = std::uint64_t{256} << 10;      // a picture has this in any case
  static constexpr std::uint64_t kPerPicture = std::uint64_t{32} << 20;  // and no more than this
  static constexpr std::uint64_t kPool = std::uint64_t{48} << 20;        // of all pictures, beyond their shares

  IndexBudget() = default;
  IndexBudget(const IndexBudget&) = delete;
  IndexBudget& operator=(const IndexBudget&) = delete;
  ~IndexBudget();

  // False when there is no room; then nothing was taken.
  bool take(std::uint64_t bytes);
  void give(std::uint64_t bytes);

 private:
  std::mutex mutex_;
  std::uint64_t taken_ = 0;
};

}  // namespace armarium::codec::jp2
