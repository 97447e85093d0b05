#include "api/found_damage.h"

#include <gtest/gtest.h>

namespace armarium::api {
namespace {

TEST(FoundDamage, NamesAFileUntilItChanges) {
  FoundDamage damage;
  damage.note("a/b.png", "1", "The PNG file is damaged.");
  damage.note("a/b.png", "1", "The PNG file is damaged.");
  ASSERT_EQ(damage.list().size(), 1U);
  EXPECT_EQ(damage.list().front().path, "a/b.png");
  damage.forget_older("a/b.png", "1");
  EXPECT_EQ(damage.list().size(), 1U);
  damage.forget_older("a/b.png", "2");
  EXPECT_TRUE(damage.list().empty());
}

TEST(FoundDamage, IsBounded) {
  FoundDamage damage;
  for (int i = 0; i < 11'000; ++i) damage.note(std::to_string(i), "1", "x");
  EXPECT_EQ(damage.list().size(), 10'000U);
}

}  // namespace
}  // namespace armarium::api
