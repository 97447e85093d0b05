// Any bytes as the answer of armarium-decode: what is accepted keeps to the limits and is written back as it was.

#include <cstdlib>

#include "codec/worker_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace armarium::codec;
  Limits limits;
  limits.max_pages = 100;
  limits.max_metadata = 4096;
  const armarium::base::ByteView bytes(data, size);
  const auto answer = worker::parse_index_answer(bytes, limits);
  if (!answer) return 0;
  if (answer->pages.empty() || answer->pages.size() > limits.max_pages) std::abort();
  for (const worker::PageAnswer& page : answer->pages) {
    if (page.size.empty() || page.size.area() > limits.max_pixels || page.levels.empty() ||
        page.levels[0].size != page.size)
      std::abort();
    if (page.profile >= static_cast<std::int32_t>(answer->profiles.size())) std::abort();
  }
  const auto again = worker::write_index_answer(*answer);
  if (again.size() != size || !std::equal(again.begin(), again.end(), data)) std::abort();
  return 0;
}
