#include <algorithm>

#include <fmt/format.h>

#include "codec/jp2_parts.h"
#include "codec/jp2_planes.h"
#include "codec/registry.h"
#include "codec/worker.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

struct Jp2Index final : Index {
  jp2::Header header;
  std::unique_ptr<jp2::PacketIndex> packets;  // fills itself as tiles are asked for
};

std::uint64_t tile_count(const jp2::CodeStream& stream) {
  return std::uint64_t{stream.tiles_across()} * stream.tiles_down();
}

constexpr std::uint32_t kLeastTile = 256;
constexpr std::uint32_t kPartTile = 512;
constexpr std::uint32_t kWhole = 1024;

// Whether any part costs what it is of the whole (jp2_tile_decoder.h), as far as the header tells.
bool in_parts(const jp2::CodeStream& stream) {
  return jp2::PacketIndex::can_divide(stream) && !stream.high_throughput &&
         std::all_of(stream.components.begin(), stream.components.end(),
                     [](const jp2::Component& each) { return each.bits <= 16; });
}

// The pieces in which a level is best decoded: what suits viewers where any part can be, else its tiles, several together where they are small. A level that is no larger than some of them is
// decoded whole.
image::Size tile_of(const jp2::CodeStream& stream, std::uint32_t reduce, image::Size level) {
  const bool divisible = jp2::PacketIndex::can_divide(stream);
  if (divisible && std::max(level.width, level.height) <= kWhole) return {};
  if (in_parts(stream)) return {kPartTile, kPartTile};
  if (tile_count(stream) == 1) return divisible ? image::Size{kWhole, kWhole} : image::Size{};
  const jp2::Step step = jp2::page_step(stream);
  image::Size tile =
      image::level_size({stream.tile_width / step.dx, stream.tile_height / step.dy}, std::uint32_t{1} << reduce);
  if (tile.empty()) return {};
  while (tile.width < kLeastTile) tile.width *= 2;
  while (tile.height < kLeastTile) tile.height *= 2;
  return tile;
}

Page page_of(const jp2::Header& header) {
  const jp2::CodeStream& stream = header.stream;
  Page page;
  page.size = jp2::level_grid(stream, 0).size();
  page.pixels = jp2::pixel_format(header);
  page.bitonal =
      header.channels.size() == 1 && !header.palette && stream.components[header.channels[0].component].bits == 1;
  page.icc = header.icc;
  const jp2::Step step = jp2::page_step(stream);
  // OpenJPEG fails where a tile has no sample left.
  const std::uint32_t tile_side = std::min(stream.tile_width / step.dx, stream.tile_height / step.dy);
  for (std::uint32_t reduce = 0; reduce <= std::min(stream.levels, 31U); ++reduce) {
    if (tile_count(stream) > 1 && reduce > 0 && tile_side >> reduce == 0) break;
    Level level;
    level.size = jp2::level_grid(stream, reduce).size();
    if (level.size.empty()) break;
    level.tile = tile_of(stream, reduce, level.size);
    level.parts = in_parts(stream);
    page.levels.push_back(level);
    if (level.size == image::Size{1, 1}) break;
  }
  return page;
}

// There, where it says `unsupported` without a reason.
Result<image::Pixels> decode_elsewhere(const Index& any, const Plan& plan, const base::ByteSource& bytes,
                                       const Limits& limits, const base::CancelToken& cancel) {
  const jp2::CodeStream& stream = static_cast<const Jp2Index&>(any).header.stream;
  auto pixels = decode_in_worker(any, plan, bytes, limits, cancel);
  if (!pixels && pixels.error().code == ErrorCode::unsupported && stream.high_throughput)
    pixels.error().message = jp2::missing_feature(stream);
  return pixels;
}

// OpenJPEG 2.5 reads high throughput in several layers only where each code block lies in one of them; so it is tried before a size is promised.
Result<> try_layers(const Jp2Index& index, const base::ByteSource& file, const Limits& limits) {
  constexpr std::uint64_t kMostPixels = 4'000'000;
  if (!index.header.stream.high_throughput || index.header.stream.layers == 1) return {};
  const Page& page = index.pages[0];
  image::Size wanted;
  for (const Level& level : page.levels) {
    wanted = level.size;
    if (wanted.area() <= kMostPixels) break;
  }
  Plan plan = choose_level(page, {0, image::Rect::of(page.size), wanted});
  auto pixels = decode_elsewhere(index, plan, file, limits, {});
  if (!pixels && pixels.error().code == ErrorCode::unsupported) return fail(std::move(pixels.error()));
  return {};
}

