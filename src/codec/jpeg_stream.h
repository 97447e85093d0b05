#pragma once
// JPEG streams that are handed out without decoding: tables and tiles of TIFF put together (TIFF Technical Note 2), frames checked and patched, pictures cut by coefficients. Pure; any
// thread.

#include <span>

#include "base/bytes.h"
#include "base/error.h"
#include "image/geometry.h"

namespace armarium::codec {

// How the components of a stream are to be read.
enum class JpegColour : std::uint8_t { grey, ycbcr, rgb };

// The start of a JPEG file out of the JPEGTables of a TIFF directory (may be empty): SOI, JFIF or Adobe marker, tables. The tile follows without its SOI. Empty when `tables` is no
// abbreviated stream of tables only.
base::Bytes jpeg_head(base::ByteView tables, JpegColour colour);

// The same head with an ICC profile in its APP2 marker (ICC.1, annex B.4) behind the first segment; `icc` is at most 65,519 bytes.
base::Bytes with_profile(base::ByteView head, base::ByteView icc);

struct JpegFrame {
  image::Size stored;
  int components = 3;
  std::uint32_t height = 0;  // what it shall be
};
// Walks the markers up to the first scan. True when there is one sequential, 8-bit frame as `frame` says; its height is set. Behind the first `own` bytes, which are ours, no marker may stand that says
// something of colours or of the picture: it would be published, or contradict what the TIFF says.
bool fit_jpeg_frame(std::span<std::uint8_t> stream, std::size_t own, const JpegFrame& frame);

// Keeps the coefficients of the top left `wanted` pixels: by their bits where that will do (jpeg_cut.h). corrupt when libjpeg cannot read the stream.
base::Result<base::Bytes> crop_jpeg(base::ByteView stream, image::Size wanted);
// The same by libjpeg in any case.
base::Result<base::Bytes> crop_jpeg_coefficients(base::ByteView stream, image::Size wanted);

}  // namespace armarium::codec
