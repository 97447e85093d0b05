#include "codec/jpeg_bits.h"

#include <algorithm>

namespace armarium::codec {

BitReader::BitReader(base::ByteView scan) {
  plain_.resize(scan.size());
  std::uint8_t* out = plain_.data();
  const std::uint8_t* at = scan.data();
  const std::uint8_t* const end = at + scan.size();
  while (at != end) {
    const auto* found = static_cast<const std::uint8_t*>(std::memchr(at, 0xFF, static_cast<std::size_t>(end - at)));
    const std::uint8_t* const stop = found != nullptr ? found : end;
    out = std::copy(at, stop, out);
    if (end - stop < 2 || stop[1] != 0) break;
    *out++ = 0xFF;
    at = stop + 2;
  }
  at_ = plain_.data();
  end_ = out;
}

void BitReader::fill_at_end() noexcept {
  bits_ = count_ == 0 ? 0 : bits_ >> (64 - count_) << (64 - count_);
  for (; count_ <= 56; count_ += 8) {
    if (at_ != end_)
      bits_ |= std::uint64_t{*at_++} << (56 - count_);
    else
      padding_ += 8;
  }
}

std::optional<HuffmanTable> HuffmanTable::read(base::ByteView definition) {
  if (definition.size() < 16) return std::nullopt;
  HuffmanTable table;
  for (std::size_t i = 0; i < 16; ++i) table.symbols_ += definition[i];
  if (table.symbols_ > 256 || definition.size() < 16 + table.symbols_) return std::nullopt;
  std::copy_n(definition.begin() + 16, table.symbols_, table.values_.begin());
  std::uint32_t code = 0;
  std::size_t at = 0;
  for (int length = 1; length <= 16; ++length, code <<= 1) {
    const auto index = static_cast<std::size_t>(length);
    table.first_value_[index] = static_cast<std::int32_t>(at) - static_cast<std::int32_t>(code);
    for (std::uint32_t i = 0; i < definition[index - 1]; ++i, ++code, ++at) {
      if (code >= 1U << length) return std::nullopt;
      const std::uint8_t symbol = table.values_[at];
      table.words_[symbol] = {static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(length)};
      if (length > kQuickBits) continue;
      const std::uint32_t first = code << (kQuickBits - length);
      std::fill_n(table.quick_.begin() + first, 1U << (kQuickBits - length),
                  Code{static_cast<std::uint8_t>(length), symbol});
    }
    table.end_[index] = code << (16 - length);
  }
  return table;
}

HuffmanTable::Code HuffmanTable::decode_long(std::uint32_t next) const noexcept {
  for (int length = kQuickBits + 1; length <= 16; ++length) {
    const auto index = static_cast<std::size_t>(length);
    if (next >= end_[index]) continue;
    const std::int32_t value = first_value_[index] + static_cast<std::int32_t>(next >> (16 - length));
    if (value < 0 || value >= static_cast<std::int32_t>(symbols_)) return {};
    return {static_cast<std::uint8_t>(length), values_[static_cast<std::size_t>(value)]};
  }
  return {};
}

}  // namespace armarium::codec
