#include <cstring>

#include "image/operations.h"

namespace armarium::image {

base::Result<Pixels> crop(const Pixels& source, Rect area) {
  if (!Rect::of(source.size()).contains(area)) {
    return base::fail(base::ErrorCode::internal, "A part outside the picture was asked for.");
  }
  auto result = Pixels::allocate(area.size(), source.format());
  if (!result) return result;
  const std::size_t offset = std::size_t{area.x} * source.format().bytes_per_pixel();
  for (std::uint32_t y = 0; y < area.height; ++y) {
    std::memcpy(result->row(y), source.row(area.y + y) + offset, result->stride());
  }
  return result;
}

}  // namespace armarium::image
