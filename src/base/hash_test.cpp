#include "base/hash.h"

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

TEST(Hash, PieceByPieceIsTheSameAsWhole) {
  Bytes bytes(1'000'003);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 255);
  Hasher hasher;
  std::size_t length = 1;
  for (std::size_t at = 0; at < bytes.size(); at += length, length = length * 3 + 1) {
    length = std::min(length, bytes.size() - at);
    hasher.add(ByteView(bytes).subspan(at, length));
  }
  EXPECT_EQ(hasher.hex(), hash_hex(ByteView(bytes)));
  EXPECT_EQ(Hasher().hex(), hash_hex(std::string_view()));
}

}  // namespace
}  // namespace armarium::base
