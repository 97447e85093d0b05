#include "base/natural_order.h"

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

TEST(NaturalOrder, CountsNumbers) {
  EXPECT_TRUE(natural_less("p2", "p10"));
  EXPECT_TRUE(natural_less("p02", "p10"));
  EXPECT_TRUE(natural_less("p9b", "p10a"));
  EXPECT_FALSE(natural_less("p10", "p2"));
  EXPECT_TRUE(natural_less("99999999999999999999", "100000000000000000000"));
}

TEST(NaturalOrder, CaseBreaksTiesOnly) {
  EXPECT_TRUE(natural_less("apple", "Banana"));
  EXPECT_NE(natural_compare("A", "a"), 0);
  EXPECT_EQ(natural_compare("a1", "a1"), 0);
}

}  // namespace
}  // namespace armarium::base