class Jp2Decoder final : public Decoder {
 public:
  Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const override {
    auto header = jp2::read_header(file, limits);
    if (!header) return fail(std::move(header.error()));
    auto index = std::make_shared<Jp2Index>();
    index->format = Format::jp2;
    index->file_size = file.size();
    index->version = file.version();
    index->metadata = std::move(header->metadata);
    index->pages.push_back(page_of(*header));
    if (index->pages[0].size.area() > limits.max_pixels) {
      return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
    }
    // OpenJPEG 2.5.0 ends the program on crafted code blocks of high throughput (an assertion, which Debian leaves in).
    if (header->stream.high_throughput && !worker_registered()) {
      return fail(ErrorCode::unsupported, "High-throughput JPEG 2000 is read by armarium-decode, which is not there.");
    }
    index->header = std::move(*header);
    index->packets = std::make_unique<jp2::PacketIndex>(index->header.stream);
    if (auto tried = try_layers(*index, file, limits); !tried) return fail(std::move(tried.error()));
    return IndexPtr(std::move(index));
  }

  Result<Plan> plan(const Index& any, const Request& request, const Limits&) const override {
    const auto& index = static_cast<const Jp2Index&>(any);
    const jp2::CodeStream& stream = index.header.stream;
    Plan plan = choose_level(any.pages.at(request.page), request);
    const std::uint64_t bytes = plan.area.size().area() * any.pages[request.page].pixels.bytes_per_pixel();
    jp2::PartsPlan parts = jp2::plan_parts(*index.packets, plan.level, jp2::part_area(stream, plan.level, plan.area));
    plan.whole_file = !parts.complete || stream.high_throughput;
    if (parts.possible) {
      if (!plan.whole_file) plan.ranges = std::move(parts.ranges);
      plan.cost.bytes_read = parts.bytes;
      plan.cost.memory = bytes + parts.memory;
      return plan;
    }
    plan.cost.memory = bytes + jp2::memory_of(stream, plan.level, jp2::grid_area(stream, plan.level, plan.area));
    // The library reads what it needs of the code stream itself and skips other tiles.
    plan.cost.bytes_read =
        tile_count(stream) == 1 ? stream.length : std::min(stream.length, stream.length / tile_count(stream) * 4);
    return plan;
  }

  Result<image::Pixels> decode(const Index& any, const Plan& plan, const base::ByteSource& bytes, const Limits& limits,
                               const base::CancelToken& cancel) const override {
    const auto& index = static_cast<const Jp2Index&>(any);
    if (index.header.stream.high_throughput) return decode_elsewhere(index, plan, bytes, limits, cancel);
    auto planes = decode_part(index, plan, bytes, limits, cancel);
    if (!planes && plan.whole_file && may_differ_whole(planes.error())) {
      return worker_registered() ? decode_elsewhere(index, plan, bytes, limits, cancel)
                                 : decode_whole(index, plan, bytes, limits, cancel);
    }
    if (!planes) {
      // From now on the stream is decoded whole.
      if (may_differ_whole(planes.error())) index.packets->refuse();
      return fail(std::move(planes.error()));
    }
    return jp2::to_pixels(index.header, *planes, plan.level, plan.area, limits.max_decode_bytes);
  }

 private:
  static bool may_differ_whole(const base::Error& error) {
    return error.code == ErrorCode::corrupt || error.code == ErrorCode::unsupported;
  }

  // From the packets that the area needs; its memory was in the plan. unsupported where that cannot be.
  static Result<jp2::Planes> decode_part(const Jp2Index& index, const Plan& plan, const base::ByteSource& bytes,
                                         const Limits& limits, const base::CancelToken& cancel) {
    if (!index.packets->usable() || plan.cost.memory > limits.max_decode_bytes)
      return fail(ErrorCode::unsupported, "This kind of JPEG 2000 is not supported.");
    const jp2::GridArea area = jp2::part_area(index.header.stream, plan.level, plan.area);
    return jp2::decode_parts(*index.packets, bytes, plan.whole_file, plan.level, area, cancel);
  }

  // From the stream as it is, which armarium-decode does where it is there.
  static Result<image::Pixels> decode_whole(const Jp2Index& index, const Plan& plan, const base::ByteSource& bytes,
                                            const Limits& limits, const base::CancelToken& cancel) {
    const jp2::Header& header = index.header;
    const jp2::GridArea area = jp2::grid_area(header.stream, plan.level, plan.area);
    if (const std::uint64_t memory = jp2::memory_of(header.stream, plan.level, area);
        memory > limits.max_decode_bytes) {
      return fail(ErrorCode::resource_limit, "The picture needs more memory than the server allows.",
                  fmt::format("about {} bytes", memory));
    }
    if (auto stopped = cancel.check(); !stopped) return fail(stopped.error());
    auto planes = jp2::decode_openjpeg(bytes, header.stream, plan.level, area, false, cancel);
    if (!planes) return fail(std::move(planes.error()));
    return jp2::to_pixels(header, *planes, plan.level, plan.area, limits.max_decode_bytes);
  }
};

}  // namespace

const Decoder& jp2_decoder() {
  static const Jp2Decoder decoder;
  return decoder;
}

}  // namespace armarium::codec
