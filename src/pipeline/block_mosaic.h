#pragma once
// Blocks of a level side by side, scaled as one picture. Pure; any thread.

#include <vector>

#include "pipeline/block_cache.h"
#include "pipeline/block_grid.h"

namespace armarium::pipeline {

// All blocks of `touched`, row by row; all are planes of one sampling or pixels of one format.
struct BlockArea {
  BlockGrid grid;
  image::Rect touched;
  std::vector<BlockPtr> blocks;

  // The upper left corner, in pixels of the level.
  image::Rect first() const noexcept { return grid.area(touched.x, touched.y); }
};

// `window` in pixels of the level.
base::Result<image::Planes> scale_planes(const BlockArea& area, image::RectF window, image::Size target,
                                         image::Sampling sampling, const base::CancelToken& cancel);
base::Result<image::Pixels> scale_luma(const BlockArea& area, image::RectF window, image::Size target,
                                       const base::CancelToken& cancel);
base::Result<image::Pixels> scale_pixels(const BlockArea& area, const image::Rect& needed, image::RectF window,
                                         image::Size target, const base::CancelToken& cancel);

}  // namespace armarium::pipeline
