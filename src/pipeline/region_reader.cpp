#include "pipeline/region_reader.h"

#include <chrono>
#include <ctime>
#include <optional>

#include <fmt/format.h>

#include "base/log.h"
#include "image/colour_transform.h"
#include "image/operations.h"
#include "pipeline/block_mosaic.h"
#include "pipeline/shared_work.h"
#include "pipeline/tile_grid.h"

namespace armarium::pipeline {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using image::Pixels;
using image::Planes;
using image::Raster;
using image::Rect;
using image::Size;

constexpr std::uint64_t kLargestPart = 4'000'000;  // pixels
constexpr std::uint64_t kLargestBlock = 64U << 20;
constexpr std::uint64_t kSharedBlock = 512U * 512;  // pixels: a helper is soon free again

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Result<Pixels> decode_pixels(const OpenedPicture& opened, const codec::Plan& plan, const base::CancelToken& cancel) {
  auto pixels = opened.picture->read_stored(plan, *opened.file, cancel);
  if (!pixels) return pixels;
  return image::to_display(std::move(*pixels), *opened.picture->page(plan.page).icc, cancel);
}

Result<Raster> decode_block(const OpenedPicture& opened, const codec::Plan& plan, image::Sampling chroma,
                            const base::CancelToken& cancel) {
  if (!chroma.none()) {
    auto planes = opened.picture->read_planes(plan, *opened.file, cancel);
    if (planes) return Raster(std::move(*planes));
    // Another kind of frame than its page promises, or damage that the reader of pixels knows better.
    if (planes.error().code != ErrorCode::unsupported && planes.error().code != ErrorCode::corrupt)
      return fail(std::move(planes.error()));
  }
  if (chroma.none()) {
    auto pixels = decode_pixels(opened, plan, cancel);
    if (!pixels) return fail(std::move(pixels.error()));
    return Raster(std::move(*pixels));
  }
  auto pixels = opened.picture->read_stored(plan, *opened.file, cancel);
  if (!pixels) return fail(std::move(pixels.error()));
  auto planes = image::to_planes(*pixels, chroma);
  if (!planes) return fail(std::move(planes.error()));
  return Raster(std::move(*planes));
}

// What this thread has computed so far.
std::chrono::nanoseconds thread_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// What stands for a block that is damaged.
Result<BlockPtr> blank(Size size, const image::PixelFormat& format, image::Sampling chroma) {
  if (!chroma.none()) {
    auto planes = Planes::allocate(size, chroma);
    if (!planes) return fail(std::move(planes.error()));
    planes->clear();
    return std::make_shared<const Raster>(std::move(*planes));
  }
  auto pixels = Pixels::allocate(size, image::display_format(format));
  if (!pixels) return fail(std::move(pixels.error()));
  std::fill(pixels->bytes().begin(), pixels->bytes().end(), std::uint8_t{0});
  return std::make_shared<const Raster>(std::move(*pixels));
}

}  // namespace

// One request, worked out.
struct RegionReader::Job : RegionJob {
  codec::Plan plan;  // of the area, for reading it alone
  bool by_blocks = false;
  bool alone = false;  // the answer is one block as it is, and cheap to have again
};

template <class Work>
std::invoke_result_t<Work> RegionReader::in_time(const std::string& key, std::uint64_t pixels,
                                                 const base::CancelToken& cancel, const Work& work) {
  if (auto begins = slow_.may_begin(key, pixels, answer_time_, cancel); !begins) return fail(std::move(begins.error()));
  const auto begin = thread_time();
  auto result = work();
  if (result) slow_.succeeded(key, pixels);
  if (result || result.error().code != ErrorCode::deadline_exceeded) return result;
  slow_.note(key, pixels, thread_time() - begin);
  if (slow_.hopeless(key, pixels, answer_time_))
    return fail(ErrorCode::resource_limit, codec::kTooSlow, "it ran out of time");
  return result;
}

Result<RegionReader::Job> RegionReader::job_of(const OpenedPicture& opened, const std::string& path,
                                               const codec::Request& request, Wish wish) {
  auto plan = opened.picture->plan(request);
  if (!plan) return fail(std::move(plan.error()));
  const image::RectF window = upright_window(opened, request, *plan);
  const bool linear = linear_light_ && is_scaled(opened, *plan, window, request.wanted);
  Job job{region_job(opened, path, *plan, wish, linear), {}, false, false};
  set_window(job, window, request.wanted);
  const codec::Level& level = job.page->levels.at(plan->level);
  const codec::Format format = opened.picture->format();

  const std::uint64_t block = bytes_of_block(job, job.grid.block);
  const bool fits = block <= blocks_.largest() / 20 * 19;
  const bool tiled = job.grid.tiled && block <= kLargestBlock;
  const bool most = job.needed.size().area() >= level.size.area() / 10 * 9;
  job.by_blocks = job.grid.low || tiled || fits || (most && !job.chroma.none());
  // A picture without smaller levels is decoded whole for everything; the next request will want it, too.
  job.keep =
      job.grid.low || (tiled ? block * job.touched.size().area() <= blocks_.largest() / 2
                             : fits && (!most || job.page->levels.size() == 1 || block <= blocks_.largest() / 8));
  // A code stream can be decoded in part: what is not kept needs no whole blocks.
  if (format == codec::Format::jp2 && (!job.keep || !blocks_.keeps(block, job.share()))) job.by_blocks = false;
  // One that keeps what neighbours share needs no blocks either, unless they are so many that several threads can take part.
  if (level.parts && !job.grid.low && plan->area.size().area() <= kLargestPart) job.by_blocks = false;
  const bool as_it_is = job.chroma.none() || (job.wish.kind == Wish::Kind::planes && job.wish.sampling == job.chroma);
  job.alone = format == codec::Format::tiff && job.grid.tiled && job.page->orientation <= 1 && as_it_is &&
              job.touched.size().area() == 1 && job.needed == job.grid.area(job.touched.x, job.touched.y) &&
              job.needed.size() == job.target && image::is_plain_part(level.size, job.window, job.target);
  job.plan = std::move(*plan);
  return job;
}

