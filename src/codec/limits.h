#pragma once
// What one source may cost. Checked against what a header claims, before anything is allocated. Values.

#include <cstdint>

namespace armarium::codec {

struct Limits {
  std::uint64_t max_pixels = std::uint64_t{20'000} * 1'000'000;  // of a page, as its header says
  std::uint64_t max_decode_bytes = std::uint64_t{3} << 30;       // of one decode, buffers of the library included
  std::uint64_t max_whole_file = std::uint64_t{2} << 30;         // bytes of a file that has to be in memory whole
  std::uint32_t max_pages = 20'000;
  std::uint32_t max_nesting = 64;  // boxes, directories, references
  std::uint32_t max_tiles = 16'000'000;
  std::uint64_t max_metadata = 32U << 20;  // ICC, EXIF, XMP, each
};

}  // namespace armarium::codec
