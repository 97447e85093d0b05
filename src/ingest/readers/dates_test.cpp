#include "ingest/readers/dates.h"

#include <gtest/gtest.h>

namespace armarium::ingest::readers {
namespace {

TEST(RecordDates, OneYearMonthOrDayIsCertain) {
  EXPECT_EQ(certain_date("1871"), "1871-01-01T00:00:00Z");
  EXPECT_EQ(certain_date(" 1871-05 "), "1871-05-01T00:00:00Z");
  EXPECT_EQ(certain_date("1871-05-06"), "1871-05-06T00:00:00Z");
  EXPECT_EQ(certain_date("18710506"), "1871-05-06T00:00:00Z");
  EXPECT_EQ(certain_date("1997-07-16T19:20:30Z"), "1997-07-16T19:20:30Z");
}

TEST(RecordDates, WhatLeavesADoubtIsNot) {
  for (const char* text : {"[1871]", "ca. 1871", "1871?", "1871~", "1871/1873", "1871-1873", "187X", "18--", "1871-73",
                           "c1871", "undated", "", "1871, 1872", "0000", "18710532", "1871-21", "5. Mai 1871", "187"})
    EXPECT_EQ(certain_date(text), "") << text;
}

TEST(RecordDates, SpansOfOneYearAreThatYear) {
  EXPECT_EQ(span_of("1806-01-01T00:00:00Z", "1806-12-31T23:59:59Z").text, "1806");
  EXPECT_EQ(span_of("1806-01-01T00:00:00Z", "1806-12-31T23:59:59Z").nav_date, "1806-01-01T00:00:00Z");
  EXPECT_EQ(span_of("1806", "1806").nav_date, "1806-01-01T00:00:00Z");
  EXPECT_EQ(span_of("1806-03-01", "1806-03-31").text, "1806-03");
  EXPECT_EQ(span_of("1806-01-01", "1810-12-31").text, "1806\u20131810");
  EXPECT_EQ(span_of("1806", "1810").nav_date, "");
  EXPECT_EQ(span_of("1806", "").text, "1806\u2013");
  EXPECT_EQ(span_of("", "").text, "");
}

}  // namespace
}  // namespace armarium::ingest::readers
