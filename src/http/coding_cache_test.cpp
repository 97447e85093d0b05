#include "http/coding_cache.h"

#include <gtest/gtest.h>

namespace armarium::http {
namespace {

base::SharedBytes bytes(std::size_t size) { return base::share(base::Bytes(size, 'x')); }

TEST(CodingCache, FindsByContentAndCoding) {
  CodingCache cache(80'000);
  const std::string plain(5000, 'a');
  cache.put(CodingCache::key_of(plain, Coding::gzip), bytes(10));
  EXPECT_EQ(cache.find(CodingCache::key_of(plain, Coding::gzip))->size(), 10U);
  EXPECT_EQ(cache.find(CodingCache::key_of(plain, Coding::brotli)), nullptr);
  EXPECT_EQ(cache.find(CodingCache::key_of(plain + "b", Coding::gzip)), nullptr);
  EXPECT_EQ(CodingCache::key_of("short", Coding::gzip), "");
  cache.put("", bytes(10));
  EXPECT_EQ(cache.bytes(), 10U);
}

TEST(CodingCache, TheLongestUnusedGoesFirst) {
  CodingCache cache(800);
  for (int i = 0; i < 8; ++i) cache.put("key" + std::to_string(i), bytes(100));
  EXPECT_NE(cache.find("key0"), nullptr);
  cache.put("new", bytes(100));
  EXPECT_NE(cache.find("key0"), nullptr);
  EXPECT_EQ(cache.find("key1"), nullptr);
  EXPECT_NE(cache.find("new"), nullptr);
  EXPECT_EQ(cache.bytes(), 800U);
  cache.put("large", bytes(101));
  EXPECT_EQ(cache.find("large"), nullptr);
  cache.put("new", bytes(50));
  EXPECT_EQ(cache.bytes(), 800U) << "what is there stays";
}

}  // namespace
}  // namespace armarium::http
