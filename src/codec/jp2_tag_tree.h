#pragma once
// Tag trees (ISO/IEC 15444-1, B.10.2): a matrix of small numbers of which each bit says as little as can be said. Read and written; a tree does one of the two.
// `Bits` gives `bit()` or takes `put(bool)`. Values; one thread.

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace armarium::codec::jp2 {

class TagTree {
 public:
  TagTree() = default;
  // Every leaf is `value` until it is set or read; 0xFFFF stands for not known.
  TagTree(std::uint32_t width, std::uint32_t height, std::uint16_t value = kUnknown) {
    std::size_t size = 0;
    for (;;) {
      levels_[count_++] = {static_cast<std::uint32_t>(size), width};
      size += std::size_t{width} * height;
      if (width <= 1 && height <= 1) break;
      width = (width + 1) / 2;
      height = (height + 1) / 2;
    }
    nodes_.assign(size, Node{value, 0, false});
  }

  // Whether the leaf is less than `threshold`, reading as many bits as that needs.
  template <class Bits>
  bool read(Bits& bits, std::uint32_t x, std::uint32_t y, std::uint32_t threshold) {
    std::uint32_t low = 0;
    for (std::uint32_t level = count_; level-- > 0;) {
      Node& node = at(level, x, y);
      low = std::max<std::uint32_t>(low, node.low);
      while (low < threshold && low < node.value) {
        if (bits.bit())
          node.value = static_cast<std::uint16_t>(low);
        else
          ++low;
      }
      node.low = static_cast<std::uint16_t>(low);
    }
    return at(0, x, y).value < threshold;
  }

  // Lowers the leaf, and what lies above it, to `value`.
  void lower(std::uint32_t x, std::uint32_t y, std::uint16_t value) {
    for (std::uint32_t level = 0; level < count_; ++level) {
      Node& node = at(level, x, y);
      if (node.value <= value) return;
      node.value = value;
    }
  }

  // Says whether the leaf is less than `threshold`.
  template <class Bits>
  void write(Bits& bits, std::uint32_t x, std::uint32_t y, std::uint32_t threshold) {
    std::uint32_t low = 0;
    for (std::uint32_t level = count_; level-- > 0;) {
      Node& node = at(level, x, y);
      low = std::max<std::uint32_t>(low, node.low);
      for (; low < threshold && low < node.value; ++low) bits.put(false);
      if (low < threshold && !node.said) {
        bits.put(true);
        node.said = true;
      }
      node.low = static_cast<std::uint16_t>(low);
    }
  }

 private:
  static constexpr std::uint16_t kUnknown = 0xFFFF;
  struct Node {
    std::uint16_t value;
    std::uint16_t low;
    bool said;
  };
  struct Level {
    std::uint32_t first;
    std::uint32_t width;
  };
  Node& at(std::uint32_t level, std::uint32_t x, std::uint32_t y) {
    return nodes_[levels_[level].first + std::size_t{y >> level} * levels_[level].width + (x >> level)];
  }

  std::array<Level, 15> levels_{};  // a precinct has at most 2^13 blocks on a side
  std::uint32_t count_ = 0;
  std::vector<Node> nodes_;
};

}  // namespace armarium::codec::jp2
