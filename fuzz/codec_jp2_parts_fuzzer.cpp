// Any bytes as a JPEG 2000 code stream that is decoded in parts: the packet index and the excerpts made from it end in pixels of the right size or in an Error. The
// first two bytes choose resolution and area.

#include <cstdlib>

#include "codec/jp2_parts.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace armarium;
  namespace jp2 = codec::jp2;
  if (size < 3 || size > 64U << 10U) return 0;
  const std::uint32_t where = data[1];
  const base::MemorySource file(base::Bytes(data + 2, data + size));
  codec::Limits limits;
  limits.max_tiles = 1000;
  const auto stream = jp2::read_code_stream(file, 0, file.size(), limits);
  if (!stream || stream->high_throughput) return 0;  // armarium-decode's: OpenJPEG's asserts there end the program
  const std::uint32_t reduce = std::min(data[0] % 8U, stream->levels);
  const image::Rect level = jp2::level_grid(*stream, reduce);
  if (level.size().empty()) return 0;
  image::Rect asked;
  asked.x = static_cast<std::uint32_t>(std::uint64_t{level.width} * (where & 15U) / 16);
  asked.y = static_cast<std::uint32_t>(std::uint64_t{level.height} * (where >> 4U) / 16);
  asked.width = std::min(level.width - asked.x, data[0] >= 128 ? 40U : 300U);
  asked.height = std::min(level.height - asked.y, data[0] >= 128 ? 40U : 300U);
  jp2::PacketIndex index(*stream);
  const jp2::GridArea area = jp2::part_area(*stream, reduce, asked);
  for (int round = 0; round < 2; ++round) {
    const jp2::PartsPlan plan = jp2::plan_parts(index, reduce, area);
    if (!plan.possible || plan.memory > 64U << 20U) return 0;
    const auto planes = jp2::decode_parts(index, file, true, reduce, area, {});
    if (!planes) return 0;
    if (planes->components.size() != stream->components.size()) std::abort();
    for (std::size_t c = 0; c < planes->components.size(); ++c) {
      const image::Rect wanted = jp2::component_rect(stream->components[c], area, reduce);
      const jp2::Plane& plane = planes->components[c];
      if (plane.x0 > wanted.x || plane.y0 > wanted.y) std::abort();
      if (plane.x0 + std::uint64_t{plane.width} < wanted.right()) std::abort();
      if (plane.y0 + std::uint64_t{plane.height} < wanted.bottom()) std::abort();
    }
  }
  return 0;
}
