#pragma once
// Dates as records write them: MARC, EDTF, W3CDTF, ISO 8601, words. Only what is one certain year, month or day becomes a navDate; the text is shown in any case. Pure; any thread.

#include <string>
#include <string_view>

namespace armarium::ingest::readers {

// xsd:dateTime of "1871", "1871-05", "1871-05-06", "18710506" and W3CDTF; nothing of "[1871]", "ca. 1871", "1871?", "1871/1873", "187X" and whatever else is not one certain date.
std::string certain_date(std::string_view text);

struct Span {
  std::string text;      // "1871", "1871–1873": empty when there is neither end
  std::string nav_date;  // where both ends are in one year, month or day
};
// From the two ends of a span of time, each a date or a moment ("1806-01-01T00:00:00Z").
Span span_of(std::string_view begin, std::string_view end);

}  // namespace armarium::ingest::readers
