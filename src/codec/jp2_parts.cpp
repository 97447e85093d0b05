#include "codec/jp2_parts.h"

#include <algorithm>

#include "codec/jp2_tile_decoder.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint32_t kTilesToAskFor = 8;

std::vector<std::uint32_t> tiles_of(const CodeStream& stream, GridArea area) {
  std::vector<std::uint32_t> tiles;
  if (area.x1 <= area.x0 || area.y1 <= area.y0) return tiles;
  const std::uint32_t right = (area.x1 - 1 - stream.tile_x0) / stream.tile_width;
  const std::uint32_t bottom = (area.y1 - 1 - stream.tile_y0) / stream.tile_height;
  for (std::uint32_t y = (area.y0 - stream.tile_y0) / stream.tile_height; y <= bottom; ++y) {
    for (std::uint32_t x = (area.x0 - stream.tile_x0) / stream.tile_width; x <= right; ++x)
      tiles.push_back(y * stream.tiles_across() + x);
  }
  return tiles;
}

bool is_empty(GridArea area) { return area.x1 <= area.x0 || area.y1 <= area.y0; }

// The planes of an area that are filled tile by tile.
class Canvas {
 public:
  Canvas(const CodeStream& stream, std::uint32_t reduce, GridArea area) {
    auto owner = std::make_shared<std::vector<std::vector<std::int32_t>>>();
    for (const Component& component : stream.components) {
      const image::Rect rect = component_rect(component, area, reduce);
      owner->emplace_back(rect.size().area());
      planes_.components.push_back({rect.x, rect.y, rect.width, rect.height, owner->back().data()});
    }
    samples_ = owner.get();
    planes_.owner = std::move(owner);
  }

  void copy(const Planes& from) {
    for (std::size_t c = 0; c < planes_.components.size(); ++c)
      copy_shared(from.components[c], planes_.components[c], (*samples_)[c].data());
  }
  Planes take() { return std::move(planes_); }

 private:
  static void copy_shared(const Plane& from, const Plane& to, std::int32_t* samples) {
    const std::uint32_t left = std::max(from.x0, to.x0);
    const std::uint32_t right = std::min(from.x0 + from.width, to.x0 + to.width);
    const std::uint32_t bottom = std::min(from.y0 + from.height, to.y0 + to.height);
    for (std::uint32_t y = std::max(from.y0, to.y0); y < bottom && left < right; ++y) {
      std::copy_n(from.samples + std::size_t{y - from.y0} * from.width + (left - from.x0), right - left,
                  samples + std::size_t{y - to.y0} * to.width + (left - to.x0));
    }
  }

  Planes planes_;
  std::vector<std::vector<std::int32_t>>* samples_ = nullptr;
};

// Between plan and decode other requests needed the index's memory: rare enough to ask again.
tl::unexpected<base::Error> made_room() {
  return fail(ErrorCode::not_ready, "The picture is being read; try again.", "the packet index was dropped");
}

// What `cut` shows, by OpenJPEG where it is not decoded here.
Result<Planes> decode_fetched(const TileIndex& tile, Cut& cut, const std::vector<Need>& needs, Precincts large,
                              const base::ByteSource& bytes, const base::CancelToken& cancel) {
  auto planes = decode_tile(tile, cut, needs, large, bytes, cancel);
  if (planes || planes.error().code != ErrorCode::unsupported) return planes;
  auto excerpt = write_excerpt(tile, needs, std::move(large), bytes, cut);
  if (!excerpt) return fail(std::move(excerpt.error()));
  if (auto stopped = cancel.check(); !stopped) return fail(stopped.error());
  return decode_openjpeg(base::MemorySource(std::move(*excerpt)), cut.stream, 0, cut.area, false, cancel);
}

