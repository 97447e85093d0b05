#pragma once
// Fast content hashes for ETags and cache keys (XXH3, 128 bits). Not for secrets. Pure functions; any thread.

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace armarium::base {

// 32 lower-case hexadecimal digits.
std::string hash_hex(ByteView bytes);
inline std::string hash_hex(std::string_view text) { return hash_hex(as_bytes(text)); }

// The same of bytes that come piece by piece. One thread.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  void add(ByteView bytes);
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace armarium::base
