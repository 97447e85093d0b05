#include "codec/exif.h"

namespace armarium::codec {
namespace {

struct View {
  base::ByteView bytes;
  bool little;

  std::uint32_t u16(std::size_t at) const noexcept {
    if (bytes.size() < 2 || at > bytes.size() - 2) return 0;
    return little ? bytes[at] | bytes[at + 1] << 8 : bytes[at] << 8 | bytes[at + 1];
  }
  std::uint32_t u32(std::size_t at) const noexcept {
    return little ? u16(at) | u16(at + 2) << 16 : u16(at) << 16 | u16(at + 2);
  }
};

}  // namespace

int exif_orientation(base::ByteView exif) noexcept {
  if (exif.size() < 14 || exif[0] != exif[1] || (exif[0] != 'I' && exif[0] != 'M')) return 1;
  const View view{exif, exif[0] == 'I'};
  if (view.u16(2) != 42) return 1;
  const std::size_t directory = view.u32(4);
  if (directory > exif.size() - 2) return 1;
  const std::uint32_t entries = view.u16(directory);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t at = directory + 2 + std::size_t{12} * i;
    if (at + 12 > exif.size()) return 1;
    if (view.u16(at) != 0x0112) continue;
    // A SHORT by the book; some writers use LONG.
    const std::uint32_t value = view.u16(at + 2) == 4 ? view.u32(at + 8) : view.u16(at + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace armarium::codec
