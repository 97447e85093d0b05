#include "codec/jp2_decoded_blocks.h"

#include <utility>

namespace armarium::codec::jp2 {
namespace {

// Some eight megapixels of colour.
constexpr std::uint64_t kMaxBytes = std::uint64_t{48} << 20;

}  // namespace

std::size_t DecodedBlocks::Hash::operator()(const BlockKey& key) const noexcept {
  std::uint64_t hash = key.stream;
  const auto add = [&hash](std::uint64_t more) {
    hash = (hash ^ more) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 29;
  };
  add(std::uint64_t{key.tile} << 32 | std::uint64_t{key.component} << 16 | std::uint64_t{key.resolution} << 8 |
      key.band);
  add(std::uint64_t{key.x} << 32 | key.y);
  return hash;
}

DecodedBlocks::Pointer DecodedBlocks::find(const BlockKey& key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(key);
  if (found == shard.index.end()) return nullptr;
  shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  return found->second->value;
}

void DecodedBlocks::put(const BlockKey& key, Coefficients coefficients) {
  const std::uint64_t bytes = coefficients.size() * sizeof(std::int16_t) + kOverhead;
  auto value = std::make_shared<const Coefficients>(std::move(coefficients));
  Shard& shard = shard_of(key);
  std::list<Entry> dropped;  // ends outside the lock
  const std::lock_guard lock(shard.mutex);
  if (bytes > max_bytes_ || shard.index.contains(key)) return;
  shard.entries.push_front({key, std::move(value), bytes});
  shard.index.emplace(key, shard.entries.begin());
  shard.bytes += bytes;
  while (shard.bytes > max_bytes_) {
    shard.index.erase(shard.entries.back().key);
    shard.bytes -= shard.entries.back().bytes;
    dropped.splice(dropped.begin(), shard.entries, std::prev(shard.entries.end()));
  }
}

DecodedBlocks& decoded_blocks() {
  static DecodedBlocks blocks(kMaxBytes);
  return blocks;
}

}  // namespace armarium::codec::jp2
