// JPEG 2000 that the server does not decode itself: high throughput, and files on which strict decoding failed. A level is decoded once and kept for its regions.

#include <unistd.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "codec/jp2_parts.h"
#include "codec/jp2_planes.h"
#include "codec/worker_process.h"
#include "decode/reader.h"

namespace armarium::decode {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using codec::worker::Job;
namespace jp2 = codec::jp2;

// The open file as the code's source; its size as it is now.
class DescriptorSource final : public base::ByteSource {
 public:
  explicit DescriptorSource(int descriptor) : descriptor_(descriptor) {
    const off_t end = lseek(descriptor, 0, SEEK_END);
    size_ = end > 0 ? static_cast<std::uint64_t>(end) : 0;
  }
  std::uint64_t size() const override { return size_; }
  const base::Version& version() const override { return version_; }
  Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (offset > size_ || out.size() > size_ - offset)
      return fail(ErrorCode::corrupt, "The file ends before its content does.");
    return codec::worker::read_all(descriptor_, offset, out);
  }
  std::optional<int> descriptor() const override { return descriptor_; }

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
  base::Version version_;
};

// Samples of an area that are filled tile by tile.
struct Canvas {
  std::vector<std::vector<std::int32_t>> components;
};

// What two planes of one component share.
void copy_shared(const jp2::Plane& from, const jp2::Plane& to, std::vector<std::int32_t>& samples) {
  const std::uint32_t left = std::max(from.x0, to.x0);
  const std::uint32_t right = std::min(from.x0 + from.width, to.x0 + to.width);
  const std::uint32_t bottom = std::min(from.y0 + from.height, to.y0 + to.height);
  for (std::uint32_t y = std::max(from.y0, to.y0); y < bottom && left < right; ++y) {
    std::copy_n(from.samples + std::size_t{y - from.y0} * from.width + (left - from.x0), right - left,
                samples.data() + std::size_t{y - to.y0} * to.width + (left - to.x0));
  }
}

constexpr std::uint32_t kMaxTiles = 4096;

