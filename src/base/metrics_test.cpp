#include "base/metrics.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace armarium::base {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, ShowsWhatWasCounted) {
  Metrics metrics;
  const Counter hits = metrics.counter("hits_total", "Hits.", {{"route", "a\"b"}});
  hits.add();
  metrics.counter("hits_total", "Hits.", {{"route", "a\"b"}}).add(2);
  metrics.counter("hits_total", "Hits.", {{"route", "c"}}).add();
  metrics.gauge("open", "Open ones.").set(5);
  metrics.gauge("open", "Open ones.").add(-2);
  metrics.histogram("seconds", "Time.", {}, {0.1, 1}).observe(0.5);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# TYPE hits_total counter"));
  EXPECT_THAT(text, HasSubstr("hits_total{route=\"a\\\"b\"} 3"));
  EXPECT_THAT(text, HasSubstr("hits_total{route=\"c\"} 1"));
  EXPECT_THAT(text, HasSubstr("open 3"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"0.1\"} 0"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"1\"} 1"));
  EXPECT_THAT(text, HasSubstr("seconds_count 1"));
}

TEST(Metrics, RefreshesBeforeItShows) {
  Metrics metrics;
  const Gauge gauge = metrics.gauge("queued", "Waiting.");
  metrics.on_collect([gauge] { gauge.set(7); });
  EXPECT_THAT(metrics.text(), HasSubstr("queued 7"));
}

TEST(Metrics, AHandleOfNothingDoesNothing) {
  const Counter counter;
  counter.add();
  EXPECT_THAT(Metrics().text(), Not(HasSubstr("total")));
}

TEST(Metrics, ManyThreadsLoseNothing) {
  Metrics metrics;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) metrics.counter("n_total", "N.", {{"k", std::to_string(i % 3)}}).add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics.text(), HasSubstr("n_total{k=\"0\"} 1336"));
}

}  // namespace
}  // namespace armarium::base
