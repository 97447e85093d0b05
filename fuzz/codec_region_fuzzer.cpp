// Any file, and a region of its first pages at some size: pixels of the announced size and format, or an error, within small limits. The last five bytes
// choose the region; give real files as seeds.

#include <cstdlib>

#include "codec/picture.h"

namespace {

using namespace armarium;

void read(const codec::Picture& picture, const base::ByteSource& file, const codec::Request& request) {
  const auto plan = picture.plan(request);
  if (!plan) return;
  const codec::Page& page = picture.page(request.page);
  const image::Size level = page.levels.at(plan->level).size;
  if (plan->area.size().empty() || !image::Rect::of(level).contains(plan->area)) std::abort();
  if (const auto planes = picture.read_planes(*plan, file, {}); planes && planes->size() != plan->area.size())
    std::abort();
  const auto pixels = picture.read(*plan, file, {});
  if (!pixels) return;
  const image::Size area = plan->area.size();
  const image::Size expected = page.orientation >= 5 ? image::Size{area.height, area.width} : area;
  if (pixels->size() != expected || !(pixels->format() == page.pixels)) std::abort();
}

// The part of a tile that the picture has, as it would be handed out.
void hand_out(const codec::Picture& picture, const base::ByteSource& file, std::uint32_t page,
              const unsigned char* choice) {
  const codec::Level& level = picture.page(page).levels.front();
  if (level.tile.empty()) return;
  const std::uint32_t x = choice[0] * level.size.width / 256 / level.tile.width * level.tile.width;
  const std::uint32_t y = choice[1] * level.size.height / 256 / level.tile.height * level.tile.height;
  const image::Rect area{x, y, std::min(level.tile.width, level.size.width - x),
                         std::min(level.tile.height, level.size.height - y)};
  const auto tile = picture.stored(page, 0, area);
  if (!tile) return;
  base::Bytes bytes = *tile->head;
  bytes.resize(bytes.size() + tile->range.length);
  if (!file.read(tile->range.offset, std::span(bytes).subspan(tile->head->size())) || !codec::complete(*tile, bytes))
    return;
  if (tile->narrower()) static_cast<void>(codec::crop(*tile, bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 5) return 0;
  codec::Limits limits;
  limits.max_pixels = 4'000'000;
  limits.max_decode_bytes = 64U << 20;
  limits.max_whole_file = 16U << 20;
  limits.max_pages = 50;
  limits.max_tiles = 100'000;
  limits.max_metadata = 1U << 20;
  const unsigned char* choice = data + size - 5;
  const base::MemorySource file(base::Bytes(data, data + size));
  const auto picture = codec::Picture::open(file, limits);
  if (!picture) return 0;
  for (std::uint32_t page = 0; page < std::min<std::uint32_t>(3, (*picture)->page_count()); ++page) {
    const image::Size full = (*picture)->size(page);
    hand_out(**picture, file, page, choice);
    image::Rect region;
    region.x = static_cast<std::uint32_t>(std::uint64_t{full.width} * choice[0] / 256);
    region.y = static_cast<std::uint32_t>(std::uint64_t{full.height} * choice[1] / 256);
    region.width =
        std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::uint64_t{full.width - region.x} * choice[2] / 255));
    region.height =
        std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::uint64_t{full.height - region.y} * choice[3] / 255));
    const std::uint32_t shrink = 1U << (choice[4] % 8);
    read(**picture, file, {page, region, image::level_size(region.size(), shrink)});
  }
  return 0;
}
