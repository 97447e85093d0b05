#include "base/timing.h"

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

using namespace std::chrono_literals;

std::string text_of(const Timing& timing, Timing::Duration total) {
  std::string text = "x: ";
  append_server_timing(text, timing, total);
  return text;
}

TEST(ServerTiming, NamesWhatWasDoneAndEachStageThatTookTime) {
  Timing timing{.plan = "decoded", .cache = "miss", .level = 2, .bytes_read = 14255};
  timing.of(Stage::wait) = 1ms;
  timing.of(Stage::read) = 20us;
  timing.of(Stage::decode) = 4120us;
  EXPECT_EQ(text_of(timing, 5s),
            "x: plan;desc=decoded, cache;desc=miss, level;desc=2, read;desc=\"14255 bytes\";dur=0.02, wait;dur=1.00, "
            "decode;dur=4.12, total;dur=5000.00");
  EXPECT_EQ(timing.sum(), 5140us);
}

TEST(ServerTiming, IsShortWhereNothingIsKnown) {
  EXPECT_EQ(text_of({}, {}), "x: plan;desc=other, read;desc=\"0 bytes\", total;dur=0.00");
}

TEST(ReadMeter, CountsTheReadsOfThisThread) {
  const ReadMeter before = ReadMeter::here();
  { const ReadTimer timer(100); }
  EXPECT_EQ(ReadMeter::here().bytes, before.bytes + 100);
  EXPECT_GT(ReadMeter::here().time, before.time);
}

}  // namespace
}  // namespace armarium::base
