#include "codec/slow_work.h"

#include <optional>

#include <gtest/gtest.h>

namespace armarium::codec {
namespace {

using std::chrono::seconds;

TEST(SlowWork, RefusesWhatIsKnownToTakeLonger) {
  SlowWork slow;
  EXPECT_FALSE(slow.hopeless("a", 100, seconds(60)));
  slow.note("a", 100, seconds(58));
  EXPECT_TRUE(slow.hopeless("a", 100, seconds(60)));
  EXPECT_TRUE(slow.hopeless("a", 200, seconds(60)));
  EXPECT_TRUE(slow.hopeless("a", 100, seconds(1)));
  EXPECT_FALSE(slow.hopeless("a", 99, seconds(60)));    // smaller: may end in time
  EXPECT_FALSE(slow.hopeless("a", 100, seconds(120)));  // more time than was tried
  EXPECT_FALSE(slow.hopeless("b", 100, seconds(60)));
}

TEST(SlowWork, ABusyMachineIsBelievedTheThirdTime) {
  SlowWork slow;
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_FALSE(slow.hopeless("a", 100, seconds(60))) << attempt;
    slow.note("a", 100, seconds(20));
  }
  EXPECT_TRUE(slow.hopeless("a", 100, seconds(60)));
  for (int attempt = 0; attempt < 5; ++attempt) slow.note("waiting", 100, seconds(2));
  EXPECT_FALSE(slow.hopeless("waiting", 100, seconds(60)));
}

TEST(SlowWork, SuccessForgetsWhatWasNoMore) {
  SlowWork slow;
  slow.note("a", 100, seconds(58));
  slow.succeeded("a", 99);  // less work says nothing of more
  EXPECT_TRUE(slow.hopeless("a", 100, seconds(60)));
  slow.succeeded("a", 100);
  EXPECT_FALSE(slow.hopeless("a", 100, seconds(60)));
  slow.succeeded("b", 100);
}

TEST(SlowWork, OnlyWhatAWholeAnswerIsTooShortForIsTheFilesFault) {
  using base::CancelToken;
  using base::ErrorCode;
  const auto code = [](const SlowWork& slow, const CancelToken& cancel) {
    const auto begins = slow.may_begin("a", 100, seconds(60), cancel);
    return begins ? std::nullopt : std::optional(begins.error().code);
  };
  const auto now = CancelToken::Clock::now();
  SlowWork slow;
  slow.note("a", 100, seconds(20));
  EXPECT_EQ(code(slow, CancelToken(now + seconds(50))), std::nullopt);
  EXPECT_EQ(code(slow, CancelToken(now + seconds(10))), ErrorCode::deadline_exceeded);
  EXPECT_EQ(code(slow, CancelToken(now)), ErrorCode::deadline_exceeded);
  slow.note("a", 100, seconds(58));
  EXPECT_EQ(code(slow, CancelToken(now + seconds(10))), ErrorCode::resource_limit);
  EXPECT_EQ(code(slow, CancelToken(now + seconds(600))), std::nullopt);
  EXPECT_EQ(code(slow, CancelToken()), std::nullopt);
  const CancelToken gone(now + seconds(10));
  gone.cancel();
  EXPECT_EQ(code(slow, gone), ErrorCode::cancelled);
}

TEST(SlowWork, IsBounded) {
  SlowWork slow;
  for (int attempt = 0; attempt < 100; ++attempt) slow.note("0", 100, seconds(attempt));
  EXPECT_TRUE(slow.hopeless("0", 100, seconds(100)));
  for (int file = 1; file <= 10'000; ++file) slow.note(std::to_string(file), 100, seconds(60));
  EXPECT_FALSE(slow.hopeless("0", 100, seconds(60)));
  EXPECT_TRUE(slow.hopeless("10000", 100, seconds(60)));
}

}  // namespace
}  // namespace armarium::codec
