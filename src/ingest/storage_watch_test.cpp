#include "ingest/storage_watch.h"

#include <gtest/gtest.h>

namespace armarium::ingest {
namespace {

using std::chrono::seconds;

const base::Error kFull{base::ErrorCode::storage_full, "", ""};

TEST(StorageWatch, TriesAgainAtGrowingIntervalsUntilThereIsSpace) {
  StorageWatch watch;
  auto now = StorageWatch::Clock::now();
  watch.note({base::ErrorCode::io, "", ""});
  watch.after_pass(now, seconds(60));
  EXPECT_EQ(watch.warning(), "");
  EXPECT_FALSE(watch.due(now + seconds(1000)));

  for (const int expected : {5, 10, 20, 40, 60, 60}) {
    watch.note(kFull);
    EXPECT_NE(watch.warning(), "");
    watch.after_pass(now, seconds(60));
    EXPECT_NE(watch.warning(), "");
    EXPECT_EQ(watch.next() - now, seconds(expected));
    EXPECT_FALSE(watch.due(now + seconds(expected - 1)));
    // A pass that was none of the attempts says nothing.
    watch.after_pass(now, seconds(60));
    EXPECT_NE(watch.warning(), "");
    now += seconds(expected);
    EXPECT_TRUE(watch.due(now));
    EXPECT_FALSE(watch.due(now)) << "once";
  }
  watch.after_pass(now, seconds(60));
  EXPECT_EQ(watch.warning(), "");
  EXPECT_FALSE(watch.due(now + seconds(1000)));
}

TEST(StorageWatch, ADatabaseThatIsAwayCountsToo) {
  StorageWatch watch;
  watch.note({base::ErrorCode::unavailable, "", ""});
  EXPECT_NE(watch.warning(), "");
}

}  // namespace
}  // namespace armarium::ingest