// The same, with what has to be read for it.
Result<Planes> decode_cut(const TileIndex& tile, Cut& cut, const base::ByteSource& bytes, bool is_source,
                          const base::CancelToken& cancel) {
  const std::vector<Need> needs = needs_of(tile, cut);
  Precincts large;
  if (is_source) {
    if (auto read = read_large_precincts(tile, needs, bytes, large); !read) return fail(std::move(read.error()));
  } else if (!known_precincts(tile, needs, large)) {
    return made_room();
  }
  if (!is_source) return decode_fetched(tile, cut, needs, std::move(large), bytes, cancel);
  std::vector<base::ByteRange> ranges;
  add_ranges(tile, needs, large, ranges);
  auto fetched = base::fetch(bytes, std::move(ranges));
  if (!fetched) return fail(std::move(fetched.error()));
  return decode_fetched(tile, cut, needs, std::move(large), *fetched, cancel);
}

// About: as much of the stream as the area is of the picture, and half as much for each resolution that is not read.
std::uint64_t expected_bytes(const CodeStream& stream, std::uint32_t reduce, GridArea area) {
  const double whole = static_cast<double>(stream.x1 - stream.x0) * (stream.y1 - stream.y0);
  const double part = static_cast<double>(area.x1 - area.x0) * (area.y1 - area.y0);
  return static_cast<std::uint64_t>(static_cast<double>(stream.length >> reduce) * (part / whole)) + (64U << 10U);
}

}  // namespace

PartsPlan plan_parts(const PacketIndex& index, std::uint32_t reduce, GridArea area) {
  PartsPlan plan;
  const CodeStream& stream = index.stream();
  const std::vector<std::uint32_t> tiles = tiles_of(stream, area);
  if (!index.usable() || tiles.empty() || reduce > stream.levels) return plan;
  plan.complete = true;
  std::uint32_t unknown = 0;
  for (const std::uint32_t number : tiles) {
    // Tiles are alike: a few tell what the decoder needs.
    if (!plan.complete && ++unknown > kTilesToAskFor) break;
    const auto cut = cut_tile(stream, number, reduce, area);
    if (!cut) return {};
    if (is_empty(cut->wanted)) continue;
    plan.memory = std::max(plan.memory, cut->memory);
    const TileIndexPtr tile = plan.complete ? index.find(number) : nullptr;
    plan.complete = tile != nullptr;
    if (!plan.complete) continue;
    const std::vector<Need> needs = needs_of(*tile, *cut);
    Precincts large;
    plan.complete = known_precincts(*tile, needs, large);
    if (plan.complete) add_ranges(*tile, needs, large, plan.ranges);
  }
  for (const base::ByteRange& range : plan.ranges) plan.bytes += range.length;
  if (!plan.complete) {
    plan.ranges.clear();
    plan.bytes = expected_bytes(stream, reduce, area);
  }
  for (const Component& component : stream.components)
    plan.memory += component_rect(component, area, reduce).size().area() * 4;
  plan.memory += plan.bytes;
  plan.possible = true;
  return plan;
}

Result<Planes> decode_parts(PacketIndex& index, const base::ByteSource& bytes, bool is_source, std::uint32_t reduce,
                            GridArea area, const base::CancelToken& cancel) {
  const CodeStream& stream = index.stream();
  const std::vector<std::uint32_t> tiles = tiles_of(stream, area);
  std::optional<Canvas> canvas;
  if (tiles.size() > 1) canvas.emplace(stream, reduce, area);
  for (const std::uint32_t number : tiles) {
    if (auto stopped = cancel.check(); !stopped) return fail(stopped.error());
    auto cut = cut_tile(stream, number, reduce, area);
    if (!cut) return fail(std::move(cut.error()));
    if (is_empty(cut->wanted)) continue;
    auto tile = is_source ? index.get(bytes, number, cancel) : Result<TileIndexPtr>(index.find(number));
    if (!tile) return fail(std::move(tile.error()));
    if (!*tile) return made_room();
    auto planes = decode_cut(**tile, *cut, bytes, is_source, cancel);
    if (!planes || !canvas) return planes;
    canvas->copy(*planes);
  }
  if (!canvas) return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", "an empty area");
  return canvas->take();
}

}  // namespace armarium::codec::jp2
