#pragma once
// Decoded blocks of levels, shared by all requests: a neighbour, the next zoom step and a free region find what was decoded before. Bounded in bytes; low levels
// have a share of their own, so that a walk through a large picture does not push out the thumbnails of others. One block is decoded once, however many
// wait for it. Thread-safe; get blocks.

#include <memory>
#include <string>

#include "base/byte_lru.h"
#include "cache/single_flight.h"
#include "image/planes.h"

namespace armarium::pipeline {

using BlockPtr = std::shared_ptr<const image::Raster>;

class BlockCache {
 public:
  using Decode = cache::SingleFlight<BlockPtr>::Work;
  enum class Share { low, other };

  explicit BlockCache(std::uint64_t max_bytes)
      : low_(max_bytes / kLowPart, kLowShards), other_(max_bytes - max_bytes / kLowPart, 1) {}

  BlockPtr find(const std::string& key, Share share) { return lru(share).find(key); }
  // Decodes what is not there; `keep` is false for what is not worth its place.
  base::Result<BlockPtr> get(const std::string& key, Share share, bool keep, const base::CancelToken& cancel,
                             const Decode& decode);

  // Whether a block of so many bytes has a place at all.
  bool keeps(std::uint64_t bytes, Share share) const noexcept {
    return bytes <= (share == Share::low ? low_ : other_).largest();
  }
  // The largest block that is kept.
  std::uint64_t largest() const noexcept { return other_.largest(); }
  std::uint64_t bytes() const { return low_.bytes() + other_.bytes(); }

 private:
  static constexpr std::uint64_t kLowPart = 8;
  static constexpr std::size_t kLowShards = 1;

  base::ByteLru<image::Raster>& lru(Share share) { return share == Share::low ? low_ : other_; }

  base::ByteLru<image::Raster> low_;
  base::ByteLru<image::Raster> other_;
  cache::SingleFlight<BlockPtr> flights_;
};

std::uint64_t bytes_of(const image::Raster& raster) noexcept;

}  // namespace armarium::pipeline