Result<BlockPtr> RegionReader::block_of(const RegionJob& job, std::uint32_t x, std::uint32_t y,
                                        const base::CancelToken& cancel, std::atomic<bool>& kept) {
  const Rect area = job.grid.area(x, y);
  return blocks_.get(job.key_of(x, y), job.share(), job.keep, cancel, [&]() -> Result<BlockPtr> {
    kept = false;
    auto plan = job.opened->picture->plan({job.page_number, {}, {}, codec::Request::Block{job.level, area}});
    if (!plan) return fail(std::move(plan.error()));
    auto raster = in_time(job.key, plan->cost.pixels, cancel,
                          [&] { return decode_block(*job.opened, *plan, job.chroma, cancel); });
    if (!raster) return fail(std::move(raster.error()));
    return std::make_shared<const Raster>(std::move(*raster));
  });
}

Result<std::vector<BlockPtr>> RegionReader::blocks_of(const RegionJob& job, HeldBlocks* held,
                                                      const base::CancelToken& cancel, bool& kept) {
  const std::size_t count = job.touched.size().area();
  std::vector<std::optional<Result<BlockPtr>>> found(count);
  std::atomic<bool> all_kept = true;
  const auto place = [&](std::size_t i) {
    return std::pair{job.touched.x + static_cast<std::uint32_t>(i % job.touched.width),
                     job.touched.y + static_cast<std::uint32_t>(i / job.touched.width)};
  };
  share_work(job.grid.block.area() <= kSharedBlock ? helpers_ : nullptr, count, [&](std::size_t i) {
    const auto [x, y] = place(i);
    if (held != nullptr) {
      if (const auto there = held->blocks.find({x, y}); there != held->blocks.end()) {
        found[i] = there->second;
        return true;
      }
    }
    auto go_on = cancel.check();
    found[i] = go_on ? block_of(job, x, y, cancel, all_kept) : Result<BlockPtr>(fail(std::move(go_on.error())));
    return found[i]->has_value() || found[i]->error().code == ErrorCode::corrupt;
  });
  kept = all_kept;
  std::vector<BlockPtr> blocks;
  blocks.reserve(count);
  std::optional<base::Error> damage;
  std::uint64_t good = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!found[i]) return fail(ErrorCode::internal, "The picture could not be read.", "a block was left out");
    const auto [x, y] = place(i);
    Result<BlockPtr> block = std::move(*found[i]);
    if (block) {
      if (held == nullptr || !held->blocks.contains({x, y})) ++good;
    } else if (block.error().code == ErrorCode::corrupt) {
      damage = std::move(block.error());
      block = blank(job.grid.area(x, y).size(), job.page->pixels, job.chroma);
    }
    if (!block) return fail(std::move(block.error()));
    if (held != nullptr) held->blocks.emplace(std::pair(x, y), *block);
    blocks.push_back(std::move(*block));
  }
  if (held != nullptr) good = held->good += good;
  if (!damage) return blocks;
  if (good == 0) return fail(std::move(*damage));
  job.opened->picture->index().found.store(codec::kShownInPart);
  base::log::warning("The file is damaged, blocks are missing: {} {}", damage->message, damage->detail);
  return blocks;
}

