#include "image/geometry.h"

#include <algorithm>
#include <limits>

namespace armarium::image {

std::uint32_t scaled_up(std::uint32_t length, std::uint32_t factor) noexcept {
  if (factor <= 1) return std::max<std::uint32_t>(1, length);
  return std::max<std::uint32_t>(1, length / factor + (length % factor != 0 ? 1 : 0));
}

Size level_size(Size full, std::uint32_t factor) noexcept {
  return {scaled_up(full.width, factor), scaled_up(full.height, factor)};
}

std::uint32_t derived(std::uint64_t wanted, std::uint32_t along, std::uint32_t other) noexcept {
  if (along == 0) return 1;
  // wanted and other are below 2^32, so the product fits 64 bits; the half is added without overflow.
  const std::uint64_t product = wanted * other;
  const std::uint64_t result = product / along + ((product % along) * 2 >= along ? 1 : 0);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(result, 1, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace armarium::image
