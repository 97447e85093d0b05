// Any file: its headers are read or refused, and what they say holds together. Give real files as seeds: the first bytes choose the decoder.

#include <cstdlib>

#include "codec/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace armarium;
  codec::Limits limits;
  limits.max_pages = 200;
  limits.max_metadata = 1U << 20;
  const base::MemorySource file(base::Bytes(data, data + size));
  const auto picture = codec::Picture::open(file, limits);
  if (!picture) return 0;
  if ((*picture)->page_count() == 0 || (*picture)->page_count() > limits.max_pages) std::abort();
  for (std::uint32_t page = 0; page < (*picture)->page_count(); ++page) {
    const codec::Page& found = (*picture)->page(page);
    if (found.size.empty() || found.size.area() > limits.max_pixels || found.icc == nullptr) std::abort();
    if (found.levels.empty() || found.levels.front().size != found.size) std::abort();
    for (const codec::Level& level : found.levels) {
      if (level.size.empty()) std::abort();
    }
  }
  return 0;
}
