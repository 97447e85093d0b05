#include "pipeline/block_mosaic.h"

#include <variant>

#include "image/operations.h"

namespace armarium::pipeline {
namespace {

using image::Mosaic;
using image::Pixels;
using image::Planes;
using image::Rect;

// The edges of the blocks along one side, from 0, in samples that stand for `step` pixels.
std::vector<std::uint32_t> edges(std::uint32_t first, std::uint32_t count, std::uint32_t block, std::uint32_t length,
                                 std::uint32_t step) {
  std::vector<std::uint32_t> result{0};
  const std::uint32_t start = first * block;
  for (std::uint32_t i = 1; i <= count; ++i) {
    const auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{first + i} * block, length));
    result.push_back(image::scaled_up(end - start, step));
  }
  return result;
}

template <class Piece>
Mosaic mosaic_of(const BlockArea& area, image::Sampling step, std::uint32_t channels, const Piece& piece) {
  std::vector<Mosaic::Piece> pieces;
  pieces.reserve(area.blocks.size());
  for (const BlockPtr& block : area.blocks) pieces.push_back(piece(*block));
  const Rect& touched = area.touched;
  return {edges(touched.x, touched.width, area.grid.block.width, area.grid.level.width, step.x),
          edges(touched.y, touched.height, area.grid.block.height, area.grid.level.height, step.y), channels,
          std::move(pieces)};
}

image::PlaneMosaics planes_of(const BlockArea& area) {
  image::PlaneMosaics result;
  result.sampling = std::get<Planes>(*area.blocks.front()).sampling();
  for (std::uint32_t plane = 0; plane < 3; ++plane) {
    result.planes.push_back(mosaic_of(area, plane == 0 ? image::kFullChroma : result.sampling, 1,
                                      [plane](const image::Raster& block) -> Mosaic::Piece {
                                        const auto& planes = std::get<Planes>(block);
                                        return {planes.row(plane, 0), planes.stride(plane)};
                                      }));
  }
  result.size = result.planes.front().size();
  return result;
}

image::RectF relative(const BlockArea& area, image::RectF window) {
  const Rect first = area.first();
  return {window.x - first.x, window.y - first.y, window.width, window.height};
}

}  // namespace

base::Result<Planes> scale_planes(const BlockArea& area, image::RectF window, image::Size target,
                                  image::Sampling sampling, const base::CancelToken& cancel) {
  return image::resample_planes(planes_of(area), relative(area, window), target, sampling, cancel);
}

base::Result<Pixels> scale_luma(const BlockArea& area, image::RectF window, image::Size target,
                                const base::CancelToken& cancel) {
  return image::resample_luma(planes_of(area), relative(area, window), target, cancel);
}

base::Result<Pixels> scale_pixels(const BlockArea& area, const Rect& needed, image::RectF window, image::Size target,
                                  const base::CancelToken& cancel) {
  const image::PixelFormat format = std::get<Pixels>(*area.blocks.front()).format();
  const Mosaic mosaic =
      mosaic_of(area, image::kFullChroma, format.channels(), [](const image::Raster& block) -> Mosaic::Piece {
        const auto& pixels = std::get<Pixels>(block);
        return {pixels.row(0), pixels.stride()};
      });
  const Rect first = area.first();
  if (format.alpha) {  // colours have to be weighted first: on a copy
    auto part = Pixels::allocate(needed.size(), format);
    if (!part) return part;
    for (std::uint32_t y = 0; y < needed.height; ++y)
      mosaic.copy_row(needed.x - first.x, needed.y - first.y + y, needed.width, part->row(y));
    return image::resample(*part, {window.x - needed.x, window.y - needed.y, window.width, window.height}, target,
                           cancel);
  }
  auto result = Pixels::allocate(target, format);
  if (!result) return result;
  auto done = image::resample_mosaic(mosaic, relative(area, window), target, image::Kernel::lanczos3,
                                     {result->row(0), result->stride()}, cancel);
  if (!done) return base::fail(std::move(done.error()));
  return result;
}

}  // namespace armarium::pipeline
