#pragma once
// A cursor over big-endian bytes that cannot leave them: what lies past the end reads as zero and sets `failed`. Value; one thread.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace armarium::codec::jp2 {

class Cursor {
 public:
  explicit Cursor(base::ByteView bytes) : bytes_(bytes) {}

  std::uint64_t unsigned_of(std::size_t count) {
    if (count > left()) {
      failed_ = true;
      at_ = bytes_.size();
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes_[at_++];
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(unsigned_of(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(unsigned_of(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(unsigned_of(4)); }
  std::uint64_t u64() { return unsigned_of(8); }

  base::ByteView rest() const { return bytes_.subspan(at_); }
  std::size_t left() const { return bytes_.size() - at_; }
  bool failed() const { return failed_; }

 private:
  base::ByteView bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace armarium::codec::jp2
