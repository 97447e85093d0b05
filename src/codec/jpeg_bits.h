#pragma once
// Bits of a JPEG scan and their Huffman codes (ITU-T T.81, C, F.2.2.3, B.1.1.5), read and written. Reading past the end gives zeros and is remembered. One thread.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/bytes.h"

namespace armarium::codec {

class BitReader {
 public:
  // Takes the stuffing out first: `scan` ends at its first marker.
  explicit BitReader(base::ByteView scan);

  // At least 56 bits are there afterwards.
  void fill() noexcept {
    if (end_ - at_ >= 8) {
      std::uint64_t next = 0;
      std::memcpy(&next, at_, sizeof next);
      if constexpr (std::endian::native == std::endian::little) next = __builtin_bswap64(next);
      bits_ |= next >> count_;
      at_ += (63 - count_) / 8;
      count_ |= 56;
    } else {
      fill_at_end();
    }
  }
  // The next 1 to 32 bits.
  std::uint32_t peek(int count) const noexcept { return static_cast<std::uint32_t>(bits_ >> (64 - count)); }
  void skip(int count) noexcept {
    bits_ <<= count;
    count_ -= count;
  }
  // Whether more was taken than there was.
  bool ended() const noexcept { return padding_ > static_cast<std::uint64_t>(count_); }

 private:
  void fill_at_end() noexcept;

  base::Bytes plain_;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint64_t bits_ = 0;  // from the highest on; below `count_` there may be more, the same that come next
  int count_ = 0;
  std::uint64_t padding_ = 0;
};

class BitWriter {
 public:
  explicit BitWriter(base::Bytes& out) : out_(out) {}

  // Up to 32 bits.
  void put(std::uint32_t bits, int count) {
    bits_ = bits_ << count | bits;
    count_ += count;
    while (count_ >= 8) {
      count_ -= 8;
      const auto byte = static_cast<std::uint8_t>(bits_ >> count_);
      out_.push_back(byte);
      if (byte == 0xFF) out_.push_back(0);
    }
  }
  // Ones up to the next byte.
  void finish() {
    if (count_ > 0) put((1U << (8 - count_)) - 1, 8 - count_);
  }

 private:
  base::Bytes& out_;
  std::uint64_t bits_ = 0;
  int count_ = 0;
};

class HuffmanTable {
 public:
  struct Code {
    std::uint8_t length = 0;  // 0: there is no such code
    std::uint8_t symbol = 0;
  };
  struct Word {
    std::uint16_t bits = 0;
    std::uint8_t length = 0;
  };

  // From DHT behind its first byte (B.2.4.2); nothing where the codes do not fit together.
  static std::optional<HuffmanTable> read(base::ByteView definition);
  // Bytes of the definition.
  std::size_t length() const noexcept { return 16 + symbols_; }

  // The code that the next 16 bits begin with.
  Code decode(std::uint32_t next) const noexcept {
    const Code quick = quick_[next >> (16 - kQuickBits)];
    return quick.length != 0 ? quick : decode_long(next);
  }
  Word word(std::uint8_t symbol) const noexcept { return words_[symbol]; }

 private:
  static constexpr int kQuickBits = 9;

  Code decode_long(std::uint32_t next) const noexcept;

  std::size_t symbols_ = 0;
  std::array<Code, 1 << kQuickBits> quick_{};
  std::array<Word, 256> words_{};
  std::array<std::uint8_t, 256> values_{};      // symbols by their codes
  std::array<std::uint32_t, 17> end_{};         // behind the last code of a length; 16 bits wide
  std::array<std::int32_t, 17> first_value_{};  // of a length, less its first code
};

}  // namespace armarium::codec
