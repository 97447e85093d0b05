#pragma once
// One reading of a region, worked out: the level, where the region lies in it, the blocks that it reaches. Values that look at an opened picture, which must outlive them. Pure; any thread.

#include <string>

#include "image/planes.h"
#include "pipeline/block_cache.h"
#include "pipeline/block_grid.h"
#include "pipeline/opened_pictures.h"

namespace armarium::pipeline {

// What is to be done with the result: `luma` where only grey is wanted, `planes` where an encoder takes them. A source that has no planes gives pixels.
struct Wish {
  enum class Kind { pixels, luma, planes };
  Kind kind = Kind::pixels;
  image::Sampling sampling = {};  // of planes
};

// Everything as stored.
struct RegionJob {
  const OpenedPicture* opened = nullptr;
  const codec::Page* page = nullptr;
  std::uint32_t page_number = 0;
  std::uint32_t level = 0;
  image::RectF window;  // in the level
  image::Size target;
  Wish wish;
  image::Sampling chroma;  // of the blocks; none: pixels, in display colours
  bool convert = false;    // planes of another colour space
  bool linear = false;     // pixels of `needed` are scaled by themselves, in linear light
  BlockGrid grid;
  image::Rect needed;   // of the level
  image::Rect touched;  // blocks
  bool keep = false;    // blocks are worth their place in the cache
  std::string key;      // of all blocks of the level

  BlockCache::Share share() const { return grid.low ? BlockCache::Share::low : BlockCache::Share::other; }
  std::string key_of(std::uint32_t x, std::uint32_t y) const;
};

// Everything that does not depend on the window. `grid` other than block_grid's makes keys of its own.
RegionJob region_job(const OpenedPicture& opened, const std::string& path, const codec::Plan& plan, Wish wish,
                     bool linear);
void set_grid(RegionJob& job, const BlockGrid& grid);
// The window in the upright level becomes `wanted` pixels, upright.
void set_window(RegionJob& job, image::RectF window, image::Size wanted);
// The exact window of a request in the upright level; `plan` as Picture gives it.
image::RectF upright_window(const OpenedPicture& opened, const codec::Request& request, const codec::Plan& plan);
// Whether that window is more than copied.
bool is_scaled(const OpenedPicture& opened, const codec::Plan& plan, image::RectF window, image::Size wanted);

// Of a block of this size, decoded.
std::uint64_t bytes_of_block(const RegionJob& job, image::Size block);

}  // namespace armarium::pipeline
