#include "codec/byte_reader.h"

#include <cstring>

namespace armarium::codec {

ByteReader::ByteReader(const base::ByteSource& source, std::uint64_t offset, std::size_t buffer)
    : source_(source), offset_(offset), window_(buffer) {}

std::size_t ByteReader::some(std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size() && offset_ < source_.size()) {
    if (offset_ < start_ || offset_ - start_ >= buffer_.size()) {
      buffer_.resize(std::min<std::uint64_t>(window_, source_.size() - offset_));
      start_ = offset_;
      if (!source_.read(start_, buffer_)) {
        buffer_.clear();
        break;
      }
    }
    const std::size_t at = offset_ - start_;
    const std::size_t count = std::min(out.size() - done, buffer_.size() - at);
    std::memcpy(out.data() + done, buffer_.data() + at, count);
    done += count;
    offset_ += count;
  }
  return done;
}

bool ByteReader::read(std::span<std::uint8_t> out) { return some(out) == out.size(); }

bool ByteReader::u8(std::uint8_t& value) { return read({&value, 1}); }

bool ByteReader::u16(std::uint16_t& value) {
  std::uint8_t raw[2];
  if (!read(raw)) return false;
  value = static_cast<std::uint16_t>(raw[0] << 8 | raw[1]);
  return true;
}

bool ByteReader::u32(std::uint32_t& value) {
  std::uint8_t raw[4];
  if (!read(raw)) return false;
  value = std::uint32_t{raw[0]} << 24 | std::uint32_t{raw[1]} << 16 | std::uint32_t{raw[2]} << 8 | raw[3];
  return true;
}

base::Result<base::ByteView> whole(const base::ByteSource& source, base::Bytes& storage, std::uint64_t limit) {
  if (source.size() > limit)
    return base::fail(base::ErrorCode::resource_limit, "The file is larger than the server allows.");
  if (base::ByteView bytes = source.view({0, source.size()}); !bytes.empty()) return bytes;
  storage.resize(source.size());
  if (auto read = source.read(0, storage); !read) return base::fail(std::move(read.error()));
  return base::ByteView(storage);
}

}  // namespace armarium::codec
