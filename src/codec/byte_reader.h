#pragma once
// Reads a ByteSource from front to back through a small buffer, for headers that are walked field by field. Reading past the end gives false
// (or 0 from `some`), never an error that has to be told apart: a header that ends early is damaged either way. One thread.

#include <algorithm>

#include "base/byte_source.h"

namespace armarium::codec {

class ByteReader {
 public:
  explicit ByteReader(const base::ByteSource& source, std::uint64_t offset = 0, std::size_t buffer = 4096);

  std::uint64_t offset() const noexcept { return offset_; }
  std::uint64_t remaining() const { return offset_ < source_.size() ? source_.size() - offset_ : 0; }
  void seek(std::uint64_t offset) noexcept { offset_ = offset; }
  void skip(std::uint64_t count) noexcept { offset_ += std::min(count, UINT64_MAX - offset_); }

  bool read(std::span<std::uint8_t> out);
  // As many bytes as there are, up to the size of `out`.
  std::size_t some(std::span<std::uint8_t> out);
  bool u8(std::uint8_t& value);
  bool u16(std::uint16_t& value);  // big-endian
  bool u32(std::uint32_t& value);  // big-endian

 private:
  const base::ByteSource& source_;
  std::uint64_t offset_;
  base::Bytes buffer_;
  std::size_t window_;
  std::uint64_t start_ = 0;  // offset of buffer_[0]
};

// All bytes of a source: where they lie, or read into `storage`. resource_limit when there are more than `limit`.
base::Result<base::ByteView> whole(const base::ByteSource& source, base::Bytes& storage, std::uint64_t limit);

}  // namespace armarium::codec
