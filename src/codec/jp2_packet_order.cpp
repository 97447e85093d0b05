#include "codec/jp2_packet_order.h"

#include <algorithm>
#include <tuple>

namespace armarium::codec::jp2 {
namespace {

// A precinct with the point of the reference grid at which a progression by position meets it.
struct Placed {
  std::uint64_t y = 0, x = 0;
  PrecinctPlace place;
};

// B.12.1.3: the precinct's corner, or the tile's where the precinct begins before it.
void add_placed(const Component& component, const GridArea& tile, std::uint16_t number, std::uint8_t resolution,
                const Resolution& part, std::vector<Placed>& placed) {
  const std::uint32_t reduce = component.levels - resolution;
  for (std::uint32_t p = 0; p < part.precincts(); ++p) {
    const std::uint64_t x = part.first_x + p % part.across;
    const std::uint64_t y = part.first_y + p / part.across;
    Placed each;
    each.x = std::max<std::uint64_t>(tile.x0, ((x << part.precinct_x) << reduce) * component.dx);
    each.y = std::max<std::uint64_t>(tile.y0, ((y << part.precinct_y) << reduce) * component.dy);
    each.place = {number, resolution, p};
    placed.push_back(each);
  }
}

void sort_by(Progression progression, std::vector<Placed>& placed) {
  auto key = [progression](const Placed& each) {
    const std::uint64_t c = each.place.component;
    const std::uint64_t r = each.place.resolution;
    const std::uint64_t n = each.place.number;
    switch (progression) {
      case Progression::rpcl: return std::tuple(r, each.y, each.x, c, n);
      case Progression::pcrl: return std::tuple(each.y, each.x, c, r, n);
      case Progression::cprl: return std::tuple(c, each.y, each.x, r, n);
      default: return std::tuple(r, c, n, std::uint64_t{0}, std::uint64_t{0});
    }
  };
  std::sort(placed.begin(), placed.end(), [&](const Placed& a, const Placed& b) { return key(a) < key(b); });
}

}  // namespace

std::vector<PrecinctPlace> precinct_order(const CodeStream& stream, const TileLayout& layout, Progression progression) {
  std::vector<Placed> placed;
  placed.reserve(layout.precincts);
  for (std::size_t c = 0; c < layout.components.size(); ++c) {
    for (std::size_t r = 0; r < layout.components[c].size(); ++r) {
      add_placed(stream.components[c], layout.area, static_cast<std::uint16_t>(c), static_cast<std::uint8_t>(r),
                 layout.components[c][r], placed);
    }
  }
  sort_by(progression, placed);
  std::vector<PrecinctPlace> order;
  order.reserve(placed.size());
  for (const Placed& each : placed) order.push_back(each.place);
  return order;
}

}  // namespace armarium::codec::jp2
