// What is known around four samples below each other is one word, so that most decisions look at one word only:
//   bits 0 to 17: which of the samples around them are significant, three columns by six rows, row by row from the one above;
//   bits 18 to 23: signs of the same six rows in their own column; 24 to 27: refined before; 28 to 31: visited in this bit plane.

#include "codec/jp2_block_decoder.h"

#include <algorithm>

namespace armarium::codec::jp2 {
namespace {

constexpr std::uint32_t kAround = 0x3FFFF;
constexpr std::uint32_t kSelf = 1U << 4;      // of the nine around the uppermost sample
constexpr std::uint32_t kNeighbours = 0x1EF;  // the same without itself
constexpr std::uint32_t kSelfOfAll = kSelf | kSelf << 3 | kSelf << 6 | kSelf << 9;
constexpr std::uint32_t kSigns = 18;
constexpr std::uint32_t kRefined = 24;
constexpr std::uint32_t kVisited = 28;
constexpr std::uint32_t kVisitedOfAll = 0xFU << kVisited;

constexpr std::uint32_t bit(std::uint32_t word, std::uint32_t at) { return (word >> at) & 1U; }

// Table D.1 by the nine bits around a sample.
constexpr std::uint8_t zero_context(std::uint32_t around, BandKind kind) {
  std::uint32_t h = bit(around, 3) + bit(around, 5);
  std::uint32_t v = bit(around, 1) + bit(around, 7);
  const std::uint32_t d = bit(around, 0) + bit(around, 2) + bit(around, 6) + bit(around, 8);
  if (kind == BandKind::hh) {
    const std::uint32_t hv = std::min(h + v, 2U);
    if (d >= 3) return 8;
    if (d == 2) return hv >= 1 ? 7 : 6;
    return static_cast<std::uint8_t>(3 * d + hv);
  }
  if (kind == BandKind::hl) std::swap(h, v);
  if (h == 2) return 8;
  if (h == 1) return v >= 1 ? 7 : d >= 1 ? 6 : 5;
  if (v > 0) return static_cast<std::uint8_t>(2 + v);
  return static_cast<std::uint8_t>(std::min(d, 2U));
}

using ZeroContexts = std::array<std::uint8_t, 512>;
constexpr std::array<ZeroContexts, 3> kZeroContexts = [] {
  std::array<ZeroContexts, 3> tables{};
  for (std::uint32_t kind = 0; kind < 3; ++kind) {
    for (std::uint32_t around = 0; around < 512; ++around)
      tables[kind][around] = zero_context(around, static_cast<BandKind>(kind));
  }
  return tables;
}();

// Tables D.2 and D.3 by significance, then sign, each of the left, right, upper and lower neighbour; bit 7: the sign comes inverted.
constexpr std::array<std::uint8_t, 256> kSignContexts = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    const auto part = [i](std::uint32_t first) {
      int sum = 0;
      for (std::uint32_t k = first; k < first + 2; ++k) {
        if (bit(i, k) != 0) sum += bit(i, k + 4) != 0 ? -1 : 1;
      }
      return std::clamp(sum, -1, 1);
    };
    int h = part(0);
    int v = part(2);
    const bool inverted = h < 0 || (h == 0 && v < 0);
    if (inverted) {
      h = -h;
      v = -v;
    }
    const int context = h == 1 ? 12 + v : 9 + v;
    table[i] = static_cast<std::uint8_t>(context | (inverted ? 0x80 : 0));
  }
  return table;
}();

struct MqCoder {
  MqDecoder decoder;
  MqContexts contexts;
  static constexpr bool kRaw = false;

  [[gnu::always_inline]] std::uint32_t decode(std::uint32_t context) noexcept {
    return decoder.decode(contexts.state[context]);
  }
};

struct RawCoder {
  RawDecoder decoder;
  static constexpr bool kRaw = true;

  std::uint32_t decode(std::uint32_t) noexcept { return decoder.bit(); }
};

// One pass over a block. All of it is in values of this function's own, so that it can stay in registers.
template <bool Causal, class Coder>
struct Scan {
  Coder coder;
  std::uint32_t* flags;  // of the column
  std::int32_t* samples;
  std::uint32_t stride;  // of flags
  std::uint32_t width;
  const std::uint8_t* zero_contexts;
  std::int32_t value;  // of a sample that becomes significant now

  // D.3.2. `own` are the column's flags.
  [[gnu::always_inline]] std::uint32_t sign(std::uint32_t own, std::uint32_t row) {
    if constexpr (Coder::kRaw) return coder.decode(0);
    const std::uint32_t left = flags[-1];
    const std::uint32_t right = flags[1];
    const std::uint32_t index = bit(own, 3 * row + 3) | bit(own, 3 * row + 5) << 1 | bit(own, 3 * row + 1) << 2 |
                                bit(own, 3 * row + 7) << 3 | bit(left, kSigns + row + 1) << 4 |
                                bit(right, kSigns + row + 1) << 5 | bit(own, kSigns + row) << 6 |
                                bit(own, kSigns + row + 2) << 7;
    const std::uint32_t entry = kSignContexts[index];
    return coder.decode(entry & 0x7FU) ^ (entry >> 7);
  }

