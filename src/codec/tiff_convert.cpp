#include "codec/tiff_convert.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace armarium::codec {
namespace {

// IEEE 754 binary16.
double half_to_double(std::uint16_t half) {
  const int exponent = half >> 10 & 31;
  const int fraction = half & 1023;
  double value = 0;
  if (exponent == 0)
    value = std::ldexp(fraction, -24);
  else if (exponent == 31)
    value = fraction != 0 ? std::nan("") : INFINITY;
  else
    value = std::ldexp(1024 + fraction, exponent - 25);
  return (half & 0x8000) != 0 ? -value : value;
}

// IEC 61966-2-1.
double srgb_curve(double light) {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

template <class T>
T load(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::uint32_t load24(const std::uint8_t* at) {
  // libtiff gives 24-bit samples in the order of the machine (little-endian here).
  return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16;
}

// `bits` bits from bit position `at`, most significant first.
std::uint32_t load_bits(const std::uint8_t* row, std::size_t at, std::uint32_t bits) {
  std::uint32_t value = 0;
  for (std::uint32_t done = 0; done < bits;) {
    const std::uint32_t offset = at % 8;
    const std::uint32_t take = std::min(8 - offset, bits - done);
    value = value << take | (row[at / 8] >> (8 - offset - take) & ((1U << take) - 1));
    at += take;
    done += take;
  }
  return value;
}

}  // namespace

TiffConverter::TiffConverter(const TiffDirectory& directory) : directory_(directory) {
  const TiffDirectory& d = directory;
  keep_ = d.colour == TiffColour::palette;
  top_ = d.pixels.bits == 16 ? 65535 : 255;
  const bool same =
      d.colour == TiffColour::black_is_zero || d.colour == TiffColour::rgb || d.colour == TiffColour::cmyk;
  const bool alpha =
      d.alpha == TiffAlpha::none || (d.alpha == TiffAlpha::unassociated && d.alpha_sample + 1 == d.samples);
  plain_ = same && alpha && !d.separate && d.kind == TiffSamples::uint && d.bits == d.pixels.bits &&
           d.samples == d.pixels.channels();
}

std::uint16_t TiffConverter::narrow(std::uint64_t value) const noexcept {
  const TiffDirectory& d = directory_;
  if (keep_) return static_cast<std::uint16_t>(value);
  const std::uint32_t bits = std::max<std::uint32_t>(1, d.bits);
  // Signed samples: below zero is black, the rest counts as it stands.
  if (d.kind == TiffSamples::sint && (value >> (bits - 1) & 1) != 0) return 0;
  if (bits == d.pixels.bits) return static_cast<std::uint16_t>(value);
  const std::uint64_t full = (std::uint64_t{1} << bits) - 1;
  return static_cast<std::uint16_t>((value * top_ + full / 2) / full);
}

std::uint16_t TiffConverter::real(double value, std::uint32_t channel) const noexcept {
  const TiffDirectory& d = directory_;
  const bool alpha = d.alpha != TiffAlpha::none && channel == d.alpha_sample;
  if (d.pixels.model == image::ColourModel::lab && !alpha)
    value = channel == 0 ? value / 100 : (value + 128) / 255;
  else
    value = (value - d.low) / (d.high - d.low);
  if (!(value > 0)) return 0;  // NaN too
  value = std::min(value, 1.0);
  if (!alpha && d.linear) value = srgb_curve(value);
  return static_cast<std::uint16_t>(std::lround(value * 65535));
}

void TiffConverter::unpack_real(const std::uint8_t* row, std::uint32_t plane, std::size_t first, std::size_t count,
                                std::uint16_t* out, std::size_t step) const {
  const TiffDirectory& d = directory_;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = first + i;
    double value = 0;
    if (d.bits == 16) value = half_to_double(load<std::uint16_t>(row + at * 2));
    if (d.bits == 32) value = load<float>(row + at * 4);
    if (d.bits == 64) value = load<double>(row + at * 8);
    out[i * step] = real(value, d.separate ? plane : static_cast<std::uint32_t>(at % d.samples));
  }
}

void TiffConverter::unpack(const std::uint8_t* row, std::uint32_t plane, std::size_t first, std::size_t count,
                           std::uint16_t* out, std::size_t step) const {
  const std::uint32_t bits = directory_.bits;
  if (directory_.kind == TiffSamples::ieee) return unpack_real(row, plane, first, count, out, step);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = first + i;
    std::uint32_t value = 0;
    switch (bits) {
      case 8: value = row[at]; break;
      case 16: value = load<std::uint16_t>(row + at * 2); break;
      case 24: value = load24(row + at * 3); break;
      case 32: value = load<std::uint32_t>(row + at * 4); break;
      default: value = load_bits(row, at * bits, bits);
    }
    out[i * step] = narrow(value);
  }
}

