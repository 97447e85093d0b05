#pragma once
// Compressed bodies that were sent lately, found by the hash of the plain bytes: a document that many ask for is compressed once. Bounded by bytes, the longest unused goes first. Thread-safe.

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.h"
#include "http/negotiation.h"

namespace armarium::http {

class CodingCache {
 public:
  explicit CodingCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // The key of a body; small ones are not worth a place and have none (empty).
  static std::string key_of(std::string_view plain, Coding coding);
  // Null when it is not there.
  base::SharedBytes find(const std::string& key);
  void put(const std::string& key, base::SharedBytes coded);
  std::size_t bytes() const;

 private:
  struct Entry {
    std::string key;
    base::SharedBytes coded;
  };
  std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the last used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
  std::size_t bytes_ = 0;
};

}  // namespace armarium::http
