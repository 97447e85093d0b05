#pragma once
// One code block: from its codeword segments to quantized coefficients (ISO/IEC 15444-1, annex D; not high throughput). Never fails: damaged bytes give other coefficients. One thread;
// keeps its buffers from block to block.

#include <cstdint>
#include <span>
#include <vector>

#include "codec/jp2_header.h"
#include "codec/jp2_mq.h"

namespace armarium::codec::jp2 {

// Which neighbours count for what (table D.1): the names are those of horizontal, then vertical filtering.
enum class BandKind : std::uint8_t { ll_lh, hl, hh };

struct BlockSegment {
  const std::uint8_t* bytes = nullptr;  // two bytes 0xFF follow
  std::uint32_t passes = 0;
};

struct BlockCode {
  std::uint32_t width = 0, height = 0;  // at most 4096 samples (B.7)
  std::uint8_t planes = 0;              // bit planes that are coded, at most kMostPlanes
  std::uint8_t style = 0;               // BlockStyle
  BandKind kind = BandKind::ll_lh;
  std::span<const BlockSegment> segments;
};
inline constexpr std::uint8_t kMostPlanes = 30;

class BlockDecoder {
 public:
  // Coefficients row by row, in halves: the lowest bit, and those of planes that are missing, say half of what could be there (E.1.1.2, r = 1/2). Valid until the next call.
  std::span<const std::int32_t> decode(const BlockCode& code);

 private:
  template <bool Causal>
  void run(const BlockCode& code);
  template <bool Causal, std::uint32_t Kind, class Coder>
  void pass(Coder& shared, std::uint32_t plane, std::uint8_t style);

  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::uint32_t stride_ = 0;  // of flags_: a column more on each side
  const std::uint8_t* zero_contexts_ = nullptr;
  MqContexts contexts_;
  std::vector<std::int32_t> samples_;
  std::vector<std::uint32_t>
      flags_;  // of four samples below each other, in stripes (D.1); a stripe more above and below
};

}  // namespace armarium::codec::jp2
