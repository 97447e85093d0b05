// Any bytes as a JPEG 2000 file: what the header reader lets through is consistent, and a small region of each level decodes or fails by an Error.

#include <cstdlib>

#include "codec/jp2_header.h"
#include "codec/registry.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace armarium;
  if (size > 64U << 10U) return 0;
  const base::MemorySource file(base::Bytes(data, data + size));
  codec::Limits limits;
  limits.max_decode_bytes = 64U << 20;
  limits.max_metadata = 1U << 20;
  const auto header = codec::jp2::read_header(file, limits);
  const auto index = codec::jp2_decoder().index(file, limits);
  if (!header || !index) return 0;
  if (header->stream.high_throughput) return 0;  // armarium-decode's: OpenJPEG's asserts there end the program
  if (header->channels.empty() || header->stream.offset + header->stream.length > size) std::abort();
  for (const auto& channel : header->channels) {
    if (channel.component >= header->stream.components.size()) std::abort();
  }
  const codec::Page& page = (*index)->pages.at(0);
  for (const codec::Level& level : page.levels) {
    if (level.size.empty()) std::abort();
    const codec::Request request{
        0, image::Rect::of(page.size), {std::min(64U, level.size.width), std::min(64U, level.size.height)}};
    const auto plan = codec::jp2_decoder().plan(**index, request, limits);
    if (!plan || plan->cost.memory > limits.max_decode_bytes) continue;
    const auto pixels = codec::jp2_decoder().decode(**index, *plan, file, limits, {});
    if (pixels && (pixels->size() != plan->area.size() || pixels->format() != page.pixels)) std::abort();
  }
  return 0;
}
