#pragma once
// Shared values by key, the least recently used thrown out when the bytes that they were said to cost go over a bound. Sharded: keys of
// different shards never wait for each other. Thread-safe. A value larger than its shard is not kept.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace armarium::base {

template <class Value>
class ByteLru {
 public:
  using Pointer = std::shared_ptr<const Value>;

  // `max_entries` of 0: bytes only. Fewer shards mean that a single value may be larger.
  explicit ByteLru(std::uint64_t max_bytes, std::size_t shards = 8, std::size_t max_entries = 0) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, shards); ++i) {
      auto shard = std::make_unique<Shard>();
      shard->max_bytes = max_bytes / std::max<std::size_t>(1, shards);
      shard->max_entries =
          max_entries == 0 ? 0 : std::max<std::size_t>(1, max_entries / std::max<std::size_t>(1, shards));
      shards_.push_back(std::move(shard));
    }
  }

  // Null when absent.
  Pointer find(std::string_view key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found == shard.index.end()) return nullptr;
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
    return found->second->value;
  }

  // Replaces what was there. `cost` counts the key's few bytes and the bookkeeping by itself.
  void put(std::string key, Pointer value, std::uint64_t cost) {
    Shard& shard = shard_of(key);
    cost += key.size() + kOverhead;
    std::list<Entry> dropped;  // values end outside the lock
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.index.find(std::string_view(key)); found != shard.index.end())
      drop(shard, found->second, dropped);
    if (cost > shard.max_bytes) return;
    shard.entries.push_front({std::move(key), std::move(value), cost});
    shard.index.emplace(shard.entries.front().key, shard.entries.begin());
    shard.bytes += cost;
    while (shard.bytes > shard.max_bytes || (shard.max_entries != 0 && shard.entries.size() > shard.max_entries)) {
      drop(shard, std::prev(shard.entries.end()), dropped);
    }
  }

  void erase(std::string_view key) {
    Shard& shard = shard_of(key);
    std::list<Entry> dropped;
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.index.find(key); found != shard.index.end()) drop(shard, found->second, dropped);
  }

  std::uint64_t bytes() const {
    std::uint64_t total = 0;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard->mutex);
      total += shard->bytes;
    }
    return total;
  }

  // The largest cost that put keeps, about.
  std::uint64_t largest() const noexcept { return shards_.front()->max_bytes; }

 private:
  static constexpr std::uint64_t kOverhead = 128;

  struct Entry {
    std::string key;
    Pointer value;
    std::uint64_t cost = 0;
  };
  using Position = typename std::list<Entry>::iterator;
  struct Shard {
    mutable std::mutex mutex;
    std::list<Entry> entries;                              // newest first
    std::unordered_map<std::string_view, Position> index;  // keys live in entries
    std::uint64_t bytes = 0;
    std::uint64_t max_bytes = 0;
    std::size_t max_entries = 0;
  };

  Shard& shard_of(std::string_view key) { return *shards_[std::hash<std::string_view>{}(key) % shards_.size()]; }

  static void drop(Shard& shard, Position position, std::list<Entry>& dropped) {
    shard.index.erase(position->key);
    shard.bytes -= position->cost;
    dropped.splice(dropped.begin(), shard.entries, position);
  }

  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace armarium::base
