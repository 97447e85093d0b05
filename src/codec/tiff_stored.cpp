// Tiles of a TIFF file that are JPEG or WebP pictures already (TIFF Technical Note 2; WebP in TIFF holds whole files).

#include <tiffio.h>

#include "codec/jpeg_stream.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"
#include "image/operations.h"

namespace armarium::codec {
namespace {

constexpr std::uint64_t kLargestTile = std::uint64_t{16} << 20;     // bytes
constexpr std::uint64_t kLargestTileArea = std::uint64_t{4} << 20;  // pixels: cutting one holds all of its coefficients

// The samples are what a JPEG file says of itself without a TIFF around it.
bool is_plain_jpeg(const TiffDirectory& d, std::uint16_t photometric) {
  const bool grey = photometric == PHOTOMETRIC_MINISBLACK && d.samples == 1;
  const bool colour = (photometric == PHOTOMETRIC_YCBCR || photometric == PHOTOMETRIC_RGB) && d.samples == 3;
  return d.bits == 8 && (grey || colour);
}

}  // namespace

base::SharedBytes read_tiff_stored_head(TiffFile& file, const TiffDirectory& directory) {
  if (!directory.tiled || directory.separate || directory.path != TiffPath::blocks ||
      directory.block.area() > kLargestTileArea) {
    return nullptr;
  }
  if (directory.compression == COMPRESSION_WEBP) return base::share({});
  std::uint16_t photometric = 0;
  if (directory.compression != COMPRESSION_JPEG ||
      TIFFGetField(file.handle(), TIFFTAG_PHOTOMETRIC, &photometric) != 1 || !is_plain_jpeg(directory, photometric)) {
    return nullptr;
  }
  std::uint32_t length = 0;
  void* data = nullptr;
  base::ByteView tables;
  if (TIFFGetField(file.handle(), TIFFTAG_JPEGTABLES, &length, &data) == 1 && data != nullptr)
    tables = {static_cast<const std::uint8_t*>(data), length};
  const JpegColour colour = photometric == PHOTOMETRIC_RGB     ? JpegColour::rgb
                            : photometric == PHOTOMETRIC_YCBCR ? JpegColour::ycbcr
                                                               : JpegColour::grey;
  base::Bytes head = jpeg_head(tables, colour);
  return head.empty() ? nullptr : base::share(std::move(head));
}

void settle_stored_heads(TiffIndex& index, const Page& page, const std::vector<TiffLevel>& levels) {
  for (const TiffLevel level : levels) {
    TiffDirectory& d = index.directories[level.directory];
    if (!d.stored_head || image::is_display(d.pixels, *page.icc)) continue;
    const bool along = d.compression == COMPRESSION_JPEG && page.icc->size() <= kLargestStoredProfile &&
                       image::has_usable_profile(d.pixels, *page.icc);
    d.stored_head = along ? base::share(with_profile(*d.stored_head, *page.icc)) : nullptr;
  }
}

std::optional<StoredPicture> stored_tiff_tile(const TiffIndex& index, std::uint32_t page, std::uint32_t level,
                                              const image::Rect& area) {
  const TiffLevel& place = index.levels.at(page).at(level);
  const TiffDirectory& d = index.directories[place.directory];
  if (place.factor != 1 || !d.stored_head || area.x % d.block.width != 0 || area.y % d.block.height != 0 ||
      area.width > d.block.width || area.height > d.block.height || area.size().empty() ||
      !image::Rect::of(d.size).contains(area)) {
    return std::nullopt;
  }
  const std::uint32_t block = area.y / d.block.height * d.blocks_across() + area.x / d.block.width;
  base::ByteRange range = tiff_block_range(d, index.file_size, block);
  const bool jpeg = d.compression == COMPRESSION_JPEG;
  const std::uint64_t start = jpeg ? 2 : 0;  // the head has the tile's SOI
  if (range.length <= start || range.length > kLargestTile) return std::nullopt;
  return StoredPicture{jpeg ? Format::jpeg : Format::webp,
                       d.stored_head,
                       {range.offset + start, range.length - start},
                       d.block,
                       area.size(),
                       d.samples};
}

}  // namespace armarium::codec