template <class Out>
void TiffConverter::interpret_as(const std::uint16_t* s, std::size_t count, Out* out) const {
  const TiffDirectory& d = directory_;
  const std::uint32_t channels = d.pixels.channels();
  const std::uint32_t colours = channels - (d.pixels.alpha ? 1 : 0);
  const std::size_t entries = d.palette.size() / 3;
  const bool wide = sizeof(Out) == 2;
  const bool real = d.kind == TiffSamples::ieee;  // already in ICC's encoding
  for (std::size_t i = 0; i < count; ++i, s += d.samples, out += channels) {
    switch (d.colour) {
      case TiffColour::white_is_zero: out[0] = static_cast<Out>(top_ - s[0]); break;
      case TiffColour::palette:
        for (std::size_t c = 0; c < 3; ++c)
          out[c] = static_cast<Out>(d.palette[c * entries + std::min<std::size_t>(s[0], entries - 1)] >> 8);
        break;
      case TiffColour::cielab:  // TIFF 6.0, section 23: a and b signed. To ICC's encoding.
        out[0] = static_cast<Out>(s[0]);
        for (int c = 1; c < 3; ++c) {
          out[c] = static_cast<Out>(real   ? s[c]
                                    : wide ? std::min<std::uint32_t>(65535, (s[c] ^ 0x8000U) * 257U / 256U)
                                           : s[c] ^ 0x80U);
        }
        break;
      case TiffColour::icclab:  // 16 bit: the encoding of ICC version 2, whose 100 % is 0xFF00
        for (int c = 0; c < 3; ++c)
          out[c] = static_cast<Out>(wide && !real ? std::min<std::uint32_t>(65535, s[c] * 257U / 256U) : s[c]);
        break;
      default:
        for (std::uint32_t c = 0; c < colours; ++c) out[c] = static_cast<Out>(s[c]);
    }
    if (!d.pixels.alpha) continue;
    const std::uint32_t alpha = s[d.alpha_sample];
    out[colours] = static_cast<Out>(alpha);
    if (d.alpha != TiffAlpha::associated || alpha == 0 || alpha == top_) continue;
    for (std::uint32_t c = 0; c < colours; ++c) {
      out[c] = static_cast<Out>(std::min<std::uint64_t>(top_, (std::uint64_t{out[c]} * top_ + alpha / 2) / alpha));
    }
  }
}

void TiffConverter::interpret(const std::uint16_t* samples, std::size_t count, std::uint8_t* out) const {
  if (directory_.pixels.bits == 8) return interpret_as(samples, count, out);
  // Rows of 16-bit pixels are even: aligned.
  interpret_as(samples, count, reinterpret_cast<std::uint16_t*>(out));
}

void tiff_ycbcr_to_rgb(const TiffDirectory& directory, std::span<const std::uint8_t> block, std::uint32_t rows,
                       std::span<std::uint8_t> rgb) {
  const TiffDirectory& d = directory;
  const auto scaled = [&](int code, int at, float range) {
    const float span = d.reference[at + 1] - d.reference[at];
    return (static_cast<float>(code) - d.reference[at]) * range / (span != 0 ? span : 1);
  };
  const auto byte = [](float value) {
    return static_cast<std::uint8_t>(value > 0 ? std::min(255.0F, value + 0.5F) : 0);
  };
  const std::size_t unit = std::size_t{d.chroma_x} * d.chroma_y + 2;
  const std::uint32_t across = (d.block.width + d.chroma_x - 1) / d.chroma_x;
  for (std::uint32_t y = 0; y < rows; ++y) {
    for (std::uint32_t x = 0; x < d.block.width; ++x) {
      const std::size_t at = (std::size_t{y / d.chroma_y} * across + x / d.chroma_x) * unit;
      if (at + unit > block.size()) return;
      const float luma = scaled(block[at + std::size_t{y % d.chroma_y} * d.chroma_x + x % d.chroma_x], 0, 255);
      const float red = luma + scaled(block[at + unit - 1], 4, 127) * (2 - 2 * d.luma[0]);
      const float blue = luma + scaled(block[at + unit - 2], 2, 127) * (2 - 2 * d.luma[2]);
      std::uint8_t* out = rgb.data() + (std::size_t{y} * d.block.width + x) * 3;
      out[0] = byte(red);
      out[1] = byte((luma - d.luma[2] * blue - d.luma[0] * red) / d.luma[1]);
      out[2] = byte(blue);
    }
  }
}

}  // namespace armarium::codec
