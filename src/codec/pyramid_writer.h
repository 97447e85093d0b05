#pragma once
// A picture as a pyramid of JPEG tiles in a BigTIFF file, written from top to bottom: each band of rows goes in once, every smaller level is made on the way, and what is held in memory is two bands of
// each level, whatever the height. Levels are halved and rounded up, as the Image API's tiles are (3.0, implementation notes), so that every tile can be handed out as it is stored; tiles at the
// edges are filled by repeating the last row and column. Any TIFF reader opens the file. One thread.

#include <cstdint>
#include <vector>

#include "base/byte_sink.h"
#include "base/cancel.h"
#include "codec/encoder.h"
#include "image/pixels.h"

namespace armarium::codec {

class PyramidWriter {
 public:
  // `format` is display grey or RGB without alpha. `tile` is a side in pixels, a multiple of 16. Tiles of `quality` below 90 are 4:2:0.
  PyramidWriter(base::ByteSink& sink, image::Size size, image::PixelFormat format, std::uint32_t tile, int quality);

  // How many rows the next band must have; 0 when all are in.
  std::uint32_t next_rows() const noexcept;
  // The next band, of full width. invalid_argument for one of another shape; what the sink and the encoder say.
  base::Result<> add(const image::Pixels& band, const base::CancelToken& cancel);
  // The directories. After the last band.
  base::Result<> finish();

 private:
  struct Level {
    image::Size size;
    std::uint32_t done = 0;              // rows whose tiles are written
    image::Pixels waiting;               // rows that are not in tiles yet, at most one band
    std::uint32_t rows = 0;              // of `waiting`
    std::vector<std::uint64_t> offsets;  // of tiles
    std::vector<std::uint64_t> lengths;
  };

  base::Result<> take(std::size_t number, const image::Pixels& rows, const base::CancelToken& cancel);
  base::Result<> write_band(Level& level, const base::CancelToken& cancel);
  base::Result<> write_tile(Level& level, std::uint32_t column, const base::CancelToken& cancel);
  base::Result<std::uint64_t> write_directory(const Level& level, bool reduced);
  std::uint32_t tiles_across(const Level& level) const noexcept { return (level.size.width - 1) / tile_ + 1; }

  base::ByteSink& sink_;
  image::PixelFormat format_;
  std::uint32_t tile_;
  EncodeOptions options_;
  std::vector<Level> levels_;
  base::Result<> started_;
};

}  // namespace armarium::codec
