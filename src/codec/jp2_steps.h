#pragma once
// How the coefficients of each subband are quantized (ISO/IEC 15444-1, A.6.4, A.6.5 and E.1). Values; any thread.

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "codec/jp2_header.h"

namespace armarium::codec::jp2 {

struct BandStep {
  std::uint8_t planes = 0;  // bit planes that its code blocks may have (Mb)
  float size = 1;           // of a quantization step; 1 where nothing is quantized
};

// `main` and `tile` hold QCD and QCC markers as they are, those of the tile go first. `bands` as in a Resolution: LL, or HL, LH, HH. Nothing where the markers do not say it.
class Quantization {
 public:
  Quantization(const CodeStream& stream, std::uint32_t component, base::ByteView main, base::ByteView tile);

  std::optional<BandStep> step(std::uint32_t resolution, std::uint32_t band) const;

 private:
  std::uint32_t bits_;  // of the component
  bool reversible_;
  base::ByteView values_;  // Sqcd or Sqcc and what follows; empty: there is none
};

}  // namespace armarium::codec::jp2
