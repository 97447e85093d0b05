#pragma once
// Code streams of every shape for the unit tests of jp2_*: written by OpenJPEG from a made-up picture.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace armarium::codec::jp2::testing {

struct Sample {
  std::string name;
  std::uint32_t x0 = 0, y0 = 0, x1 = 300, y1 = 200;                         // image area on the grid
  std::uint32_t tile_x0 = 0, tile_y0 = 0, tile_width = 0, tile_height = 0;  // 0: untiled
  std::vector<std::array<std::uint32_t, 2>> steps{{1, 1}, {1, 1}, {1, 1}};  // of the components
  int progression = 2;                                                      // LRCP, RLCP, RPCL, PCRL, CPRL
  int resolutions = 4;
  std::vector<float> rates;  // of layers; empty: one lossless layer
  bool reversible = true;
  bool colour_transform = true;
  std::vector<int> precincts;  // sides, highest resolution first; the last one is halved for the others
  int block = 8;
  int block_style = 0;
  bool packet_markers = false;  // SOP and EPH
  bool lengths = false;         // PLT and TLM
  char tile_parts = 0;          // 'R', 'L', 'C': one for each
  std::uint32_t bits = 8;
};

base::Bytes write_sample(const Sample& sample);

}  // namespace armarium::codec::jp2::testing
