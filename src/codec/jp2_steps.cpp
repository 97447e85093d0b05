#include "codec/jp2_steps.h"

#include <cmath>

namespace armarium::codec::jp2 {
namespace {

constexpr std::uint8_t kQcd = 0x5C;
constexpr std::uint8_t kQcc = 0x5D;

std::uint32_t u16(base::ByteView bytes, std::size_t at) { return std::uint32_t{bytes[at]} << 8 | bytes[at + 1]; }

// What the markers say of a component: QCC before QCD. Components are fewer than 257 here (PacketIndex::can_divide).
base::ByteView find(base::ByteView markers, std::uint32_t component) {
  base::ByteView found;
  bool own = false;
  for (std::size_t at = 0; at + 4 <= markers.size();) {
    const std::size_t length = u16(markers, at + 2);
    if (length < 2 || length > markers.size() - at - 2) break;
    const base::ByteView body = markers.subspan(at + 4, length - 2);
    if (markers[at + 1] == kQcd && !own) found = body;
    if (markers[at + 1] == kQcc && body.size() > 1 && body[0] == component) {
      found = body.subspan(1);
      own = true;
    }
    at += 2 + length;
  }
  return found;
}

}  // namespace

Quantization::Quantization(const CodeStream& stream, std::uint32_t component, base::ByteView main, base::ByteView tile)
    : bits_(stream.components[component].bits),
      reversible_(stream.components[component].transform == 1),
      values_(find(tile, component)) {
  if (values_.empty()) values_ = find(main, component);
}

std::optional<BandStep> Quantization::step(std::uint32_t resolution, std::uint32_t band) const {
  if (values_.empty()) return std::nullopt;
  const std::uint32_t style = values_[0] & 0x1FU;
  const std::uint32_t guard = values_[0] >> 5U;
  const std::size_t number = resolution == 0 ? 0 : 3 * (resolution - 1) + 1 + band;
  std::uint32_t exponent = 0;
  std::uint32_t mantissa = 0;
  if (style == 0) {
    if (values_.size() < 2 + number) return std::nullopt;
    exponent = values_[1 + number] >> 3U;
  } else if (style <= 2) {
    const std::size_t at = style == 1 ? 1 : 1 + 2 * number;
    if (values_.size() < at + 2) return std::nullopt;
    exponent = u16(values_, at) >> 11U;
    mantissa = u16(values_, at) & 0x7FFU;
    // Equation E-5: a level further up has one less.
    if (style == 1 && resolution > 0) exponent -= std::min(exponent, resolution - 1);
  } else {
    return std::nullopt;
  }
  BandStep step;
  if (guard + exponent == 0 || guard + exponent > 38) return std::nullopt;
  step.planes = static_cast<std::uint8_t>(guard + exponent - 1);
  if (reversible_) return style == 0 ? std::optional(step) : std::nullopt;
  // Equations E-3 and E-4; the gain of table E.1.
  const std::uint32_t gain = resolution == 0 ? 0 : band == 2 ? 2 : 1;
  const int range = static_cast<int>(bits_ + gain) - static_cast<int>(exponent);
  step.size = static_cast<float>(std::ldexp(1.0 + mantissa / 2048.0, style == 0 ? 0 : range));
  return step;
}

}  // namespace armarium::codec::jp2
