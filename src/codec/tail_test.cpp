#include "codec/tail.h"

#include <gtest/gtest.h>

namespace armarium::codec {
namespace {

base::MemorySource source(const std::string& text) { return base::MemorySource(base::Bytes(text.begin(), text.end())); }

TEST(Tail, FindsTheEndBehindWhatWasAppended) {
  EXPECT_TRUE(tail_holds(source(std::string(5000, 'x') + "END"), 0, "END"));
  EXPECT_TRUE(tail_holds(source("END" + std::string(5000, 'x')), 0, "END"));
  EXPECT_FALSE(tail_holds(source("END" + std::string(100'000, 'x')), 0, "END"));
  EXPECT_FALSE(tail_holds(source(std::string(5000, 'x')), 0, "END"));
  EXPECT_FALSE(tail_holds(source("END of a thumbnail, then nothing"), 3, "END"));
  EXPECT_FALSE(tail_holds(source(""), 0, "END"));
}

}  // namespace
}  // namespace armarium::codec
