#include <atomic>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "cache/single_flight.h"

namespace armarium::cache {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

TEST(SingleFlight, DoesTheWorkOnce) {
  SingleFlight<int> flights;
  std::atomic<int> runs = 0;
  std::atomic<int> sum = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      auto result = flights.run("key", {}, [&]() -> base::Result<int> {
        ++runs;
        std::this_thread::sleep_for(200ms);
        return 7;
      });
      sum += result.value_or(0);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(sum, 56);
  EXPECT_EQ(flights.in_flight(), 0u);
}

TEST(SingleFlight, AWaiterTakesOverWhenTheFirstIsCancelled) {
  SingleFlight<int> flights;
  std::atomic<bool> started = false;
  std::thread first([&] {
    auto result = flights.run("key", {}, [&]() -> base::Result<int> {
      started = true;
      std::this_thread::sleep_for(100ms);
      return base::fail(ErrorCode::cancelled, "gone");
    });
    EXPECT_FALSE(result);
  });
  while (!started) std::this_thread::yield();
  auto second = flights.run("key", {}, [] { return base::Result<int>(5); });
  first.join();
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, 5);
}

TEST(SingleFlight, AWaiterLeavesWhenItIsCancelled) {
  SingleFlight<int> flights;
  std::atomic<bool> started = false;
  std::atomic<bool> release = false;
  std::thread first([&] {
    (void)flights.run("key", {}, [&]() -> base::Result<int> {
      started = true;
      while (!release) std::this_thread::sleep_for(1ms);
      return 1;
    });
  });
  while (!started) std::this_thread::yield();
  const base::CancelToken token;
  token.cancel();
  auto second = flights.run("key", token, [] { return base::Result<int>(5); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::cancelled);
  release = true;
  first.join();
}

TEST(SingleFlight, WorkThatThrowsDoesNotHoldTheOthers) {
  SingleFlight<int> flights;
  EXPECT_THROW((void)flights.run("key", {}, []() -> base::Result<int> { throw std::runtime_error("x"); }),
               std::runtime_error);
  EXPECT_EQ(flights.in_flight(), 0u);
  EXPECT_TRUE(flights.run("key", {}, [] { return base::Result<int>(1); }));
}

}  // namespace
}  // namespace armarium::cache
