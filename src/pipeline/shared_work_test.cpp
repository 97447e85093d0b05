#include "pipeline/shared_work.h"

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace armarium::pipeline {
namespace {

using namespace std::chrono_literals;

TEST(SharedWork, EveryItemIsDoneOnce) {
  base::WorkPool pool({.threads = 3});
  for (base::WorkPool* helpers : {&pool, static_cast<base::WorkPool*>(nullptr)}) {
    for (int round = 0; round < 200; ++round) {
      std::vector<std::atomic<int>> done(17);
      share_work(helpers, done.size(), [&](std::size_t i) { return ++done[i] == 1; });
      for (const auto& count : done) EXPECT_EQ(count, 1);
    }
  }
}

TEST(SharedWork, IdleWorkersTakePart) {
  base::WorkPool pool({.threads = 2});
  std::promise<void> helped;
  auto was_helped = helped.get_future().share();
  std::atomic<int> elsewhere = 0;
  const auto here = std::this_thread::get_id();
  share_work(&pool, 50, [&](std::size_t) {
    if (std::this_thread::get_id() != here && ++elsewhere == 1) helped.set_value();
    return was_helped.wait_for(10s) == std::future_status::ready;
  });
  EXPECT_GT(elsewhere, 0);
}

// Nobody who waits for a worker waits longer than an item.
TEST(SharedWork, HelpersGiveWayToTiles) {
  base::WorkPool pool({.threads = 1});
  std::promise<void> tile_done;
  auto done = tile_done.get_future().share();
  std::atomic<bool> submitted = false;
  const auto here = std::this_thread::get_id();
  share_work(&pool, 1000, [&](std::size_t) {
    if (std::this_thread::get_id() == here) {
      // Items on this thread go on only when the helper has let the tile through.
      while (!submitted) std::this_thread::sleep_for(1ms);
      return done.wait_for(10s) == std::future_status::ready;
    }
    if (!submitted) {
      EXPECT_TRUE(pool.submit(base::Lane::tile, [&] { tile_done.set_value(); }));
      submitted = true;
    }
    return true;
  });
  EXPECT_EQ(done.wait_for(0s), std::future_status::ready);
}

TEST(SharedWork, StopsWhenAnItemSaysSo) {
  base::WorkPool pool({.threads = 2});
  std::atomic<int> done = 0;
  share_work(&pool, 1000, [&](std::size_t i) {
    ++done;
    return i < 5;
  });
  EXPECT_GE(done, 6);
  EXPECT_LE(done, 12);
}

TEST(SharedWork, ThrowsWhatAnItemThrowsWhenHelpersHaveLeft) {
  base::WorkPool pool({.threads = 2});
  std::atomic<int> inside = 0;
  const auto here = std::this_thread::get_id();
  EXPECT_THROW(share_work(&pool, 100,
                          [&](std::size_t) -> bool {
                            ++inside;
                            std::this_thread::sleep_for(1ms);
                            --inside;
                            if (std::this_thread::get_id() == here) throw std::runtime_error("broken");
                            return true;
                          }),
               std::runtime_error);
  EXPECT_EQ(inside, 0);
}

}  // namespace
}  // namespace armarium::pipeline
