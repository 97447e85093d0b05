// Any JPEG stream cut to some size by its bits: a stream of that size, or nothing. The last two bytes choose the size; give real files as seeds.

#include <cstdlib>

#include "codec/jpeg_cut.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 2 || size > (1U << 20)) return 0;
  const armarium::image::Size wanted{data[size - 2] * 3U + 1, data[size - 1] * 3U + 1};
  const auto cut = armarium::codec::cut_jpeg({data, size}, wanted);
  // Differences of DC that had to be coded anew are the only thing that can grow: by less than four bytes for each unit.
  if (cut && (cut->size() < 4 || cut->size() > 8 * size + wanted.area())) std::abort();
  return 0;
}
