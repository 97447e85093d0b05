#include "codec/picture.h"

#include <algorithm>

#include "codec/worker.h"
#include "image/operations.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using image::Rect;
using image::RectF;
using image::Size;

// EXIF 2.32, 4.6.4 Orientation: 5 to 8 exchange rows and columns.
bool swaps(int orientation) { return orientation >= 5 && orientation <= 8; }
Size upright(Size size, int orientation) { return swaps(orientation) ? Size{size.height, size.width} : size; }

// Which upright edges come from the far stored edges, before a swap of the axes.
bool flips_x(int orientation) { return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8; }
bool flips_y(int orientation) { return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7; }

Rect to_stored(Rect region, Size stored, int orientation) {
  if (swaps(orientation)) region = {region.y, region.x, region.height, region.width};
  if (flips_x(orientation)) region.x = stored.width - region.x - region.width;
  if (flips_y(orientation)) region.y = stored.height - region.y - region.height;
  return region;
}

RectF to_upright(RectF window, Size area, int orientation) {
  if (flips_x(orientation)) window.x = area.width - window.x - window.width;
  if (flips_y(orientation)) window.y = area.height - window.y - window.height;
  if (swaps(orientation)) window = {window.y, window.x, window.height, window.width};
  return window;
}

Result<> check_pages(const Index& index, const Limits& limits) {
  if (index.pages.empty()) return fail(ErrorCode::corrupt, "The file holds no picture.");
  if (index.pages.size() > limits.max_pages)
    return fail(ErrorCode::resource_limit, "The file has more pages than the server allows.");
  for (const Page& page : index.pages) {
    if (page.size.empty() || page.levels.empty()) return fail(ErrorCode::corrupt, "The file holds an empty picture.");
    if (page.size.area() > limits.max_pixels)
      return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Picture>> Picture::open(const base::ByteSource& file, const Limits& limits) {
  base::Bytes head(std::min<std::uint64_t>(file.size(), kSniffBytes));
  if (auto read = file.read(0, head); !read) return fail(read.error());
  const Format format = sniff(head);
  const Decoder* decoder = decoder_for(format);
  if (decoder == nullptr)
    return fail(ErrorCode::unsupported, "Nothing here can read this kind of file.", std::string(info(format).name));
  auto index = decoder->index(file, limits);
  // A variant that nothing in process reads (slides that call themselves TIFF, rare compressions) may be known to armarium-decode.
  // What it knows of JPEG 2000 is what we know, with less to say of what is wrong.
  if (const Decoder* other = worker_decoder(Format::other); !index && format != Format::jp2 &&
                                                            index.error().code == ErrorCode::unsupported &&
                                                            other != nullptr && other != decoder) {
    if (auto second = other->index(file, limits)) {
      index = std::move(second);
      decoder = other;
    }
  }
  if (!index) return fail(std::move(index.error()));
  if (auto checked = check_pages(**index, limits); !checked) return fail(std::move(checked.error()));
  return std::shared_ptr<const Picture>(new Picture(std::move(*index), decoder, limits));
}

Size Picture::size(std::uint32_t page) const {
  const Page& stored = this->page(page);
  return upright(stored.size, stored.orientation);
}

std::vector<Level> Picture::levels(std::uint32_t page) const {
  const Page& stored = this->page(page);
  std::vector<Level> levels = stored.levels;
  for (Level& level : levels) {
    level.size = upright(level.size, stored.orientation);
    level.tile = upright(level.tile, stored.orientation);
  }
  return levels;
}

Result<Plan> Picture::within_limits(Result<Plan> plan) const {
  if (plan && plan->cost.memory > limits_.max_decode_bytes)
    return fail(ErrorCode::resource_limit, "This part of the picture needs more memory than the server allows.");
  return plan;
}

// A request for a region, turned as the page is stored.
Result<Request> Picture::as_stored(const Request& request) const {
  if (request.page >= page_count()) return fail(ErrorCode::not_found, "The file has no such page.");
  const Page& stored = page(request.page);
  if (request.region.size().empty() || request.wanted.empty() ||
      !Rect::of(size(request.page)).contains(request.region)) {
    return fail(ErrorCode::invalid_argument, "The region lies outside the picture.");
  }
  Request turned = request;
  turned.region = to_stored(request.region, stored.size, stored.orientation);
  turned.wanted = upright(request.wanted, stored.orientation);
  return turned;
}

Result<Plan> Picture::plan(const Request& request) const {
  if (request.block) {
    if (request.page >= page_count()) return fail(ErrorCode::not_found, "The file has no such page.");
    const Page& stored = page(request.page);
    const bool inside = request.block->level < stored.levels.size() && !request.block->area.size().empty() &&
                        Rect::of(stored.levels[request.block->level].size).contains(request.block->area);
    if (!inside) return fail(ErrorCode::invalid_argument, "The block lies outside the picture.");
    return within_limits(decoder_->plan(*index_, request, limits_));
  }
  auto turned = as_stored(request);
  if (!turned) return fail(std::move(turned.error()));
  auto plan = within_limits(decoder_->plan(*index_, *turned, limits_));
  if (plan) plan->window = to_upright(plan->window, plan->area.size(), page(request.page).orientation);
  return plan;
}

Result<Plan> Picture::place(const Request& request) const {
  auto turned = as_stored(request);
  if (!turned) return fail(std::move(turned.error()));
  Plan plan = choose_level(page(request.page), *turned);
  plan.window = to_upright(plan.window, plan.area.size(), page(request.page).orientation);
  return plan;
}

template <class Raster, class Decode>
Result<Raster> Picture::fetch_and(const Plan& plan, const base::ByteSource& file, const Decode& decode) const {
  if (!(file.version() == index_->version)) return fail(ErrorCode::conflict, "The file has changed; try again.");
  if (plan.whole_file) return decode(file);
  auto fetched = base::fetch(file, plan.ranges);
  if (!fetched) return fail(std::move(fetched.error()));
  return decode(*fetched);
}

Result<image::Pixels> Picture::read_stored(const Plan& plan, const base::ByteSource& file,
                                           const base::CancelToken& cancel) const {
  return fetch_and<image::Pixels>(plan, file, [&](const base::ByteSource& bytes) {
    return decoder_->decode(*index_, plan, bytes, limits_, cancel);
  });
}

Result<image::Planes> Picture::read_planes(const Plan& plan, const base::ByteSource& file,
                                           const base::CancelToken& cancel) const {
  return fetch_and<image::Planes>(plan, file, [&](const base::ByteSource& bytes) {
    return decoder_->decode_planes(*index_, plan, bytes, limits_, cancel);
  });
}

Result<image::Pixels> Picture::read(const Plan& plan, const base::ByteSource& file,
                                    const base::CancelToken& cancel) const {
  auto pixels = read_stored(plan, file, cancel);
  const int orientation = page(plan.page).orientation;
  if (!pixels || orientation <= 1 || orientation > 8) return pixels;
  return image::apply_orientation(*pixels, orientation);
}

std::optional<StoredPicture> Picture::stored(std::uint32_t page, std::uint32_t level, const image::Rect& area) const {
  if (page >= page_count() || this->page(page).orientation > 1) return std::nullopt;
  return decoder_->stored(*index_, page, level, area);
}

}  // namespace armarium::codec
