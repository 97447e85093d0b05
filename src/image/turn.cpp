#include "image/turn.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "image/operations.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kBlock = 64;  // a transposition goes by blocks that fit the first cache

// `Bytes` is 0 where the size of a pixel is not one of the usual ones.
template <std::size_t Bytes>
void turn_pixels(const Pixels& source, Turn how, Pixels& result) {
  const std::size_t bytes = Bytes != 0 ? Bytes : source.format().bytes_per_pixel();
  const std::uint32_t last_u = source.width() - 1;
  const std::uint32_t last_v = source.height() - 1;
  for (std::uint32_t top = 0; top < result.height(); top += kBlock) {
    for (std::uint32_t left = 0; left < result.width(); left += kBlock) {
      for (std::uint32_t y = top; y < std::min(top + kBlock, result.height()); ++y) {
        std::uint8_t* out = result.row(y) + left * bytes;
        for (std::uint32_t x = left; x < std::min(left + kBlock, result.width()); ++x, out += bytes) {
          std::uint32_t u = how.transpose ? y : x;
          std::uint32_t v = how.transpose ? x : y;
          if (how.flip_x) u = last_u - u;
          if (how.flip_y) v = last_v - v;
          std::memcpy(out, source.row(v) + u * bytes, bytes);
        }
      }
    }
  }
}

}  // namespace

base::Result<Pixels> turn(const Pixels& source, Turn how) {
  const Size size = how.transpose ? Size{source.height(), source.width()} : source.size();
  auto result = Pixels::allocate(size, source.format());
  if (!result) return result;
  switch (source.format().bytes_per_pixel()) {
    case 1: turn_pixels<1>(source, how, *result); break;
    case 3: turn_pixels<3>(source, how, *result); break;
    case 4: turn_pixels<4>(source, how, *result); break;
    case 6: turn_pixels<6>(source, how, *result); break;
    default: turn_pixels<0>(source, how, *result); break;
  }
  return result;
}

base::Result<Pixels> mirror(const Pixels& source) { return turn(source, {.flip_x = true}); }

base::Result<Pixels> apply_orientation(const Pixels& source, int orientation) {
  // EXIF 2.32, 4.6.4 Orientation: where the stored first row and column belong.
  static constexpr std::array<Turn, 8> kTurns = {{{},
                                                  {false, true, false},
                                                  {false, true, true},
                                                  {false, false, true},
                                                  {true, false, false},
                                                  {true, false, true},
                                                  {true, true, true},
                                                  {true, true, false}}};
  if (orientation < 2 || orientation > 8) return source.copy();
  return turn(source, kTurns.at(static_cast<std::size_t>(orientation - 1)));
}

}  // namespace armarium::image
