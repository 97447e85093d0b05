#pragma once
// The arithmetic decoder of JPEG 2000 (ISO/IEC 15444-1, annex C) and the reader of raw bits (D.6). Both read one codeword segment of which the caller keeps two bytes 0xFF behind the
// end: those stop them, however much is asked for. Values; one thread.

#include <array>
#include <bit>
#include <cstdint>

namespace armarium::codec::jp2 {

// Contexts (table D.7), numbered as in D.3.
enum Context : std::uint8_t { kSign = 9, kMagnitude = 14, kRun = 17, kUniform = 18, kContexts = 19 };

// What the decoder has learnt in each context: a state of table C.2, twice over, plus the more probable symbol.
struct MqContexts {
  std::array<std::uint8_t, kContexts> state{};

  MqContexts() { reset(); }
  void reset() noexcept {
    state.fill(0);
    state[0] = 4 * 2;
    state[kRun] = 3 * 2;
    state[kUniform] = 46 * 2;
  }
};

struct MqTransition {
  std::uint32_t probability;  // Qe of the less probable symbol
  std::uint8_t more, less;    // the next state by which symbol came
};
extern const std::array<MqTransition, 94> kMqTransitions;

class MqDecoder {
 public:
  // C.3.5
  explicit MqDecoder(const std::uint8_t* segment) noexcept : at_(segment), code_(std::uint32_t{*segment} << 16) {
    next_byte();
    code_ <<= 7;
    left_ -= 7;
  }

  // C.3.2
  [[gnu::always_inline]] std::uint32_t decode(std::uint8_t& state) noexcept {
    const MqTransition& now = kMqTransitions[state];
    std::uint32_t symbol = state & 1U;
    interval_ -= now.probability;
    if ((code_ >> 16) < now.probability) {
      if (interval_ < now.probability) {
        state = now.more;
      } else {
        symbol ^= 1U;
        state = now.less;
      }
      interval_ = now.probability;
      renormalize();
      return symbol;
    }
    code_ -= now.probability << 16;
    if ((interval_ & 0x8000U) != 0) return symbol;
    if (interval_ < now.probability) {
      symbol ^= 1U;
      state = now.less;
    } else {
      state = now.more;
    }
    renormalize();
    return symbol;
  }

 private:
  [[gnu::always_inline]] void renormalize() noexcept {
    auto shift = static_cast<std::uint32_t>(std::countl_zero(interval_)) - 16;
    interval_ <<= shift;
    while (shift > left_) {
      code_ <<= left_;
      shift -= left_;
      next_byte();
    }
    code_ <<= shift;
    left_ -= shift;
  }
  // C.3.4
  void next_byte() noexcept {
    if (*at_ != 0xFF) {
      code_ += std::uint32_t{*++at_} << 8;
      left_ = 8;
    } else if (at_[1] > 0x8F) {
      code_ += 0xFF00;
      left_ = 8;
    } else {
      code_ += std::uint32_t{*++at_} << 9;
      left_ = 7;
    }
  }

  const std::uint8_t* at_;
  std::uint32_t code_;
  std::uint32_t interval_ = 0x8000;
  std::uint32_t left_ = 0;  // bits until the next byte
};

class RawDecoder {
 public:
  explicit RawDecoder(const std::uint8_t* segment) noexcept : at_(segment) {}

  std::uint32_t bit() noexcept {
    if (left_ == 0) {
      const bool stuffed = byte_ == 0xFF;
      if (stuffed && *at_ > 0x8F) {
        left_ = 8;
      } else {
        byte_ = *at_++;
        left_ = stuffed ? 7 : 8;
      }
    }
    return (byte_ >> --left_) & 1U;
  }

 private:
  const std::uint8_t* at_;
  std::uint32_t byte_ = 0;
  std::uint32_t left_ = 0;
};

}  // namespace armarium::codec::jp2
