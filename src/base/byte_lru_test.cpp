#include "base/byte_lru.h"

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

auto text(const char* value) { return std::make_shared<const std::string>(value); }

TEST(ByteLru, KeepsTheRecentlyUsed) {
  ByteLru<std::string> lru(3000, 1);
  lru.put("a", text("A"), 1000 - 129);
  lru.put("b", text("B"), 1000 - 129);
  lru.put("c", text("C"), 1000 - 129);
  EXPECT_EQ(lru.bytes(), 3000u);
  ASSERT_NE(lru.find("a"), nullptr);
  lru.put("d", text("D"), 500);  // b goes: a was used since
  EXPECT_EQ(lru.find("b"), nullptr);
  ASSERT_NE(lru.find("a"), nullptr);
  EXPECT_EQ(*lru.find("d"), "D");
  EXPECT_LE(lru.bytes(), 3000u);
}

TEST(ByteLru, ReplacesAndErases) {
  ByteLru<std::string> lru(10000);
  lru.put("a", text("one"), 100);
  const auto before = lru.bytes();
  lru.put("a", text("two"), 100);
  EXPECT_EQ(lru.bytes(), before);
  EXPECT_EQ(*lru.find("a"), "two");
  lru.erase("a");
  EXPECT_EQ(lru.find("a"), nullptr);
  EXPECT_EQ(lru.bytes(), 0u);
}

TEST(ByteLru, DoesNotKeepWhatIsTooLarge) {
  ByteLru<std::string> lru(1000, 1);
  lru.put("small", text("s"), 10);
  lru.put("large", text("l"), 1001);
  EXPECT_EQ(lru.find("large"), nullptr);
  EXPECT_NE(lru.find("small"), nullptr);
}

TEST(ByteLru, BoundsEntries) {
  ByteLru<std::string> lru(1 << 20, 1, 2);
  for (const char* key : {"a", "b", "c"}) lru.put(key, text(key), 1);
  EXPECT_EQ(lru.find("a"), nullptr);
  EXPECT_NE(lru.find("c"), nullptr);
}

}  // namespace
}  // namespace armarium::base
