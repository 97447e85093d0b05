#include "base/timestamp.h"

#include <ctime>

#include <fmt/format.h>

namespace armarium::base {
namespace {

// To the second, without what says that it is UTC.
std::string second_text(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm when{};
  if (gmtime_r(&time, &when) == nullptr || when.tm_year < -1900 || when.tm_year > 9999 - 1900)
    return "1970-01-01T00:00:00";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", when.tm_year + 1900, when.tm_mon + 1, when.tm_mday,
                     when.tm_hour, when.tm_min, when.tm_sec);
}

}  // namespace

std::string utc_text(std::int64_t seconds) { return second_text(seconds) + 'Z'; }

std::string utc_text_in_milliseconds(std::int64_t milliseconds) {
  const std::int64_t part = ((milliseconds % 1000) + 1000) % 1000;
  return fmt::format("{}.{:03}Z", second_text((milliseconds - part) / 1000), part);
}

}  // namespace armarium::base
