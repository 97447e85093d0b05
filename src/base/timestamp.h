#pragma once
// Points in time as text, in UTC (RFC 3339). Years 0 to 9999; what lies outside is 1970. Thread-safe.

#include <cstdint>
#include <string>

namespace armarium::base {

// "2026-11-22T21:06:07Z"
std::string utc_text(std::int64_t seconds);
// "2026-11-22T21:06:07.042Z"
std::string utc_text_in_milliseconds(std::int64_t milliseconds);

}  // namespace armarium::base
