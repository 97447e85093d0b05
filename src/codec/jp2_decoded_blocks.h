#pragma once
// Code blocks that were decoded, for the neighbours, zoom steps and requests that need them again: entropy decoding is five sixths of the work, and an area shares half of its blocks or more with those beside it.
// One store for the process, bounded in bytes, the least recently used goes first. Thread-safe.

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/byte_lru.h"

namespace armarium::codec::jp2 {

// In halves, as BlockDecoder gives them; key: text_of.
using Coefficients = std::vector<std::int16_t>;
using DecodedBlocks = base::ByteLru<Coefficients>;
DecodedBlocks& decoded_blocks();

struct BlockKey {
  std::uint64_t stream = 0;  // PacketIndex::number
  std::uint32_t tile = 0;
  std::uint32_t x = 0, y = 0;  // as Cells count
  std::uint16_t component = 0;
  std::uint8_t resolution = 0;
  std::uint8_t band = 0;
};
static_assert(std::has_unique_object_representations_v<BlockKey>);

// The key's own bytes.
inline std::string_view text_of(const BlockKey& key) noexcept {
  return {reinterpret_cast<const char*>(&key), sizeof key};
}

}  // namespace armarium::codec::jp2
