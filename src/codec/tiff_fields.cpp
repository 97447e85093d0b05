#include "codec/tiff_fields.h"

namespace armarium::codec {
namespace {

int width_of(TiffField type) {
  switch (type) {
    case TiffField::bytes: return 1;
    case TiffField::shorts: return 2;
    case TiffField::longs: return 4;
    case TiffField::longs8: break;
  }
  return 8;
}

}  // namespace

void put_number(base::Bytes& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

base::Bytes tiff_header(std::uint64_t offset, bool big) {
  if (big) {
    base::Bytes header = {'I', 'I', 43, 0, 8, 0, 0, 0};
    put_number(header, offset, 8);
    return header;
  }
  base::Bytes header = {'I', 'I', 42, 0};
  put_number(header, offset, 4);
  return header;
}

void TiffFields::add(std::uint16_t tag, TiffField type, const std::vector<std::uint64_t>& values) {
  const int word = big_ ? 8 : 4;
  put_number(entries_, tag, 2);
  put_number(entries_, static_cast<std::uint16_t>(type), 2);
  put_number(entries_, values.size(), word);
  base::Bytes bytes;
  for (const std::uint64_t value : values) put_number(bytes, value, width_of(type));
  if (bytes.size() <= static_cast<std::size_t>(word)) {
    bytes.resize(static_cast<std::size_t>(word));
    entries_.insert(entries_.end(), bytes.begin(), bytes.end());
  } else {
    put_number(entries_, offset(), word);
    outside_.insert(outside_.end(), bytes.begin(), bytes.end());
    if (outside_.size() % 2 != 0) outside_.push_back(0);
  }
  ++count_;
}

base::Bytes TiffFields::take() {
  base::Bytes all = std::move(outside_);
  put_number(all, count_, big_ ? 8 : 2);
  all.insert(all.end(), entries_.begin(), entries_.end());
  put_number(all, 0, big_ ? 8 : 4);
  return all;
}

}  // namespace armarium::codec