  // Gives the column's flags.
  [[gnu::always_inline]] std::uint32_t become_significant(std::uint32_t own, std::uint32_t row) {
    const std::uint32_t negative = sign(own, row);
    samples[std::size_t{row} * width] = negative != 0 ? -value : value;
    flags[-1] |= 1U << (3 * row + 5);
    flags[1] |= 1U << (3 * row + 3);
    if (row == 0 && !Causal) {
      std::uint32_t* above = flags - stride;
      above[-1] |= 1U << 17;
      above[0] |= 1U << 16 | negative << (kSigns + 5);
      above[1] |= 1U << 15;
    }
    if (row == 3) {
      std::uint32_t* below = flags + stride;
      below[-1] |= 1U << 2;
      below[0] |= 1U << 1 | negative << kSigns;
      below[1] |= 1U;
    }
    return own | kSelf << (3 * row) | negative << (kSigns + row + 1);
  }

  // D.3.1
  [[gnu::always_inline]] void significance(std::uint32_t rows) {
    std::uint32_t own = *flags;
    if ((own & kAround) == 0) return;
#pragma GCC unroll 4
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::uint32_t around = own >> (3 * row);
      if ((around & kSelf) != 0 || (around & kNeighbours) == 0) continue;
      if (coder.decode(zero_contexts[around & kNeighbours]) != 0) own = become_significant(own, row);
      own |= 1U << (kVisited + row);
    }
    *flags = own;
  }

  // D.3.3
  [[gnu::always_inline]] void magnitude(std::uint32_t rows) {
    std::uint32_t own = *flags;
    if ((own & kSelfOfAll) == 0) return;
#pragma GCC unroll 4
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::uint32_t around = own >> (3 * row);
      if ((around & kSelf) == 0 || bit(own, kVisited + row) != 0) continue;
      std::uint32_t context = kMagnitude + 2;
      if (bit(own, kRefined + row) == 0) context = (around & kNeighbours) != 0 ? kMagnitude + 1 : kMagnitude;
      std::int32_t& sample = samples[std::size_t{row} * width];
      const std::int32_t change = coder.decode(context) != 0 ? value : -value;
      sample += sample < 0 ? -change : change;
      own |= 1U << (kRefined + row);
    }
    *flags = own;
  }

  // D.3.4
  [[gnu::always_inline]] void cleanup(std::uint32_t rows) {
    std::uint32_t own = *flags;
    std::uint32_t row = 0;
    bool known = false;  // that the sample at `row` becomes significant
    if (rows == 4 && (own & (kAround | kVisitedOfAll)) == 0) {
      if (coder.decode(kRun) == 0) return;
      row = coder.decode(kUniform) << 1;
      row |= coder.decode(kUniform);
      known = true;
    }
    for (; row < rows; ++row) {
      const std::uint32_t around = own >> (3 * row);
      if ((around & kSelf) != 0 || bit(own, kVisited + row) != 0) continue;
      if (known || coder.decode(zero_contexts[around & kNeighbours]) != 0) own = become_significant(own, row);
      known = false;
    }
    *flags = own & ~kVisitedOfAll;
  }
};

}  // namespace

// Table C.2: Qe, next state after the more and the less probable symbol, and whether the symbols change places.
const std::array<MqTransition, 94> kMqTransitions = [] {
  struct Row {
    std::uint16_t probability;
    std::uint8_t more, less, change;
  };
  constexpr std::array<Row, 47> kRows = {{
      {0x5601, 1, 1, 1},   {0x3401, 2, 6, 0},   {0x1801, 3, 9, 0},   {0x0AC1, 4, 12, 0},  {0x0521, 5, 29, 0},
      {0x0221, 38, 33, 0}, {0x5601, 7, 6, 1},   {0x5401, 8, 14, 0},  {0x4801, 9, 14, 0},  {0x3801, 10, 14, 0},
      {0x3001, 11, 17, 0}, {0x2401, 12, 18, 0}, {0x1C01, 13, 20, 0}, {0x1601, 29, 21, 0}, {0x5601, 15, 14, 1},
      {0x5401, 16, 14, 0}, {0x5101, 17, 15, 0}, {0x4801, 18, 16, 0}, {0x3801, 19, 17, 0}, {0x3401, 20, 18, 0},
      {0x3001, 21, 19, 0}, {0x2801, 22, 19, 0}, {0x2401, 23, 20, 0}, {0x2201, 24, 21, 0}, {0x1C01, 25, 22, 0},
      {0x1801, 26, 23, 0}, {0x1601, 27, 24, 0}, {0x1401, 28, 25, 0}, {0x1201, 29, 26, 0}, {0x1101, 30, 27, 0},
      {0x0AC1, 31, 28, 0}, {0x09C1, 32, 29, 0}, {0x08A1, 33, 30, 0}, {0x0521, 34, 31, 0}, {0x0441, 35, 32, 0},
      {0x02A1, 36, 33, 0}, {0x0221, 37, 34, 0}, {0x0141, 38, 35, 0}, {0x0111, 39, 36, 0}, {0x0085, 40, 37, 0},
      {0x0049, 41, 38, 0}, {0x0025, 42, 39, 0}, {0x0015, 43, 40, 0}, {0x0009, 44, 41, 0}, {0x0005, 45, 42, 0},
      {0x0001, 45, 43, 0}, {0x5601, 46, 46, 0},
  }};
  std::array<MqTransition, 94> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    const Row& row = kRows[i / 2];
    const std::uint32_t symbol = i % 2;
    table[i] = {row.probability, static_cast<std::uint8_t>(row.more * 2U + symbol),
                static_cast<std::uint8_t>(row.less * 2U + (symbol ^ row.change))};
  }
  return table;
}();

