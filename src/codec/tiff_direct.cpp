#include "codec/tiff_direct.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <libdeflate.h>
#include <tiff.h>

namespace armarium::codec {
namespace {

constexpr std::uint16_t kHorizontal = PREDICTOR_HORIZONTAL;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const noexcept { libdeflate_free_decompressor(decompressor); }
};

bool inflate(base::ByteView coded, std::span<std::uint8_t> out) {
  // Some kilobytes of tables that are the same each time.
  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  return decompressor != nullptr && libdeflate_zlib_decompress(decompressor.get(), coded.data(), coded.size(),
                                                               out.data(), out.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

// Every sample as the sum of all before it in the row, `Step` samples a pixel. Sums wrap.
template <class Sample, std::size_t Step>
void add_up(std::uint8_t* row, std::size_t samples) {
  Sample sums[Step] = {};
  for (std::size_t at = 0; at + Step <= samples; at += Step, row += Step * sizeof(Sample)) {
    Sample values[Step];
    std::memcpy(values, row, sizeof values);
    for (std::size_t i = 0; i < Step; ++i) sums[i] = static_cast<Sample>(sums[i] + values[i]);
    std::memcpy(row, sums, sizeof sums);
  }
}

template <class Sample>
void add_up_any(std::uint8_t* row, std::size_t samples, std::size_t step) {
  for (std::size_t at = step; at < samples; ++at) {
    Sample before;
    Sample value;
    std::memcpy(&before, row + (at - step) * sizeof before, sizeof before);
    std::memcpy(&value, row + at * sizeof value, sizeof value);
    value = static_cast<Sample>(value + before);
    std::memcpy(row + at * sizeof value, &value, sizeof value);
  }
}

template <class Sample>
void add_up_row(std::uint8_t* row, std::size_t samples, std::size_t step) {
  switch (step) {
    case 1: return add_up<Sample, 1>(row, samples);
    case 3: return add_up<Sample, 3>(row, samples);
    case 4: return add_up<Sample, 4>(row, samples);
    default: return add_up_any<Sample>(row, samples, step);
  }
}

void swap_words(std::span<std::uint8_t> bytes) {
  for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) std::swap(bytes[at], bytes[at + 1]);
}

}  // namespace

bool is_direct_tiff(const TiffDirectory& d, std::uint16_t predictor) {
  const bool stored = d.compression == COMPRESSION_NONE;
  const bool deflated = d.compression == COMPRESSION_ADOBE_DEFLATE || d.compression == COMPRESSION_DEFLATE;
  if (d.path != TiffPath::blocks || d.separate || d.bits_reversed || d.packed_chroma() || !(stored || deflated))
    return false;
  const bool words = d.kind != TiffSamples::ieee && (d.bits == 8 || d.bits == 16);
  if (predictor == kHorizontal) return words && deflated;
  return predictor <= PREDICTOR_NONE && (words || (d.bits < 8 && d.kind != TiffSamples::ieee));
}

bool decode_direct_tiff(const TiffDirectory& d, base::ByteView coded, std::span<std::uint8_t> out) {
  if (d.compression == COMPRESSION_NONE) {
    if (coded.size() < out.size()) return false;
    std::copy_n(coded.begin(), out.size(), out.begin());
  } else if (!inflate(coded, out)) {
    return false;
  }
  if (d.bits == 16 && d.byte_swapped) swap_words(out);
  if (!d.differences) return true;
  const std::size_t samples = std::size_t{d.block.width} * d.samples;
  for (std::size_t row = 0; row + d.row_bytes() <= out.size(); row += d.row_bytes()) {
    if (d.bits == 8)
      add_up_row<std::uint8_t>(out.data() + row, samples, d.samples);
    else
      add_up_row<std::uint16_t>(out.data() + row, samples, d.samples);
  }
  return true;
}

}  // namespace armarium::codec
