// Rare kinds of TIFF (old-style JPEG, LogLuv, planar YCbCr) by libtiff's own whole-picture reader, which gives 8-bit RGBA.

#include <cstring>

#include <tiffio.h>

#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;

struct Image {
  explicit Image(TIFF* tif) { begun = TIFFRGBAImageBegin(&image, tif, 0, message) != 0; }
  ~Image() {
    if (begun) TIFFRGBAImageEnd(&image);
  }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  TIFFRGBAImage image{};
  char message[1024] = {};
  bool begun = false;
};

void convert(const std::uint32_t* row, std::uint32_t width, bool alpha, std::uint8_t* out) {
  for (std::uint32_t x = 0; x < width; ++x) {
    const std::uint32_t pixel = row[x];
    std::uint32_t colours[3] = {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)};
    const std::uint32_t a = TIFFGetA(pixel);
    for (std::uint32_t& colour : colours) {
      if (alpha && a != 0 && a != 255) colour = std::min<std::uint32_t>(255, (colour * 255 + a / 2) / a);
      *out++ = static_cast<std::uint8_t>(colour);
    }
    if (alpha) *out++ = static_cast<std::uint8_t>(a);
  }
}

}  // namespace

base::Result<image::Pixels> decode_tiff_rgba(const TiffDirectory& directory, const image::Rect& area,
                                             const base::ByteSource& bytes, const Limits& limits) {
  if (area.size().area() > limits.max_decode_bytes / 4) {
    return fail(ErrorCode::resource_limit, "The picture needs more memory than the server allows.");
  }
  TiffFile file(bytes, TiffFile::Tables::load, limits.max_decode_bytes);
  if (!file.open() || !file.select(directory.offset))
    return fail(ErrorCode::corrupt, "The TIFF file is damaged.", file.message());
  auto pixels = image::Pixels::allocate(area.size(), directory.pixels, limits.max_decode_bytes);
  if (!pixels) return pixels;
  Image reader(file.handle());
  if (!reader.begun) return fail(ErrorCode::unsupported, "This kind of TIFF file cannot be read.", reader.message);
  // Rows as they are stored: the orientation is settled elsewhere.
  reader.image.orientation = ORIENTATION_TOPLEFT;
  reader.image.req_orientation = ORIENTATION_TOPLEFT;
  reader.image.row_offset = static_cast<int>(area.y);
  reader.image.col_offset = static_cast<int>(area.x);
  std::vector<std::uint32_t> raster(area.size().area());
  if (TIFFRGBAImageGet(&reader.image, raster.data(), area.width, area.height) == 0) {
    return fail(ErrorCode::corrupt, "The TIFF file is damaged.", file.message());
  }
  for (std::uint32_t y = 0; y < area.height; ++y) {
    convert(raster.data() + std::size_t{y} * area.width, area.width, directory.pixels.alpha, pixels->row(y));
  }
  return pixels;
}

}  // namespace armarium::codec
