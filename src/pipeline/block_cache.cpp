#include "pipeline/block_cache.h"

namespace armarium::pipeline {

std::uint64_t bytes_of(const image::Raster& raster) noexcept {
  if (const auto* planes = std::get_if<image::Planes>(&raster)) return planes->bytes();
  return std::get<image::Pixels>(raster).bytes().size();
}

base::Result<BlockPtr> BlockCache::get(const std::string& key, Share share, bool keep, const base::CancelToken& cancel,
                                       const Decode& decode) {
  if (BlockPtr kept = find(key, share)) return kept;
  return flights_.run(key, cancel, [&]() -> base::Result<BlockPtr> {
    // Another thread may have landed between the look above and this flight.
    if (BlockPtr kept = find(key, share)) return kept;
    auto block = decode();
    if (block && keep) lru(share).put(key, *block, bytes_of(**block));
    return block;
  });
}

}  // namespace armarium::pipeline
