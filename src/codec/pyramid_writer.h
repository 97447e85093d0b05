#pragma once
// A picture as a pyramid of tiles (JPEG, or deflated) in a BigTIFF file, written from top to bottom: each band of rows goes in once, every smaller level is made on the way, and what is held in memory is two bands of
// each level, whatever the height. Levels are halved and rounded up, as the Image API's tiles are (3.0, implementation notes), so that every tile can be handed out as it is stored; tiles at the
// edges are filled by repeating the last row and column. Any TIFF reader opens the file. One thread.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_sink.h"
#include "base/cancel.h"
#include "codec/encoder.h"
#include "image/planes.h"

namespace armarium::codec {

struct Pyramid {
  image::Size size;
  image::PixelFormat format;  // 8-bit grey or RGB without alpha
  std::uint32_t tile = 512;   // a side in pixels, a multiple of 16
  int quality = 89;           // below 90 tiles are 4:2:0
  bool lossless = false;      // tiles are deflated; the full size may still come as JPEG
  base::Bytes icc = {};       // of the samples; empty: they are display colours
  // The full size comes as JPEG tiles of this chroma (none: grey), the bands begin with the level below.
  std::optional<image::Sampling> full = {};
};

class PyramidWriter {
 public:
  PyramidWriter(base::ByteSink& sink, Pyramid pyramid);

  // Where the full size comes in tiles: the next one, row by row.
  base::Result<> add_tile(base::ByteView jpeg);
  // How many rows the next band must have; 0 when all are in. Its width is that of band_level().
  std::uint32_t next_rows() const noexcept;
  // The level that bands are of: 0 or 1.
  std::uint32_t band_level() const noexcept { return pyramid_.full ? 1 : 0; }
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
    bool jpeg = true;
    image::Sampling chroma;  // of JPEG
  };

  base::Result<> take(std::size_t number, const image::Pixels& rows, const base::CancelToken& cancel);
  base::Result<> write_band(Level& level, const base::CancelToken& cancel);
  base::Result<> write_tile(Level& level, std::uint32_t column, const base::CancelToken& cancel);
  base::Result<std::uint64_t> write_directory(const Level& level, bool reduced);
  base::Result<base::Bytes> encoded(image::Pixels tile, const base::CancelToken& cancel) const;
  base::Result<> append_tile(Level& level, base::ByteView bytes);
  std::uint32_t tiles_across(const Level& level) const noexcept { return (level.size.width - 1) / pyramid_.tile + 1; }

  base::ByteSink& sink_;
  Pyramid pyramid_;
  std::vector<Level> levels_;
  base::Result<> started_;
};

}  // namespace armarium::codec
