#pragma once
// From a TIFF block's rows to pixels: unpacks samples of 1 to 64 bits, then gives them their meaning (inverted grey, palette, Lab, alpha). Holds tables
// of one directory; const after construction; any thread.

#include <array>
#include <span>

#include "codec/tiff_directory.h"

namespace armarium::codec {

class TiffConverter {
 public:
  explicit TiffConverter(const TiffDirectory& directory);

  // Whether rows are already pixels as they are: copy them.
  bool plain() const noexcept { return plain_; }

  // Samples `first` to first + count of a row (of one plane, where they are separate) as numbers of the output's depth (palette entries as they are),
  // each `step` after the last.
  void unpack(const std::uint8_t* row, std::uint32_t plane, std::size_t first, std::size_t count, std::uint16_t* out,
              std::size_t step) const;
  // Pixels from all samples of each.
  void interpret(const std::uint16_t* samples, std::size_t count, std::uint8_t* out) const;

 private:
  std::uint16_t narrow(std::uint64_t value) const noexcept;
  std::uint16_t real(double value, std::uint32_t channel) const noexcept;
  void unpack_real(const std::uint8_t* row, std::uint32_t plane, std::size_t first, std::size_t count,
                   std::uint16_t* out, std::size_t step) const;
  template <class Out>
  void interpret_as(const std::uint16_t* samples, std::size_t count, Out* out) const;

  const TiffDirectory& directory_;
  bool plain_ = false;
  bool keep_ = false;        // samples are not scaled: palette
  std::uint32_t top_ = 255;  // largest output value
};

// A block of packed luma and chroma (TIFF 6.0, section 21) to RGB; `rows` of the block's width.
void tiff_ycbcr_to_rgb(const TiffDirectory& directory, std::span<const std::uint8_t> block, std::uint32_t rows,
                       std::span<std::uint8_t> rgb);

}  // namespace armarium::codec
