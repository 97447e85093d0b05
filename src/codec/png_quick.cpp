// PNG (second edition): signature, IHDR, one IDAT, IEND. Filters: each row by the one above it ("up"), the first by its left ("sub").

#include "codec/png_quick.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <libdeflate.h>

#include <fmt/format.h>

namespace armarium::codec {
namespace {

constexpr int kLevel = 1;
constexpr std::size_t kLargest = std::size_t{24} << 20;  // bytes of samples
constexpr std::array<std::uint8_t, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const noexcept { libdeflate_free_compressor(compressor); }
};
using Compressor = std::unique_ptr<libdeflate_compressor, FreeCompressor>;

void put32(std::uint8_t* out, std::size_t value) noexcept {
  for (int shift = 24; shift >= 0; shift -= 8) *out++ = static_cast<std::uint8_t>(value >> shift);
}

// Length, type and checksum around `length` bytes that lie at chunk + 8.
void close_chunk(std::uint8_t* chunk, const char* type, std::size_t length) noexcept {
  put32(chunk, length);
  std::memcpy(chunk + 4, type, 4);
  put32(chunk + 8 + length, libdeflate_crc32(0, chunk + 4, length + 4));
}

base::Bytes filtered(const image::Pixels& pixels) {
  const std::size_t stride = pixels.stride();
  const std::size_t step = pixels.format().bytes_per_pixel();
  base::Bytes rows((stride + 1) * pixels.height());
  std::uint8_t* out = rows.data();
  const std::uint8_t* above = nullptr;
  for (std::uint32_t y = 0; y < pixels.height(); ++y, out += stride + 1) {
    const std::uint8_t* row = pixels.row(y);
    std::uint8_t* to = out + 1;
    if (above == nullptr) {
      out[0] = 1;
      std::copy(row, row + std::min(step, stride), to);
      for (std::size_t i = step; i < stride; ++i) to[i] = static_cast<std::uint8_t>(row[i] - row[i - step]);
    } else {
      out[0] = 2;
      for (std::size_t i = 0; i < stride; ++i) to[i] = static_cast<std::uint8_t>(row[i] - above[i]);
    }
    above = row;
  }
  return rows;
}

}  // namespace

std::optional<base::Bytes> quick_png(const image::Pixels& pixels) {
  const image::PixelFormat& format = pixels.format();
  if (format.bits != 8 || pixels.bytes().size() > kLargest) return std::nullopt;
  const bool grey = format.model == image::ColourModel::grey;
  const Compressor compressor(libdeflate_alloc_compressor(kLevel));
  if (!compressor) return std::nullopt;
  const base::Bytes rows = filtered(pixels);
  constexpr std::size_t kHead = kSignature.size() + 12 + 13;
  base::Bytes out(kHead + 12 + libdeflate_zlib_compress_bound(compressor.get(), rows.size()) + 12);
  std::copy(kSignature.begin(), kSignature.end(), out.begin());
  std::uint8_t* header = out.data() + kSignature.size();
  put32(header + 8, pixels.width());
  put32(header + 12, pixels.height());
  header[16] = 8;
  header[17] = static_cast<std::uint8_t>((grey ? 0 : 2) | (format.alpha ? 4 : 0));
  close_chunk(header, "IHDR", 13);
  std::uint8_t* data = out.data() + kHead;
  const std::size_t length =
      libdeflate_zlib_compress(compressor.get(), rows.data(), rows.size(), data + 8, out.size() - kHead - 8 - 4 - 12);
  if (length == 0) return std::nullopt;
  close_chunk(data, "IDAT", length);
  std::uint8_t* end = data + 12 + length;
  close_chunk(end, "IEND", 0);
  out.resize(static_cast<std::size_t>(end - out.data()) + 12);
  return out;
}

std::string quick_png_recipe() { return fmt::format("deflate-{}-{}", LIBDEFLATE_VERSION_STRING, kLevel); }

}  // namespace armarium::codec
