#pragma once
// A TIFF directory as bytes, classic (TIFF 6.0) or of BigTIFF, little-endian. Pure; any thread.

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace armarium::codec {

enum class TiffField : std::uint16_t { shorts = 3, longs = 4, bytes = 7, longs8 = 16 };

// Appends the low `bytes` bytes of a number.
void put_number(base::Bytes& out, std::uint64_t value, int bytes);

// The header of a file whose first directory lies at `offset`.
base::Bytes tiff_header(std::uint64_t offset, bool big);

// The entries of one directory, in ascending order of their tags; values that do not fit into an entry lie in front of it.
class TiffFields {
 public:
  // `start`: where in the file its first byte lies; even.
  TiffFields(std::uint64_t start, bool big) : start_(start), big_(big) {}
  void add(std::uint16_t tag, TiffField type, const std::vector<std::uint64_t>& values);
  // Where the directory itself lies.
  std::uint64_t offset() const noexcept { return start_ + outside_.size(); }
  // Ends with where the next directory lies: nowhere.
  base::Bytes take();

 private:
  std::uint64_t start_;
  bool big_;
  std::uint64_t count_ = 0;
  base::Bytes outside_;
  base::Bytes entries_;
};

}  // namespace armarium::codec
