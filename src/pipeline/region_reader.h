#pragma once
// Display pixels of a region of a picture at a size: plan, decode, colour, scale. Where the file has no tiles, so that each tile would decode all of it, the
// whole level is decoded once and kept. Thread-safe; blocks.

#include <memory>
#include <string>

#include "cache/byte_lru.h"
#include "cache/single_flight.h"
#include "image/pixels.h"
#include "pipeline/opened_pictures.h"

namespace armarium::pipeline {

// What a reading did, in milliseconds.
struct ReadingTrace {
  std::uint32_t level = 0;
  bool kept = false;  // the level was in memory
  double decode = 0;
  double scale = 0;
};

class RegionReader {
 public:
  explicit RegionReader(std::uint64_t max_bytes);

  base::Result<image::Pixels> read(const OpenedPicture& opened, const std::string& path, const codec::Request& request,
                                   const base::CancelToken& cancel, ReadingTrace& trace);
  // What the decoder will cost for this request; little when the level is kept.
  base::Result<codec::Cost> cost(const OpenedPicture& opened, const std::string& path, const codec::Request& request);

 private:
  using PixelsPtr = std::shared_ptr<const image::Pixels>;

  bool worth_keeping(const OpenedPicture& opened, const codec::Plan& plan) const;
  // Null when the level cannot be decoded as a whole.
  base::Result<PixelsPtr> whole_level(const OpenedPicture& opened, const std::string& path, const codec::Plan& part,
                                      const base::CancelToken& cancel);

  cache::ByteLru<image::Pixels> levels_;
  cache::SingleFlight<PixelsPtr> flights_;
};

}  // namespace armarium::pipeline
