#include "codec/photoshop.h"

namespace armarium::codec {

base::ByteView photoshop_iptc(base::ByteView resources) noexcept {
  // Signature, id, Pascal string padded to even, length, data padded to even.
  while (resources.size() >= 12 && base::as_text(resources).starts_with("8BIM")) {
    const unsigned id = resources[4] << 8 | resources[5];
    const std::size_t name = (std::size_t{resources[6]} + 2) & ~std::size_t{1};
    if (resources.size() < 6 + name + 4) return {};
    resources = resources.subspan(6 + name);
    const std::size_t length = std::size_t{resources[0]} << 24 | std::size_t{resources[1]} << 16 |
                               std::size_t{resources[2]} << 8 | resources[3];
    resources = resources.subspan(4);
    if (length > resources.size()) return {};
    if (id == 0x0404) return resources.first(length);
    const std::size_t padded = length + (length & 1);
    if (padded > resources.size()) return {};
    resources = resources.subspan(padded);
  }
  return {};
}

}  // namespace armarium::codec
