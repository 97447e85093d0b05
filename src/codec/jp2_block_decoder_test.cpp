#include "codec/jp2_block_decoder.h"

#include <gtest/gtest.h>

#include <random>

namespace armarium::codec::jp2 {
namespace {

// What blocks mean is shown by jp2_parts_test.cpp, against OpenJPEG; here, that no bytes do harm.
TEST(Jp2BlockDecoder, AnyBytesGiveCoefficients) {
  std::mt19937 random(7);
  BlockDecoder decoder;
  for (int round = 0; round < 400; ++round) {
    const std::uint32_t width = 1 + random() % 64;
    const std::uint32_t height = 1 + random() % 64;
    std::vector<std::vector<std::uint8_t>> bytes(1 + random() % 4);
    std::vector<BlockSegment> segments;
    for (auto& each : bytes) {
      each.resize(random() % 600);
      for (auto& byte : each) byte = random() % 3 == 0 ? 0xFF : static_cast<std::uint8_t>(random());
      each.insert(each.end(), {0xFF, 0xFF});
      segments.push_back({each.data(), static_cast<std::uint32_t>(random() % 60)});
    }
    BlockCode code{width,
                   height,
                   static_cast<std::uint8_t>(random() % 40),
                   static_cast<std::uint8_t>(random() % 64),
                   static_cast<BandKind>(random() % 3),
                   segments};
    const auto coefficients = decoder.decode(code);
    ASSERT_EQ(coefficients.size(), width * height);
    const auto bound = std::int64_t{1} << (std::min<int>(code.planes, kMostPlanes) + 1);
    for (const std::int32_t each : coefficients) ASSERT_LT(std::abs(std::int64_t{each}), bound);
  }
}

TEST(Jp2BlockDecoder, WithoutPassesThereIsNothing) {
  const std::uint8_t nothing[] = {0xFF, 0xFF};
  const BlockSegment segment{nothing, 0};
  BlockDecoder decoder;
  const auto coefficients = decoder.decode({3, 5, 8, 0, BandKind::hh, {&segment, 1}});
  EXPECT_EQ(std::vector<std::int32_t>(coefficients.begin(), coefficients.end()), std::vector<std::int32_t>(15));
}

}  // namespace
}  // namespace armarium::codec::jp2
