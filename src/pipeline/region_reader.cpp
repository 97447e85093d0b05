#include "pipeline/region_reader.h"

#include <chrono>

#include <fmt/format.h>

#include "image/operations.h"
#include "pipeline/tile_grid.h"

namespace armarium::pipeline {
namespace {

using image::Pixels;
using image::Rect;
using image::Size;

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string key_of(const OpenedPicture& opened, const std::string& path, const codec::Plan& plan) {
  return fmt::format("{}|{}|{}|{}", opened.version, plan.page, plan.level, path);
}

base::Result<Pixels> decode(const OpenedPicture& opened, const codec::Plan& plan, const base::CancelToken& cancel) {
  auto pixels = opened.picture->read(plan, *opened.file, cancel);
  if (!pixels) return pixels;
  return image::to_display(std::move(*pixels), *opened.picture->page(plan.page).icc, cancel);
}

}  // namespace

RegionReader::RegionReader(std::uint64_t max_bytes) : levels_(max_bytes, 1) {}

bool RegionReader::worth_keeping(const OpenedPicture& opened, const codec::Plan& plan) const {
  const codec::Page& page = opened.picture->page(plan.page);
  const codec::Level& level = page.levels.at(plan.level);
  const std::uint64_t area = plan.area.size().area();
  const bool dear = level.tile.empty() || plan.cost.pixels / 4 > area;
  // A picture without smaller levels is decoded whole for everything; the next request will want it, too.
  const bool wanted_again = area < level.size.area() / 10 * 9 || page.levels.size() == 1;
  const std::uint64_t bytes = level.size.area() * (page.pixels.model == image::ColourModel::grey ? 1 : 3) +
                              level.size.area() * page.pixels.alpha;
  return dear && wanted_again && bytes <= levels_.largest() / 10 * 9;
}

base::Result<RegionReader::PixelsPtr> RegionReader::whole_level(const OpenedPicture& opened, const std::string& path,
                                                                const codec::Plan& part,
                                                                const base::CancelToken& cancel) {
  const Size full = opened.picture->size(part.page);
  const Size level = opened.picture->levels(part.page).at(part.level).size;
  auto plan = opened.picture->plan({part.page, Rect::of(full), level});
  const bool all = plan && plan->level == part.level &&
                   plan->area == Rect::of(opened.picture->page(part.page).levels.at(part.level).size);
  if (!all) return PixelsPtr();
  const std::string key = key_of(opened, path, part);
  return flights_.run(key, cancel, [&]() -> base::Result<PixelsPtr> {
    if (PixelsPtr kept = levels_.find(key)) return kept;
    auto pixels = decode(opened, *plan, cancel);
    if (!pixels) return base::fail(std::move(pixels.error()));
    auto shared = std::make_shared<const Pixels>(std::move(*pixels));
    levels_.put(key, shared, shared->bytes().size());
    return shared;
  });
}

base::Result<Pixels> RegionReader::read(const OpenedPicture& opened, const std::string& path,
                                        const codec::Request& request, const base::CancelToken& cancel,
                                        ReadingTrace& trace) {
  auto plan = opened.picture->plan(request);
  if (!plan) return base::fail(std::move(plan.error()));
  trace.level = plan->level;
  const codec::Page& page = opened.picture->page(plan->page);
  const bool wavelet = opened.picture->format() == codec::Format::jp2;
  plan->window = exact_window(plan->window, request,
                              {opened.picture->size(request.page),
                               opened.picture->levels(request.page).at(plan->level).size, page.orientation, wavelet});
  const Stopwatch decoding;
  PixelsPtr level = levels_.find(key_of(opened, path, *plan));
  trace.kept = level != nullptr;
  if (!level && worth_keeping(opened, *plan)) {
    auto whole = whole_level(opened, path, *plan, cancel);
    if (!whole) return base::fail(std::move(whole.error()));
    level = std::move(*whole);
  }
  if (level) {
    const Rect area = upright(plan->area, page.levels.at(plan->level).size, page.orientation);
    plan->window.x += area.x;
    plan->window.y += area.y;
    trace.decode = decoding.milliseconds();
    const Stopwatch scaling;
    auto result = image::resample(*level, plan->window, request.wanted, cancel);
    trace.scale = scaling.milliseconds();
    return result;
  }
  auto pixels = decode(opened, *plan, cancel);
  trace.decode = decoding.milliseconds();
  if (!pixels) return pixels;
  const Stopwatch scaling;
  auto result = image::resample(*pixels, plan->window, request.wanted, cancel);
  trace.scale = scaling.milliseconds();
  return result;
}

base::Result<codec::Cost> RegionReader::cost(const OpenedPicture& opened, const std::string& path,
                                             const codec::Request& request) {
  auto plan = opened.picture->plan(request);
  if (!plan) return base::fail(std::move(plan.error()));
  if (levels_.find(key_of(opened, path, *plan))) return codec::Cost{};
  return plan->cost;
}

}  // namespace armarium::pipeline
