// JPEG tiles of a TIFF page in planes, straight from their bytes: libtiff is not asked.

#include <algorithm>
#include <cstring>

#include "codec/jpeg_planes.h"
#include "codec/tiff_directory.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

// Copies what `tile` (its upper left corner at x, y of the directory) and the area share. Corners lie on chroma samples.
void place(const image::Planes& tile, std::uint32_t x, std::uint32_t y, const image::Rect& area, image::Planes& out) {
  const image::Sampling sampling = out.sampling();
  const std::uint32_t left = std::max(area.x, x);
  const std::uint32_t top = std::max(area.y, y);
  const auto right = static_cast<std::uint32_t>(std::min<std::uint64_t>(area.right(), x + tile.size().width));
  const auto bottom = static_cast<std::uint32_t>(std::min<std::uint64_t>(area.bottom(), y + tile.size().height));
  for (std::uint32_t plane = 0; plane < 3; ++plane) {
    const std::uint32_t across = plane == 0 ? 1 : sampling.x;
    const std::uint32_t down = plane == 0 ? 1 : sampling.y;
    const std::uint32_t width = image::scaled_up(right - left, across);
    for (std::uint32_t row = 0; row < image::scaled_up(bottom - top, down); ++row) {
      std::memcpy(out.row(plane, (top - area.y) / down + row) + (left - area.x) / across,
                  tile.row(plane, (top - y) / down + row) + (left - x) / across, width);
    }
  }
}

bool on_grid(const image::Rect& area, image::Sampling sampling) {
  return area.x % sampling.x == 0 && area.y % sampling.y == 0;
}

}  // namespace

Result<image::Planes> decode_tiff_planes(const TiffIndex& index, const Plan& plan, const base::ByteSource& bytes,
                                         const base::CancelToken& cancel) {
  const TiffDirectory& d = index.directory(plan);
  if (d.jpeg_chroma.none() || index.factor(plan) != 1 || !on_grid(plan.area, d.jpeg_chroma) ||
      d.block.width % d.jpeg_chroma.x != 0 || d.block.height % d.jpeg_chroma.y != 0) {
    return fail(ErrorCode::unsupported, "The picture cannot be read in planes.");
  }
  auto out = image::Planes::allocate(plan.area.size(), d.jpeg_chroma);
  if (!out) return out;
  JpegPlanesRequest request;
  request.tables = d.jpeg_tables;
  request.size = d.block;
  request.sampling = d.jpeg_chroma;
  base::Bytes storage;
  for (std::uint32_t y = plan.area.y / d.block.height; std::uint64_t{y} * d.block.height < plan.area.bottom(); ++y) {
    for (std::uint32_t x = plan.area.x / d.block.width; std::uint64_t{x} * d.block.width < plan.area.right(); ++x) {
      const base::ByteRange range = tiff_block_range(d, bytes.size(), y * d.blocks_across() + x);
      request.data = bytes.view(range);
      if (request.data.empty() && range.length != 0) {
        storage.resize(range.length);
        if (auto read = bytes.read(range.offset, storage); !read) return fail(std::move(read.error()));
        request.data = storage;
      }
      request.rows = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(d.block.height, plan.area.bottom() - std::uint64_t{y} * d.block.height));
      auto tile = decode_jpeg_planes(request, cancel);
      if (!tile) return tile;
      if (plan.area == image::Rect{x * d.block.width, y * d.block.height, d.block.width, d.block.height}) return tile;
      place(*tile, x * d.block.width, y * d.block.height, plan.area, *out);
    }
  }
  return out;
}

}  // namespace armarium::codec
