#include "base/timing.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace armarium::base {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

// Milliseconds to a hundredth; nothing for a stage that took nothing.
void append_duration(std::string& out, Timing::Duration duration) {
  if (duration <= Timing::Duration{}) return;
  const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  const std::uint64_t hundredths = (static_cast<std::uint64_t>(micro) + 5) / 10;
  out += ";dur=";
  append_number(out, hundredths / 100);
  out += '.';
  out += static_cast<char>('0' + hundredths % 100 / 10);
  out += static_cast<char>('0' + hundredths % 10);
}

}  // namespace

Timing::Duration Timing::sum() const noexcept { return std::accumulate(spent.begin(), spent.end(), Duration{}); }

void append_server_timing(std::string& out, const Timing& timing, Timing::Duration total) {
  out.append("plan;desc=").append(timing.plan.empty() ? "other" : timing.plan);
  if (!timing.cache.empty()) out.append(", cache;desc=").append(timing.cache);
  if (timing.level >= 0) {
    out += ", level;desc=";
    append_number(out, static_cast<std::uint64_t>(timing.level));
  }
  out += ", read;desc=\"";
  append_number(out, timing.bytes_read);
  out += " bytes\"";
  append_duration(out, timing.of(Stage::read));
  for (std::size_t i = 0; i < kStages; ++i) {
    if (i == static_cast<std::size_t>(Stage::read) || timing.spent[i] <= Timing::Duration{}) continue;
    out.append(", ").append(kStageNames[i]);
    append_duration(out, timing.spent[i]);
  }
  out += ", total";
  append_duration(out, std::max(total, Timing::Duration{1}));
}

ReadMeter& ReadMeter::here() noexcept {
  thread_local ReadMeter meter;
  return meter;
}

void add_reading(Timing& timing, const ReadMeter& before) noexcept {
  const ReadMeter read = ReadMeter::here() - before;
  timing.bytes_read += read.bytes;
  timing.of(Stage::read) += read.time;
}

}  // namespace armarium::base
