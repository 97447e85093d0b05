#include "pipeline/region_job.h"

#include <fmt/format.h>

#include "image/colour_transform.h"
#include "pipeline/tile_grid.h"

namespace armarium::pipeline {
namespace {

using image::Rect;
using image::Size;

// Whether blocks of this level are kept as planes: they are stored so and meet on chroma samples. A profile is applied to the result.
bool planar(const codec::Page& page, const codec::Level& level, const BlockGrid& grid) {
  if (level.chroma.none() || !(page.pixels == image::kRgb8)) return false;
  return (grid.block.width % level.chroma.x == 0 || grid.block.width == level.size.width) &&
         (grid.block.height % level.chroma.y == 0 || grid.block.height == level.size.height);
}

}  // namespace

std::string RegionJob::key_of(std::uint32_t x, std::uint32_t y) const { return fmt::format("{}|{},{}", key, x, y); }

std::uint64_t bytes_of_block(const RegionJob& job, Size block) {
  if (job.chroma.none()) return block.area() * image::display_format(job.page->pixels).channels();
  return block.area() + 2 * job.chroma.chroma(block).area();
}

RegionJob region_job(const OpenedPicture& opened, const std::string& path, const codec::Plan& plan, Wish wish,
                     bool linear) {
  RegionJob job;
  job.opened = &opened;
  job.page = &opened.picture->page(plan.page);
  job.page_number = plan.page;
  job.level = plan.level;
  job.wish = wish;
  job.linear = linear;
  if (linear || (job.page->orientation > 1 && wish.kind == Wish::Kind::planes)) job.wish.kind = Wish::Kind::pixels;
  job.key = fmt::format("{}|{}|{}|{}", opened.version, plan.page, plan.level, path);
  set_grid(job, block_grid(*job.page, plan.level, opened.picture->format()));
  return job;
}

void set_grid(RegionJob& job, const BlockGrid& grid) {
  job.grid = grid;
  const codec::Level& level = job.page->levels.at(job.level);
  job.chroma = {};
  if (!planar(*job.page, level, grid)) return;
  job.chroma = level.chroma;
  job.convert = !image::transform_for(job.page->pixels, *job.page->icc)->identity();
  if (job.convert && job.wish.kind == Wish::Kind::luma) job.wish.kind = Wish::Kind::pixels;
}

void set_window(RegionJob& job, image::RectF window, Size wanted) {
  const Size level = job.grid.level;
  job.window = as_stored(window, level, job.page->orientation);
  job.target = as_stored(wanted, job.page->orientation);
  image::Sampling made;
  if (!job.chroma.none() && job.wish.kind != Wish::Kind::luma)
    made = job.wish.kind == Wish::Kind::planes ? job.wish.sampling : image::kFullChroma;
  job.needed = reached(level, job.window, job.target, made.none() ? image::Sampling{} : job.chroma, made);
  job.touched = job.grid.touched(job.needed);
}

image::RectF upright_window(const OpenedPicture& opened, const codec::Request& request, const codec::Plan& plan) {
  const codec::Page& page = opened.picture->page(plan.page);
  const Size level = page.levels.at(plan.level).size;
  const image::RectF window = exact_window(plan.window, request,
                                           {opened.picture->size(request.page), as_stored(level, page.orientation),
                                            page.orientation, opened.picture->format() == codec::Format::jp2});
  const Rect area = upright(plan.area, level, page.orientation);
  return {window.x + area.x, window.y + area.y, window.width, window.height};
}

bool is_scaled(const OpenedPicture& opened, const codec::Plan& plan, image::RectF window, Size wanted) {
  const codec::Page& page = opened.picture->page(plan.page);
  return !image::is_plain_part(as_stored(page.levels.at(plan.level).size, page.orientation), window, wanted);
}

}  // namespace armarium::pipeline
