#include "base/timestamp.h"

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

TEST(Timestamp, IsInUtc) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(1'709'210'096), "2024-02-29T12:34:56Z");
  EXPECT_EQ(utc_text_in_milliseconds(1'709'210'096'007), "2024-02-29T12:34:56.007Z");
}

TEST(Timestamp, BeforeTheEpochAndOutsideOfTheCalendar) {
  EXPECT_EQ(utc_text_in_milliseconds(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(utc_text(std::int64_t{1} << 60), "1970-01-01T00:00:00Z");
}

}  // namespace
}  // namespace armarium::base
