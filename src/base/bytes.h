#pragma once
// Bytes, views of bytes, and bytes that several answers share (cache entries). Values; a SharedBytes is immutable and may
// cross threads.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace armarium::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using SharedBytes = std::shared_ptr<const Bytes>;

inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline SharedBytes share(Bytes bytes) { return std::make_shared<const Bytes>(std::move(bytes)); }

}  // namespace armarium::base
