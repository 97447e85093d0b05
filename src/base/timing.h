#pragma once
// Where the time of one answer went: what was done, what it read, and the milliseconds of each stage. A value that travels with the answer; the names are those of Server-Timing and of
// /status. ReadMeter counts what sources read on this thread. Texts in a Timing are static.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace armarium::base {

// `wait`: in the queue of a pool. `plan`: finding out what to do, opening what is needed. `read`: bytes of sources. `make`: all that has no stage of its own. `send`: from the
// answer to its last byte, known only afterwards.
enum class Stage : std::uint8_t { wait, plan, read, decode, scale, encode, make, send };
inline constexpr std::array<std::string_view, 8> kStageNames = {"wait",  "plan",   "read", "decode",
                                                                "scale", "encode", "make", "send"};
inline constexpr std::size_t kStages = kStageNames.size();

struct Timing {
  using Duration = std::chrono::steady_clock::duration;

  std::string_view plan{};   // what was done: "stored", "decoded", "document"
  std::string_view cache{};  // "hit", "miss"; empty where there is none
  int level = -1;            // of a pyramid, where one was chosen
  std::uint64_t bytes_read = 0;
  std::array<Duration, kStages> spent{};

  Duration& of(Stage stage) noexcept { return spent[static_cast<std::size_t>(stage)]; }
  Duration of(Stage stage) const noexcept { return spent[static_cast<std::size_t>(stage)]; }
  // Of all stages.
  Duration sum() const noexcept;
};

// The value of Server-Timing (W3C Server Timing, 3): "plan;desc=decoded, cache;desc=miss, level;desc=2, read;desc="14255 bytes";dur=0.02, decode;dur=4.1, total;dur=5.0". A stage that took
// nothing is left out. Appended to `out`.
void append_server_timing(std::string& out, const Timing& timing, Timing::Duration total);

// What sources read on this thread since it began.
struct ReadMeter {
  std::uint64_t bytes = 0;
  Timing::Duration time{};
  static ReadMeter& here() noexcept;
  friend ReadMeter operator-(const ReadMeter& now, const ReadMeter& then) {
    return {now.bytes - then.bytes, now.time - then.time};
  }
};
// Adds what this thread read since `before`.
void add_reading(Timing& timing, const ReadMeter& before) noexcept;

// Takes the time of one read of a source.
class ReadTimer {
 public:
  explicit ReadTimer(std::uint64_t bytes) : bytes_(bytes), start_(std::chrono::steady_clock::now()) {}
  ~ReadTimer() {
    ReadMeter& meter = ReadMeter::here();
    meter.bytes += bytes_;
    meter.time += std::chrono::steady_clock::now() - start_;
  }
  ReadTimer(const ReadTimer&) = delete;
  ReadTimer& operator=(const ReadTimer&) = delete;

 private:
  std::uint64_t bytes_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace armarium::base
