#pragma once
// A region read from top to bottom, a few rows of the result at a time: what is held between two strips is the row of blocks in which the next one begins. Made and read by RegionReader;
// belongs to one reading, one thread at a time.

#include <map>
#include <utility>

#include "pipeline/region_job.h"

namespace armarium::pipeline {

// Blocks that stay from strip to strip.
struct HeldBlocks {
  std::map<std::pair<std::uint32_t, std::uint32_t>, BlockPtr> blocks;  // by their place in the grid
  std::uint64_t good = 0;                                              // that could be decoded so far
};

struct RegionStrips {
  RegionJob job;
  image::RectF window;  // of all strips, in the upright level
  image::Size wanted;   // all strips together
  HeldBlocks held;
};

}  // namespace armarium::pipeline
