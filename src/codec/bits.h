#pragma once
// Rows of two values as rows of bits, white set. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace armarium::codec {

inline std::size_t packed_length(std::size_t width) noexcept { return (width + 7) / 8; }

inline void pack_bits(const std::uint8_t* row, std::uint8_t* out, std::size_t width) noexcept {
  std::memset(out, 0, packed_length(width));
  for (std::size_t x = 0; x < width; ++x) {
    if (row[x] >= 128) out[x / 8] = static_cast<std::uint8_t>(out[x / 8] | 0x80 >> (x % 8));
  }
}

}  // namespace armarium::codec
