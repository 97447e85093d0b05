#pragma once
// Code blocks that were decoded, for the neighbours, zoom steps and requests that need them again: entropy decoding is five sixths of the work, and an area shares half of its blocks or more with those beside it.
// One store for the process, bounded in bytes, the least recently used goes first. Thread-safe.

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace armarium::codec::jp2 {

struct BlockKey {
  std::uint64_t stream = 0;  // PacketIndex::number
  std::uint32_t tile = 0;
  std::uint16_t component = 0;
  std::uint8_t resolution = 0;
  std::uint8_t band = 0;
  std::uint32_t x = 0, y = 0;  // as Cells count

  friend bool operator==(const BlockKey&, const BlockKey&) = default;
};

class DecodedBlocks {
 public:
  using Coefficients = std::vector<std::int16_t>;  // in halves, as BlockDecoder gives them
  using Pointer = std::shared_ptr<const Coefficients>;

  explicit DecodedBlocks(std::uint64_t max_bytes) : max_bytes_(max_bytes / kShards) {}

  // Null when absent.
  Pointer find(const BlockKey& key);
  void put(const BlockKey& key, Coefficients coefficients);

 private:
  static constexpr std::size_t kShards = 8;
  static constexpr std::uint64_t kOverhead = 160;  // of an entry

  struct Hash {
    std::size_t operator()(const BlockKey& key) const noexcept;
  };
  struct Entry {
    BlockKey key;
    Pointer value;
    std::uint64_t bytes = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> entries;  // newest first
    std::unordered_map<BlockKey, std::list<Entry>::iterator, Hash> index;
    std::uint64_t bytes = 0;
  };
  Shard& shard_of(const BlockKey& key) { return shards_[Hash()(key) % kShards]; }

  std::uint64_t max_bytes_;  // of a shard
  std::array<Shard, kShards> shards_;
};

// That of the process.
DecodedBlocks& decoded_blocks();

}  // namespace armarium::codec::jp2
