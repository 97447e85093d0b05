// Which bytes of a TIFF file a region needs: the blocks that it touches, of uncompressed strips only the rows, and the headers that libtiff reads again.

#include <algorithm>

#include "codec/box_reducer.h"
#include "codec/tiff_directory.h"

namespace armarium::codec {
namespace {

constexpr std::uint64_t kHoldAtOnce = std::uint64_t{64} << 20;
constexpr std::uint64_t kBandBytes = std::uint64_t{4} << 20;

base::ByteRange clipped(std::uint64_t offset, std::uint64_t length, std::uint64_t file_size) {
  if (offset == 0 || offset >= file_size) return {};
  return {offset, std::min(length, file_size - offset)};
}

// What the blocks that an area touches come to.
struct Touched {
  std::uint64_t largest = 0;       // bytes of a block in the file
  std::uint64_t pixels = 0;        // decoded
  std::uint64_t block_pixels = 0;  // of one block
};

Touched touch(const TiffDirectory& d, const image::Rect& area, std::uint64_t file_size,
              std::vector<base::ByteRange>& ranges) {
  const std::uint32_t left = area.x / d.block.width;
  const auto right = static_cast<std::uint32_t>((area.right() - 1) / d.block.width);
  const std::uint32_t top = area.y / d.block.height;
  const auto bottom = static_cast<std::uint32_t>((area.bottom() - 1) / d.block.height);
  Touched touched;
  for (std::uint32_t plane = 0; plane < d.planes(); ++plane) {
    for (std::uint32_t y = top; y <= bottom; ++y) {
      const std::uint64_t start = std::uint64_t{y} * d.block.height;
      const auto first = static_cast<std::uint32_t>(std::max<std::uint64_t>(area.y, start) - start);
      const auto end = static_cast<std::uint32_t>(std::min(area.bottom(), start + d.block.height) - start);
      for (std::uint32_t x = left; x <= right; ++x) {
        const std::uint32_t block = (plane * d.blocks_down() + y) * d.blocks_across() + x;
        const base::ByteRange range = d.path == TiffPath::blocks ? tiff_block_range(d, file_size, block)
                                                                 : tiff_row_range(d, file_size, block, first, end);
        if (range.length == 0) continue;
        ranges.push_back(range);
        touched.largest = std::max(touched.largest, range.length);
      }
    }
  }
  const std::uint64_t rows =
      std::min(std::uint64_t{d.block.height}, area.bottom() - std::uint64_t{top} * d.block.height);
  touched.block_pixels = d.block.width * rows;
  touched.pixels = std::uint64_t{right - left + 1} * (bottom - top + 1) * touched.block_pixels;
  return touched;
}

// What decoding holds beside the result and the bytes that were fetched.
std::uint64_t working_memory(const TiffDirectory& d, const Plan& plan, const image::Rect& area, const Touched& touched,
                             std::uint32_t factor) {
  const bool raw = d.path == TiffPath::raw_rows;
  const std::uint64_t rows = raw ? std::min(tiff_raw_band(d), area.height) : std::min(d.block.height, area.height);
  std::uint64_t memory = raw ? rows * d.row_bytes() : touched.largest;
  if (!raw) memory += touched.block_pixels * d.block_samples() * (d.bits + 7) / 8;
  if (d.packed_chroma()) memory += touched.block_pixels * 3;
  if (d.separate) memory += rows * std::min(d.block.width, area.width) * d.samples * 2;
  if (factor > 1) {
    const std::uint64_t sums = d.blocks_across() == 1 ? 2 : d.block.height / factor + 2;
    memory += sums * plan.area.width * d.pixels.channels() * 8 + area.width * 8ULL;
  }
  return memory;
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

std::uint32_t tiff_raw_band(const TiffDirectory& directory) {
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(kBandBytes / directory.row_bytes(), 1, UINT32_MAX));
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
  const Touched touched = touch(d, area, index.file_size, plan.ranges);
  for (const base::ByteRange range : d.header) plan.ranges.push_back(range);
  for (const base::ByteRange range : plan.ranges) plan.cost.bytes_read += range.length;
  plan.cost.pixels = touched.pixels;
  // Too much to hold at once is read block by block.
  plan.whole_file = plan.cost.bytes_read > kHoldAtOnce;
  if (plan.whole_file)
    plan.ranges.clear();
  else
    plan.cost.memory += plan.cost.bytes_read;
  plan.cost.memory += working_memory(d, plan, area, touched, factor);
  return plan;
}

}  // namespace armarium::codec
