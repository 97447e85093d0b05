#pragma once
// In which order the packets of a tile follow each other: the five progressions (ISO/IEC 15444-1, B.12.1), without changes of progression. Pure; any thread.

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "codec/jp2_partition.h"

namespace armarium::codec::jp2 {

// A.6.1, table A.16
enum class Progression : std::uint8_t { lrcp = 0, rlcp = 1, rpcl = 2, pcrl = 3, cprl = 4 };

// One precinct of a tile.
struct PrecinctPlace {
  std::uint16_t component = 0;
  std::uint8_t resolution = 0;
  std::uint32_t number = 0;  // within the resolution, row by row
};

// Every precinct once, in the order in which the progression visits it (within one layer or resolution, whichever is further out).
std::vector<PrecinctPlace> precinct_order(const CodeStream& stream, const TileLayout& layout, Progression progression);

// Calls `visit(place, layer)` for each packet in order until it returns an error.
template <class Visit>
base::Result<> for_each_packet(const std::vector<PrecinctPlace>& order, Progression progression, std::uint32_t layers,
                               Visit visit) {
  std::size_t begin = 0;
  while (begin < order.size()) {
    // As far as a layer reaches before the next one begins.
    std::size_t end = begin + 1;
    if (progression == Progression::lrcp) {
      end = order.size();
    } else if (progression == Progression::rlcp) {
      while (end < order.size() && order[end].resolution == order[begin].resolution) ++end;
    }
    for (std::uint32_t layer = 0; layer < layers; ++layer) {
      for (std::size_t i = begin; i < end; ++i) {
        if (base::Result<> visited = visit(order[i], layer); !visited) return visited;
      }
    }
    begin = end;
  }
  return {};
}

}  // namespace armarium::codec::jp2
