#include "pipeline/memory_budget.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace armarium::pipeline {
namespace {

TEST(MemoryBudget, SharesComeBack) {
  MemoryBudget budget(100);
  auto first = budget.take(60);
  ASSERT_TRUE(first);
  EXPECT_FALSE(budget.take(41));
  auto second = budget.take(40);
  EXPECT_TRUE(second);
  EXPECT_EQ(budget.taken(), 100U);
  first.reset();
  EXPECT_EQ(budget.taken(), 40U);
  EXPECT_TRUE(budget.take(60));
}

TEST(MemoryBudget, WhatIsLargerThanAllOfItRunsAlone) {
  MemoryBudget budget(100);
  auto large = budget.take(1000);
  ASSERT_TRUE(large);
  EXPECT_FALSE(budget.take(1));
  large.reset();
  auto small = budget.take(1);
  EXPECT_FALSE(budget.take(1000));
}

TEST(MemoryBudget, SharesMayOutliveIt) {
  MemoryBudget::Share share;
  {
    MemoryBudget budget(10);
    share = budget.take(5);
  }
  EXPECT_TRUE(share);
}

TEST(MemoryBudget, IsNeverOverdrawnByThreads) {
  MemoryBudget budget(8);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&budget] {
      for (int round = 0; round < 2000; ++round) {
        if (const auto share = budget.take(3)) EXPECT_LE(budget.taken(), 8U);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.taken(), 0U);
}

}  // namespace
}  // namespace armarium::pipeline
