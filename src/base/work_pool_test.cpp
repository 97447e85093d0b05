#include "base/work_pool.h"

#include <atomic>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

TEST(WorkPool, LargeWorkLeavesAThreadForTiles) {
  WorkPool pool({.threads = 2, .tile_queue = 8, .large_queue = 8});
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pool.submit(Lane::large, [open] { open.wait(); }));
  std::promise<void> tile_done;
  ASSERT_TRUE(pool.submit(Lane::tile, [&] { tile_done.set_value(); }));
  EXPECT_EQ(tile_done.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  gate.set_value();
}

TEST(WorkPool, AFullLaneRefuses) {
  WorkPool pool({.threads = 1, .tile_queue = 8, .large_queue = 1});
  std::promise<void> started;
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  ASSERT_TRUE(pool.submit(Lane::large, [&, open] {
    started.set_value();
    open.wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.submit(Lane::large, [] {}));
  EXPECT_FALSE(pool.submit(Lane::large, [] {}));
  EXPECT_TRUE(pool.resume(Lane::large, [] {})) << "what was begun goes on";
  gate.set_value();
}

TEST(WorkPool, SpareWorkIsForIdleThreads) {
  WorkPool pool({.threads = 2});
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  std::promise<void> first;
  std::promise<void> second;
  ASSERT_TRUE(pool.submit_if_idle([&, open] {
    first.set_value();
    open.wait();
  }));
  first.get_future().wait();
  ASSERT_TRUE(pool.submit(Lane::tile, [&, open] {
    second.set_value();
    open.wait();
  }));
  second.get_future().wait();
  EXPECT_FALSE(pool.submit_if_idle([] {}));
  gate.set_value();
}

TEST(WorkPool, SurvivesAJobThatThrowsAndFinishesWhatItTook) {
  std::atomic<int> done = 0;
  {
    WorkPool pool({.threads = 2});
    ASSERT_TRUE(pool.submit(Lane::tile, [] { throw std::runtime_error("broken job"); }));
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(pool.submit(Lane::tile, [&] { ++done; }));
  }
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace armarium::base
