#pragma once
// What is kept of a TIFF file: its directories as read from the headers, and how they make up pages and levels. Internal to the tiff_*.cpp files.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "codec/decoder.h"

namespace armarium::codec {

// How the blocks of a directory become pixels.
enum class TiffPath : std::uint8_t {
  blocks,    // each strip or tile decoded alone by libtiff
  raw_rows,  // uncompressed strips: any row can be fetched alone
  rgba,      // rare kinds that only libtiff's whole-picture reader knows; the whole file is read
  unsupported,
};

// What samples mean. Values are TIFF 6.0's, in our own names to keep tiffio.h out of this header.
enum class TiffColour : std::uint8_t { white_is_zero, black_is_zero, rgb, palette, cmyk, ycbcr, cielab, icclab };
enum class TiffSamples : std::uint8_t { uint, sint, ieee };
enum class TiffAlpha : std::uint8_t { none, associated, unassociated };

struct TiffDirectory {
  std::uint64_t offset = 0;
  image::Size size;
  image::Size block;  // tile, or full width by rows of a strip
  bool tiled = false;
  std::uint32_t subfile = 0;  // NewSubfileType
  bool numbered = false;      // has PageNumber
  int orientation = 1;

  TiffPath path = TiffPath::blocks;
  TiffColour colour = TiffColour::black_is_zero;
  TiffSamples kind = TiffSamples::uint;
  TiffAlpha alpha = TiffAlpha::none;
  std::uint16_t alpha_sample = 0;  // which sample it is
  std::uint16_t compression = 1;
  std::uint16_t bits = 1;
  std::uint16_t samples = 1;  // of a pixel, extra ones counted
  bool separate = false;      // one plane after the other
  bool byte_swapped = false;
  bool bits_reversed = false;  // FillOrder 2
  bool direct = false;         // blocks need no libtiff
  bool differences = false;    // samples are stored less the one before them
  std::uint16_t chroma_x = 1;  // YCbCr subsampling, where libtiff gives it to us packed
  std::uint16_t chroma_y = 1;
  image::Sampling jpeg_chroma;  // JPEG tiles of luma and chroma; none: anything else
  base::Bytes jpeg_tables;      // shared by these tiles
  std::array<float, 3> luma{0.299F, 0.587F, 0.114F};
  std::array<float, 6> reference{0, 255, 128, 255, 128, 255};
  double low = 0;  // range of floating-point samples
  double high = 1;
  bool linear = false;                 // floating-point RGB without a profile: light, not sRGB values
  std::vector<std::uint16_t> palette;  // red, green, blue after each other, 16 bit
  image::PixelFormat pixels;

  std::vector<std::uint64_t> offsets;  // of the blocks
  std::vector<std::uint64_t> counts;
  std::vector<base::ByteRange> header;  // what libtiff reads to open this directory again
  std::vector<std::uint64_t> children;  // SubIFDs
  base::SharedBytes icc;
  std::string description;
  base::SharedBytes stored_head;  // what makes a file of a tile that is JPEG or WebP; null where tiles must be decoded

  std::uint32_t blocks_across() const noexcept { return (size.width - 1) / block.width + 1; }
  std::uint32_t blocks_down() const noexcept { return (size.height - 1) / block.height + 1; }
  std::uint32_t planes() const noexcept { return separate ? samples : 1; }
  // Samples of a pixel in one block.
  std::uint32_t block_samples() const noexcept { return separate ? 1 : samples; }
  // Rows that a block has in the file; blocks count through all planes.
  std::uint32_t rows_of(std::uint32_t at) const noexcept {
    return tiled ? block.height
                 : std::min(block.height, size.height - at / blocks_across() % blocks_down() * block.height);
  }
  std::uint64_t row_bytes() const noexcept { return (std::uint64_t{block.width} * block_samples() * bits + 7) / 8; }
  bool packed_chroma() const noexcept { return colour == TiffColour::ycbcr && path == TiffPath::blocks; }
};

// A level is a directory, or (factor over 1) one shrunk while it is read.
struct TiffLevel {
  std::uint32_t directory = 0;
  std::uint32_t factor = 1;
};

struct TiffIndex final : Index {
  std::vector<TiffDirectory> directories;
  std::vector<std::vector<TiffLevel>> levels;  // of each page, largest first
  const TiffDirectory& directory(const Plan& plan) const {
    return directories[levels.at(plan.page).at(plan.level).directory];
  }
  std::uint32_t factor(const Plan& plan) const { return levels.at(plan.page).at(plan.level).factor; }
};

// Reads one directory that `file` has just selected. `unsupported` is a path, not an error; an error is a damaged directory or one over the limits.
class TiffFile;
base::Result<TiffDirectory> read_tiff_directory(TiffFile& file, std::uint64_t offset, std::uint64_t file_size,
                                                const Limits& limits);
// Description, EXIF, XMP, IPTC of the selected directory.
EmbeddedMetadata read_tiff_metadata(TiffFile& file, const Limits& limits);
// Tells pages from pyramid levels and thumbnails. `main` is the number of directories in the main chain, which come first; `parents` holds for each of the
// others (SubIFDs) the one that it belongs to.
std::vector<std::vector<std::uint32_t>> group_tiff_pages(const std::vector<TiffDirectory>& directories,
                                                         std::uint32_t main, const std::vector<std::uint32_t>& parents);

// The byte range of the block, cut to the file; empty when it is missing. For raw_rows: of rows [first, end) of the block.
base::ByteRange tiff_block_range(const TiffDirectory& directory, std::uint64_t file_size, std::uint32_t block);
base::ByteRange tiff_row_range(const TiffDirectory& directory, std::uint64_t file_size, std::uint32_t block,
                               std::uint32_t first, std::uint32_t end);

// How many rows of uncompressed strips are read at a time.
std::uint32_t tiff_raw_band(const TiffDirectory& directory);

base::Result<Plan> plan_tiff(const TiffIndex& index, const Request& request, const Limits& limits);
base::Result<image::Pixels> decode_tiff(const TiffIndex& index, const Plan& plan, const base::ByteSource& bytes,
                                        const Limits& limits, const base::CancelToken& cancel);
// Decoder::stored.
std::optional<StoredPicture> stored_tiff_tile(const TiffIndex& index, std::uint32_t page, std::uint32_t level,
                                              const image::Rect& area);
// Settles how the tiles of a page are handed out, whose profile may stand in its first directory only: display samples as they are, others with a small profile along with them, the rest not at all.
void settle_stored_heads(TiffIndex& index, const Page& page, const std::vector<TiffLevel>& levels);
// What stands before the tiles of the selected directory, see TiffDirectory::stored_head.
base::SharedBytes read_tiff_stored_head(TiffFile& file, const TiffDirectory& directory);
// JPEG tiles without conversion of colours.
base::Result<image::Planes> decode_tiff_planes(const TiffIndex& index, const Plan& plan, const base::ByteSource& bytes,
                                               const base::CancelToken& cancel);
// The rgba path.
base::Result<image::Pixels> decode_tiff_rgba(const TiffDirectory& directory, const image::Rect& area,
                                             const base::ByteSource& bytes, const Limits& limits);

}  // namespace armarium::codec