// Each tile on its own, when all together failed: what is damaged or missing stays middle grey. The last error when no tile could be read.
Result<jp2::Planes> decode_each_tile(const base::ByteSource& source, const jp2::CodeStream& stream,
                                     std::uint32_t reduce, jp2::GridArea area) {
  jp2::Planes planes;
  auto canvas = std::make_shared<Canvas>();
  for (const jp2::Component& component : stream.components) {
    const image::Rect rect = jp2::component_rect(component, area, reduce);
    const std::int32_t middle = component.is_signed ? 0 : std::int32_t{1} << (component.bits - 1U);
    canvas->components.emplace_back(rect.size().area(), middle);
    planes.components.push_back({rect.x, rect.y, rect.width, rect.height, canvas->components.back().data()});
  }
  base::Error last{ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", "no tile can be read"};
  bool any = false;
  const std::uint32_t across = stream.tiles_across();
  for (std::uint32_t tile = 0; tile < std::min(kMaxTiles, across * stream.tiles_down()); ++tile) {
    const std::uint64_t left = stream.tile_x0 + std::uint64_t{tile % across} * stream.tile_width;
    const std::uint64_t top = stream.tile_y0 + std::uint64_t{tile / across} * stream.tile_height;
    jp2::GridArea part;
    part.x0 = static_cast<std::uint32_t>(std::max<std::uint64_t>(left, stream.x0));
    part.y0 = static_cast<std::uint32_t>(std::max<std::uint64_t>(top, stream.y0));
    part.x1 = static_cast<std::uint32_t>(std::min<std::uint64_t>(left + stream.tile_width, stream.x1));
    part.y1 = static_cast<std::uint32_t>(std::min<std::uint64_t>(top + stream.tile_height, stream.y1));
    if (part.x0 >= area.x1 || part.x1 <= area.x0 || part.y0 >= area.y1 || part.y1 <= area.y0) continue;
    auto decoded = jp2::decode_openjpeg_tile(source, stream, reduce, tile, part);
    if (!decoded) {
      last = std::move(decoded.error());
      continue;
    }
    any = true;
    for (std::size_t c = 0; c < planes.components.size(); ++c) {
      copy_shared(decoded->components[c], planes.components[c], canvas->components[c]);
    }
  }
  if (!any) return fail(std::move(last));
  planes.owner = std::move(canvas);
  return planes;
}

class Jp2Reader final : public Reader {
 public:
  Jp2Reader(DescriptorSource source, jp2::Header header) : source_(std::move(source)), header_(std::move(header)) {}

  Result<codec::worker::IndexAnswer> index(const Job&) override {
    return fail(ErrorCode::internal, "The server reads these headers itself.");
  }

  Result<Bytes> read(const Job& job) override {
    const jp2::CodeStream& stream = header_.stream;
    if (job.level > stream.levels || jp2::pixel_format(header_) != job.pixels)
      return fail(ErrorCode::corrupt, "The file has changed.");
    const image::Rect all = image::Rect::of(jp2::level_grid(stream, job.level).size());
    if (!all.contains(job.area)) return fail(ErrorCode::corrupt, "The file has changed.");
    if (auto planes = decode_part(job)) {
      auto pixels = jp2::to_pixels(header_, *planes, job.level, job.area, job.max_decode_bytes);
      if (!pixels) return fail(std::move(pixels.error()));
      return Bytes(pixels->bytes().begin(), pixels->bytes().end());
    }
    if (auto ready = prepare(job, all); !ready) return fail(std::move(ready.error()));
    auto pixels = jp2::to_pixels(header_, kept_, job.level, job.area, job.max_decode_bytes);
    if (!pixels) return fail(std::move(pixels.error()));
    return Bytes(pixels->bytes().begin(), pixels->bytes().end());
  }

  bool partial() const override { return damaged_; }

 private:
  // From the packets that the area needs, where the stream can be divided: high throughput, which is not decoded in the server.
  Result<jp2::Planes> decode_part(const Job& job) {
    const jp2::GridArea area = jp2::part_area(header_.stream, job.level, job.area);
    const jp2::PartsPlan plan = jp2::plan_parts(packets_, job.level, area);
    damaged_ = false;
    if (!header_.stream.high_throughput || !plan.possible || plan.memory > job.max_decode_bytes)
      return fail(ErrorCode::unsupported, "This kind of JPEG 2000 is not supported.");
    return jp2::decode_parts(packets_, source_, true, job.level, area, {});
  }

  // The whole level where memory allows it, else what is asked for.
  Result<> prepare(const Job& job, image::Rect all) {
    damaged_ = kept_damaged_;
    if (kept_level_ == job.level && kept_.owner && kept_area_.contains(job.area)) return {};
    const jp2::CodeStream& stream = header_.stream;
    image::Rect wanted = all;
    if (jp2::memory_of(stream, job.level, jp2::grid_area(stream, job.level, all)) > job.max_decode_bytes)
      wanted = job.area;
    const jp2::GridArea area = jp2::grid_area(stream, job.level, wanted);
    if (const std::uint64_t memory = jp2::memory_of(stream, job.level, area); memory > job.max_decode_bytes) {
      return fail(ErrorCode::resource_limit, "The picture is too large.", fmt::format("about {} bytes", memory));
    }
    kept_ = {};
    damaged_ = kept_damaged_ = false;
    auto planes = jp2::decode_openjpeg(source_, stream, job.level, area, false, {});
    if (!planes && planes.error().code == ErrorCode::corrupt) {
      damaged_ = kept_damaged_ = true;
      planes = jp2::decode_openjpeg(source_, stream, job.level, area, true, {});
    }
    if (!planes && planes.error().code == ErrorCode::unsupported) return fail(std::move(planes.error()));
    if (!planes && stream.tiles_across() * stream.tiles_down() > 1)
      planes = decode_each_tile(source_, stream, job.level, area);
    if (!planes) return fail(std::move(planes.error()));
    kept_ = std::move(*planes);
    kept_level_ = job.level;
    kept_area_ = wanted;
    return {};
  }

  DescriptorSource source_;
  jp2::Header header_;
  jp2::PacketIndex packets_{header_.stream};
  jp2::Planes kept_;
  std::uint32_t kept_level_ = 0;
  bool damaged_ = false;       // what was last asked for
  bool kept_damaged_ = false;  // what is kept
  image::Rect kept_area_;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_jp2(const Input& input) {
  DescriptorSource source(input.descriptor);
  auto header = jp2::read_header(source, {});
  if (!header) return fail(std::move(header.error()));
  return std::make_unique<Jp2Reader>(std::move(source), std::move(*header));
}

}  // namespace armarium::decode
