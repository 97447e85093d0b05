#pragma once
// The part of one tile decoded here, from the code blocks that it needs and no others: blocks (jp2_block_decoder.h), wavelets (jp2_wavelet.h), colour transform, levels. What OpenJPEG would give for the
// excerpt of jp2_excerpt.h, to the bit where nothing was quantized. Values; any thread. Errors: unsupported (where OpenJPEG has to do it: high throughput, unusual depths); cancelled; io.

#include "codec/jp2_excerpt.h"

namespace armarium::codec::jp2 {

// `precincts`: those that are known already. `bytes` holds the ranges that add_ranges() names.
base::Result<Planes> decode_tile(const TileIndex& tile, const Cut& cut, const std::vector<Need>& needs,
                                 Precincts precincts, const base::ByteSource& bytes, const base::CancelToken& cancel);

}  // namespace armarium::codec::jp2
