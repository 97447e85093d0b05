#pragma once
// The bytes and bits of packet headers (ISO/IEC 15444-1, B.10.1): after a byte 0xFF the next one holds seven bits. A Feed reads ahead from a ByteSource and never
// leaves its bounds: what lies past them reads as zero and sets `failed`. Values; one thread.

#include <algorithm>
#include <cstdint>

#include "base/byte_source.h"

namespace armarium::codec::jp2 {

class Feed {
 public:
  // [at, end) of the source, read `ahead` bytes at a time.
  Feed(const base::ByteSource& source, std::uint64_t at, std::uint64_t end, std::size_t ahead)
      : source_(&source), at_(at), end_(end), ahead_(ahead) {}

  std::uint8_t next() {
    if (at_ - start_ >= buffer_.size() || at_ < start_) fill();
    if (failed_) return 0;
    return buffer_[static_cast<std::size_t>(at_++ - start_)];
  }
  void skip(std::uint64_t count) {
    if (count > end_ - at_) failed_ = true;
    at_ += std::min(count, end_ - at_);
  }
  void move(std::uint64_t at) { at_ = std::min(at, end_); }
  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return end_ - at_; }
  bool failed() const { return failed_; }

 private:
  void fill() {
    start_ = at_;
    buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(ahead_, end_ - at_)));
    if (failed_ || buffer_.empty() || !source_->read(at_, buffer_)) {
      failed_ = true;
      buffer_.clear();
    }
  }

  const base::ByteSource* source_;
  std::uint64_t at_;
  std::uint64_t end_;
  std::size_t ahead_;
  base::Bytes buffer_;
  std::uint64_t start_ = 0;
  bool failed_ = false;
};

class BitReader {
 public:
  explicit BitReader(Feed& feed) : feed_(feed) {}

  bool bit() {
    if (left_ == 0) {
      left_ = byte_ == 0xFF ? 7 : 8;
      byte_ = feed_.next();
    }
    return (byte_ >> --left_ & 1U) != 0;
  }
  std::uint32_t bits(std::uint32_t count) {
    std::uint32_t value = 0;
    while (count-- > 0) value = value << 1U | static_cast<std::uint32_t>(bit());
    return value;
  }
  // To the byte after the header.
  void align() {
    if (byte_ == 0xFF) feed_.next();
    left_ = 0;
    byte_ = 0;
  }

 private:
  Feed& feed_;
  std::uint8_t byte_ = 0;
  std::uint32_t left_ = 0;
};

class BitWriter {
 public:
  explicit BitWriter(base::Bytes& out) : out_(out) {}

  void put(bool bit) {
    byte_ = static_cast<std::uint8_t>(byte_ << 1U | static_cast<unsigned>(bit));
    if (--left_ == 0) flush();
  }
  void put(std::uint32_t value, std::uint32_t count) {
    while (count-- > 0) put((value >> count & 1U) != 0);
  }
  void align() {
    if (left_ < room_) {
      byte_ = static_cast<std::uint8_t>(byte_ << left_);
      flush();
    }
    if (room_ == 7) out_.push_back(0);  // never ends with 0xFF
    left_ = room_ = 8;
  }

 private:
  void flush() {
    out_.push_back(byte_);
    left_ = room_ = byte_ == 0xFF ? 7 : 8;
    byte_ = 0;
  }

  base::Bytes& out_;
  std::uint8_t byte_ = 0;
  std::uint32_t room_ = 8;
  std::uint32_t left_ = 8;
};

}  // namespace armarium::codec::jp2
