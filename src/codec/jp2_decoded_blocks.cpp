#include "codec/jp2_decoded_blocks.h"

namespace armarium::codec::jp2 {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{48} << 20;  // some eight megapixels of colour

}  // namespace

DecodedBlocks& decoded_blocks() {
  static DecodedBlocks blocks(kMaxBytes);
  return blocks;
}

}  // namespace armarium::codec::jp2
