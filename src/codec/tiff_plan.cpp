// Which bytes of a TIFF file a region needs: the blocks that it touches, of uncompressed strips only the rows, and the headers that libtiff reads again.

#include <algorithm>

#include "codec/tiff_directory.h"

namespace armarium::codec {
namespace {

base::ByteRange clipped(std::uint64_t offset, std::uint64_t length, std::uint64_t file_size) {
  if (offset == 0 || offset >= file_size) return {};
  return {offset, std::min(length, file_size - offset)};
}

}  // namespace

base::ByteRange tiff_block_range(const TiffDirectory& directory, std::uint64_t file_size, std::uint32_t block) {
  return clipped(directory.offsets[block], directory.counts[block], file_size);
}

base::ByteRange tiff_row_range(const TiffDirectory& directory, std::uint64_t file_size, std::uint32_t block, std::uint32_t first, std::uint32_t end) {
  const std::uint64_t skip = directory.row_bytes() * first;
  const std::uint64_t offset = directory.offsets[block];
  if (offset == 0 || skip >= directory.counts[block] || offset > UINT64_MAX - skip) return {};
  return clipped(offset + skip, std::min(directory.row_bytes() * (end - first), directory.counts[block] - skip), file_size);
}

base::Result<Plan> plan_tiff(const TiffIndex& index, const Request& request, const Limits& limits) {
  Plan plan = choose_level(index.pages.at(request.page), request);
  const TiffDirectory& d = index.directory(plan.page, plan.level);
  if (d.path == TiffPath::unsupported) return base::fail(base::ErrorCode::unsupported, "This kind of TIFF file cannot be read.");
  if (d.path == TiffPath::rgba) {
    if (index.file_size > limits.max_whole_file) return base::fail(base::ErrorCode::resource_limit, "The file is larger than the server allows.");
    plan.ranges = {{0, index.file_size}};
    plan.cost.memory += index.file_size + plan.area.size().area() * 4;
    plan.cost.bytes_read = index.file_size;
    return plan;
  }
  const std::uint32_t left = plan.area.x / d.block.width;
  const std::uint32_t right = static_cast<std::uint32_t>((plan.area.right() - 1) / d.block.width);
  const std::uint32_t top = plan.area.y / d.block.height;
  const std::uint32_t bottom = static_cast<std::uint32_t>((plan.area.bottom() - 1) / d.block.height);
  std::uint64_t largest = 0;
  if (d.path == TiffPath::blocks) plan.ranges = d.header;
  for (std::uint32_t plane = 0; plane < d.planes(); ++plane) {
    for (std::uint32_t y = top; y <= bottom; ++y) {
      for (std::uint32_t x = left; x <= right; ++x) {
        const std::uint32_t block = (plane * d.blocks_down() + y) * d.blocks_across() + x;
        const std::uint64_t start = std::uint64_t{y} * d.block.height;
        const base::ByteRange range =
            d.path == TiffPath::blocks
                ? tiff_block_range(d, index.file_size, block)
                : tiff_row_range(d, index.file_size, block, static_cast<std::uint32_t>(std::max<std::uint64_t>(plan.area.y, start) - start),
                                 static_cast<std::uint32_t>(std::min<std::uint64_t>(plan.area.bottom(), start + d.block.height) - start));
        if (range.length == 0) continue;
        plan.ranges.push_back(range);
        largest = std::max(largest, range.length);
      }
    }
  }
  for (const base::ByteRange range : plan.ranges) plan.cost.bytes_read += range.length;
  const std::uint64_t block_pixels = std::uint64_t{d.block.width} * std::min<std::uint64_t>(d.block.height, plan.area.bottom() - std::uint64_t{top} * d.block.height);
  plan.cost.pixels = std::uint64_t{right - left + 1} * (bottom - top + 1) * block_pixels;
  plan.cost.memory += plan.cost.bytes_read + largest;
  if (d.path == TiffPath::blocks) plan.cost.memory += block_pixels * d.block_samples() * (d.bits + 7) / 8;
  if (d.packed_chroma()) plan.cost.memory += block_pixels * 3;
  if (d.separate) plan.cost.memory += std::min(plan.area.size().area(), d.tiled ? d.block.area() : UINT64_MAX) * d.samples * 2;
  return plan;
}

}  // namespace armarium::codec
