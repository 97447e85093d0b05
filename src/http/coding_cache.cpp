#include "http/coding_cache.h"

#include "base/hash.h"

namespace armarium::http {
namespace {
constexpr std::size_t kWorthKeeping = 4096;
}

std::string CodingCache::key_of(std::string_view plain, Coding coding) {
  if (plain.size() < kWorthKeeping) return {};
  return base::hash_hex(plain) + "-" + std::string(name_of(coding));
}

base::SharedBytes CodingCache::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->coded;
}

void CodingCache::put(const std::string& key, base::SharedBytes coded) {
  const std::size_t size = coded->size();
  // One large body does not drive out all others.
  if (key.empty() || size > max_bytes_ / 8) return;
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;
  entries_.push_front({key, std::move(coded)});
  by_key_.emplace(entries_.front().key, entries_.begin());
  bytes_ += size;
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().coded->size();
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

std::size_t CodingCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace armarium::http