Result<Raster> RegionReader::read_blocks(const RegionJob& job, HeldBlocks* held, const base::CancelToken& cancel,
                                         ReadingTrace& trace) {
  const Stopwatch decoding;
  auto blocks = blocks_of(job, held, cancel, trace.kept);
  trace.decode = decoding.milliseconds();
  if (!blocks) return fail(std::move(blocks.error()));
  const Stopwatch scaling;
  const BlockArea area{job.grid, job.touched, std::move(*blocks)};
  const Rect& needed = job.needed;
  const image::RectF window = job.linear
                                  ? image::RectF{static_cast<double>(needed.x), static_cast<double>(needed.y),
                                                 static_cast<double>(needed.width), static_cast<double>(needed.height)}
                                  : job.window;
  const Size target = job.linear ? needed.size() : job.target;
  Result<Pixels> pixels;
  if (job.chroma.none()) {
    pixels = scale_pixels(area, needed, window, target, cancel);
  } else if (job.wish.kind == Wish::Kind::luma) {
    pixels = scale_luma(area, window, target, cancel);
  } else {
    const bool wanted = job.wish.kind == Wish::Kind::planes;
    auto planes = scale_planes(area, window, target, wanted ? job.wish.sampling : image::kFullChroma, cancel);
    if (!planes) return fail(std::move(planes.error()));
    if (wanted && job.convert) planes = image::to_display(std::move(*planes), *job.page->icc, cancel);
    if (!planes) return fail(std::move(planes.error()));
    trace.scale = scaling.milliseconds();
    if (wanted) return Raster(std::move(*planes));
    pixels = image::to_rgb(*planes);
    if (pixels && job.convert) pixels = image::to_display(std::move(*pixels), *job.page->icc, cancel);
  }
  if (pixels && job.linear) {
    pixels = image::resample_linear(
        *pixels, {job.window.x - needed.x, job.window.y - needed.y, job.window.width, job.window.height}, job.target,
        cancel);
  }
  if (pixels && job.page->orientation > 1) pixels = image::apply_orientation(*pixels, job.page->orientation);
  trace.scale = scaling.milliseconds();
  if (!pixels) return fail(std::move(pixels.error()));
  return Raster(std::move(*pixels));
}

// A tile of the file from its bytes to the encoder: not copied, and not kept beside its answer.
Result<Raster> RegionReader::read_alone(const Job& job, const base::CancelToken& cancel, ReadingTrace& trace) {
  const Stopwatch decoding;
  auto plan = job.opened->picture->plan({job.page_number, {}, {}, codec::Request::Block{job.level, job.needed}});
  if (!plan) return fail(std::move(plan.error()));
  auto raster =
      in_time(job.key, plan->cost.pixels, cancel, [&] { return decode_block(*job.opened, *plan, job.chroma, cancel); });
  if (raster && job.convert) {
    auto planes = image::to_display(std::get<Planes>(std::move(*raster)), *job.page->icc, cancel);
    if (!planes) return fail(std::move(planes.error()));
    raster = Raster(std::move(*planes));
  }
  trace.decode = decoding.milliseconds();
  return raster;
}

// Without blocks: what is too large to keep and can be read in part.
Result<Raster> RegionReader::read_area(const Job& job, const base::CancelToken& cancel, ReadingTrace& trace) {
  const Stopwatch decoding;
  auto pixels =
      in_time(job.key, job.plan.cost.pixels, cancel, [&] { return decode_pixels(*job.opened, job.plan, cancel); });
  trace.decode = decoding.milliseconds();
  if (!pixels) return fail(std::move(pixels.error()));
  const Stopwatch scaling;
  const Rect& area = job.plan.area;
  const auto scale = job.linear ? image::resample_linear : image::resample;
  pixels = scale(*pixels, {job.window.x - area.x, job.window.y - area.y, job.window.width, job.window.height},
                 job.target, cancel);
  if (pixels && job.page->orientation > 1) pixels = image::apply_orientation(*pixels, job.page->orientation);
  trace.scale = scaling.milliseconds();
  if (!pixels) return fail(std::move(pixels.error()));
  return Raster(std::move(*pixels));
}

Result<Raster> RegionReader::read(const OpenedPicture& opened, const std::string& path, const codec::Request& request,
                                  Wish wish, const base::CancelToken& cancel, ReadingTrace& trace) {
  auto job = job_of(opened, path, request, wish);
  if (!job) return fail(std::move(job.error()));
  trace.level = job->plan.level;
  if (!job->by_blocks) return read_area(*job, cancel, trace);
  if (job->alone && !blocks_.find(job->key_of(job->touched.x, job->touched.y), job->share()))
    return read_alone(*job, cancel, trace);
  // Each block may be quick and all of them together be more than an answer's time.
  return in_time(job->key + "|all", job->plan.cost.pixels, cancel,
                 [&] { return read_blocks(*job, nullptr, cancel, trace); });
}

Result<codec::Cost> RegionReader::cost(const OpenedPicture& opened, const std::string& path,
                                       const codec::Request& request) {
  auto job = job_of(opened, path, request, {});
  if (!job) return fail(std::move(job.error()));
  if (!job->by_blocks) return job->plan.cost;
  std::uint64_t pixels = 0;
  std::uint64_t bytes = 0;
  for (std::uint32_t y = job->touched.y; y < job->touched.bottom(); ++y) {
    for (std::uint32_t x = job->touched.x; x < job->touched.right(); ++x) {
      if (blocks_.find(job->key_of(x, y), job->share())) continue;
      const Size size = job->grid.area(x, y).size();
      pixels += size.area();
      bytes += bytes_of_block(*job, size);
    }
  }
  if (pixels == 0) return codec::Cost{};
  codec::Cost cost = job->plan.cost;
  cost.pixels = std::max(cost.pixels, pixels);
  cost.memory = std::max(cost.memory, bytes);
  return cost;
}

}  // namespace armarium::pipeline
