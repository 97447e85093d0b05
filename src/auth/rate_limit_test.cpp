#include "auth/rate_limit.h"

#include <gtest/gtest.h>

namespace armarium::auth {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RateLimit, GivesATenthAtOnceAndThenOneByOne) {
  RateLimit limit(60);
  const auto start = RateLimit::Clock::now();
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(limit.take("ada", start)) << i;
  EXPECT_EQ(limit.take("ada", start), seconds(1));
  EXPECT_FALSE(limit.take("bob", start));
  EXPECT_TRUE(limit.take("ada", start + milliseconds(900)));
  EXPECT_FALSE(limit.take("ada", start + milliseconds(1900)));
  EXPECT_TRUE(limit.take("ada", start + milliseconds(1900)));
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(limit.take("ada", start + seconds(600))) << i;
  EXPECT_TRUE(limit.take("ada", start + seconds(600)));
}

TEST(RateLimit, ZeroIsNoLimit) {
  RateLimit limit(0);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(limit.take("ada"));
}

TEST(RateLimit, ASlowRateSaysALongWait) {
  RateLimit limit(1);
  const auto start = RateLimit::Clock::now();
  EXPECT_FALSE(limit.take("ada", start));
  EXPECT_EQ(limit.take("ada", start), seconds(60));
}

}  // namespace
}  // namespace armarium::auth
