// The half of RegionReader that reads strip by strip.
#include "pipeline/region_strips.h"

#include <algorithm>

#include "pipeline/region_reader.h"

namespace armarium::pipeline {
namespace {

using base::fail;
using base::Result;
using image::Raster;
using image::Rect;
using image::Size;

constexpr std::uint64_t kBandBytes = std::uint64_t{8} << 20;
constexpr std::uint32_t kBandStep = 64;  // rows; a multiple of any chroma

// A level that is no grid of tiles, in bands of rows, if those can be decoded alone; nothing where they cannot.
Result<bool> cut_into_bands(RegionJob& job) {
  const Size level = job.grid.level;
  const std::uint64_t row = bytes_of_block(job, {level.width, kBandStep});
  const std::uint64_t steps = std::max<std::uint64_t>(1, kBandBytes / row);
  const auto height = static_cast<std::uint32_t>(std::min<std::uint64_t>(steps * kBandStep, level.height));
  if (height == level.height) return false;
  const Rect last{0, level.height - height, level.width, height};
  auto plan = job.opened->picture->plan({job.page_number, {}, {}, codec::Request::Block{job.level, last}});
  if (!plan) return fail(std::move(plan.error()));
  const std::uint64_t file = job.opened->picture->index().file_size;
  if (plan->cost.pixels > 4 * last.size().area() || plan->cost.bytes_read > file / 2) return false;
  BlockGrid grid = job.grid;
  grid.block = {level.width, height};
  grid.tiled = true;
  job.key += "|rows";  // not the blocks that others know
  set_grid(job, grid);
  return true;
}

void set_rows(RegionStrips& strips, std::uint32_t first, std::uint32_t count) {
  const image::RectF& all = strips.window;
  const double start = all.height * first / strips.wanted.height;
  const double length = all.height * count / strips.wanted.height;
  set_window(strips.job, {all.x, all.y + start, all.width, length}, {strips.wanted.width, count});
}

}  // namespace

Result<RegionStrips> RegionReader::strips(const OpenedPicture& opened, const std::string& path,
                                          const codec::Request& request, Wish wish) const {
  auto plan = opened.picture->place(request);
  if (!plan) return fail(std::move(plan.error()));
  RegionStrips strips;
  strips.window = upright_window(opened, request, *plan);
  strips.wanted = request.wanted;
  const bool linear = linear_light_ && is_scaled(opened, *plan, strips.window, request.wanted);
  strips.job = region_job(opened, path, *plan, wish, linear);
  const BlockGrid& grid = strips.job.grid;
  strips.job.keep = grid.low;
  if (!grid.low && !grid.tiled) {
    if (auto cut = cut_into_bands(strips.job); !cut) return fail(std::move(cut.error()));
  }
  return strips;
}

Result<std::uint64_t> RegionReader::memory(RegionStrips& strips, std::uint32_t rows) const {
  std::uint64_t blocks = 0;
  std::uint64_t needed = 0;
  for (std::uint32_t y = 0; y < strips.wanted.height; y += rows) {
    set_rows(strips, y, std::min(rows, strips.wanted.height - y));
    blocks = std::max(blocks, strips.job.touched.size().area());
    needed = std::max(needed, strips.job.needed.size().area());
  }
  const Rect first = strips.job.grid.area(0, 0);
  auto plan = strips.job.opened->picture->plan(
      {strips.job.page_number, {}, {}, codec::Request::Block{strips.job.level, first}});
  if (!plan) return fail(std::move(plan.error()));
  // Planes at full chroma, pixels of them, and what the operations make of those.
  const std::uint64_t strip = std::uint64_t{strips.wanted.width} * rows * 10 + (strips.job.linear ? needed * 6 : 0);
  return blocks * bytes_of_block(strips.job, first.size()) + plan->cost.memory + strip;
}

Result<Raster> RegionReader::read_strip(RegionStrips& strips, std::uint32_t first, std::uint32_t count,
                                        const base::CancelToken& cancel, ReadingTrace& trace) {
  set_rows(strips, first, count);
  trace.level = strips.job.level;
  const Rect& touched = strips.job.touched;
  std::erase_if(strips.held.blocks, [&](const auto& entry) {
    return !touched.contains({entry.first.first, entry.first.second, 1, 1});
  });
  return read_blocks(strips.job, &strips.held, cancel, trace);
}

}  // namespace armarium::pipeline
