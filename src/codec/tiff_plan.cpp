// Which bytes of a TIFF file a region needs: the blocks that it touches, of uncompressed strips only the rows, and the headers that libtiff reads again.

#include <algorithm>

#include "codec/box_reducer.h"
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

base::ByteRange tiff_row_range(const TiffDirectory& directory, std::uint64_t file_size, std::uint32_t block,
                               std::uint32_t first, std::uint32_t end) {
  const std::uint64_t skip = directory.row_bytes() * first;
  const std::uint64_t offset = directory.offsets[block];
  if (offset == 0 || skip >= directory.counts[block] || offset > UINT64_MAX - skip) return {};
  return clipped(offset + skip, std::min(directory.row_bytes() * (end - first), directory.counts[block] - skip),
                 file_size);
}

base::Result<Plan> plan_tiff(const TiffIndex& index, const Request& request, const Limits& limits) {
  Plan plan = choose_level(index.pages.at(request.page), request);
  const TiffDirectory& d = index.directory(plan);
  const std::uint32_t factor = index.factor(plan);
  const image::Rect area = BoxReducer::source_of(plan.area, d.size, factor);  // of the directory
  if (d.path == TiffPath::unsupported)
    return base::fail(base::ErrorCode::unsupported, "This kind of TIFF file cannot be read.");
  if (d.path == TiffPath::rgba) {
    if (index.file_size > limits.max_whole_file)
      return base::fail(base::ErrorCode::resource_limit, "The file is larger than the server allows.");
    plan.ranges = {{0, index.file_size}};
    plan.cost.memory += index.file_size + plan.area.size().area() * 4;
    plan.cost.bytes_read = index.file_size;
    return plan;
  }
  const std::uint32_t left = area.x / d.block.width;
  const std::uint32_t right = static_cast<std::uint32_t>((area.right() - 1) / d.block.width);
  const std::uint32_t top = area.y / d.block.height;
  const std::uint32_t bottom = static_cast<std::uint32_t>((area.bottom() - 1) / d.block.height);
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
                : tiff_row_range(d, index.file_size, block,
                                 static_cast<std::uint32_t>(std::max<std::uint64_t>(area.y, start) - start),
                                 static_cast<std::uint32_t>(
                                     std::min<std::uint64_t>(area.bottom(), start + d.block.height) - start));
        if (range.length == 0) continue;
        plan.ranges.push_back(range);
        largest = std::max(largest, range.length);
      }
    }
  }
  for (const base::ByteRange range : plan.ranges) plan.cost.bytes_read += range.length;
  const std::uint64_t block_pixels =
      std::uint64_t{d.block.width} *
      std::min<std::uint64_t>(d.block.height, area.bottom() - std::uint64_t{top} * d.block.height);
  plan.cost.pixels = std::uint64_t{right - left + 1} * (bottom - top + 1) * block_pixels;
  plan.cost.memory += plan.cost.bytes_read + largest;
  if (d.path == TiffPath::blocks) plan.cost.memory += block_pixels * d.block_samples() * (d.bits + 7) / 8;
  if (d.packed_chroma()) plan.cost.memory += block_pixels * 3;
  if (factor > 1) {
    const std::uint64_t rows = d.blocks_across() == 1 ? 2 : d.block.height / factor + 2;
    plan.cost.memory += rows * plan.area.width * d.pixels.channels() * 8 + area.width * 8ULL;
  }
  if (d.separate)
    plan.cost.memory += std::min(area.size().area(), d.tiled ? d.block.area() : UINT64_MAX) * d.samples * 2;
  return plan;
}

}  // namespace armarium::codec