// The columns of one stripe after the other; `Rows` is 4, or 0 where the last stripe is lower.
template <std::uint32_t Kind, std::uint32_t Rows, class Scan>
[[gnu::always_inline]] inline void scan_stripe(Scan& scan, std::uint32_t lower) {
  const std::uint32_t rows = Rows != 0 ? Rows : lower;
  for (std::uint32_t x = 0; x < scan.width; ++x, ++scan.flags, ++scan.samples) {
    if constexpr (Kind == 0) scan.significance(rows);
    if constexpr (Kind == 1) scan.magnitude(rows);
    if constexpr (Kind == 2) scan.cleanup(rows);
  }
}

template <bool Causal, std::uint32_t Kind, class Coder>
void BlockDecoder::pass(Coder& shared, std::uint32_t plane, std::uint8_t style) {
  const std::int32_t one = std::int32_t{1} << (plane + 1);  // samples are in halves
  Scan<Causal, Coder> scan{
      shared, nullptr, nullptr, stride_, width_, zero_contexts_, Kind == 1 ? one >> 1 : one | one >> 1};
  for (std::uint32_t y = 0; y < height_; y += 4) {
    scan.flags = flags_.data() + std::size_t{y / 4 + 1} * stride_ + 1;
    scan.samples = samples_.data() + std::size_t{y} * width_;
    if (height_ - y >= 4) {
      scan_stripe<Kind, 4>(scan, 4);
    } else {
      scan_stripe<Kind, 0>(scan, height_ - y);
    }
  }
  if (Kind == 2 && (style & kStyleSymbols) != 0) {  // D.5
    for (int i = 0; i < 4; ++i) scan.coder.decode(kUniform);
  }
  shared = scan.coder;
}

// D.3, figure D.3 and D.4 to D.6: the first plane has a cleanup pass only.
template <bool Causal>
void BlockDecoder::run(const BlockCode& code) {
  std::uint32_t number = 2;  // of the pass; three to a plane
  for (const BlockSegment& segment : code.segments) {
    MqCoder coder{MqDecoder(segment.bytes), contexts_};
    RawCoder raw{RawDecoder(segment.bytes)};
    for (std::uint32_t i = 0; i < segment.passes; ++i, ++number) {
      if (number / 3 >= code.planes) return;
      const std::uint32_t plane = code.planes - 1U - number / 3;
      const std::uint32_t kind = number % 3;
      const bool bypass = (code.style & kStyleBypass) != 0 && number / 3 >= 4;
      if (kind == 0) {
        bypass ? pass<Causal, 0>(raw, plane, code.style) : pass<Causal, 0>(coder, plane, code.style);
      } else if (kind == 1) {
        bypass ? pass<Causal, 1>(raw, plane, code.style) : pass<Causal, 1>(coder, plane, code.style);
      } else {
        pass<Causal, 2>(coder, plane, code.style);
      }
      if ((code.style & kStyleReset) != 0) coder.contexts.reset();
    }
    contexts_ = coder.contexts;
  }
}

std::span<const std::int32_t> BlockDecoder::decode(const BlockCode& code) {
  width_ = code.width;
  height_ = code.height;
  stride_ = width_ + 2;
  samples_.assign(std::size_t{width_} * height_, 0);
  flags_.assign(std::size_t{stride_} * ((height_ + 3) / 4 + 2), 0);
  zero_contexts_ = kZeroContexts[static_cast<std::size_t>(code.kind)].data();
  contexts_.reset();
  if (code.planes > 0 && code.planes <= kMostPlanes) {
    if ((code.style & kStyleCausal) != 0) {
      run<true>(code);
    } else {
      run<false>(code);
    }
  }
  return samples_;
}

}  // namespace armarium::codec::jp2
