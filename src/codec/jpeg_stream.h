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

// Walks the markers up to the first scan. True when there is one sequential, 8-bit frame of `stored` size with `components`; its height becomes `height`.
bool fit_jpeg_frame(std::span<std::uint8_t> stream, image::Size stored, int components, std::uint32_t height);

// Keeps the coefficients of the top left `wanted` pixels. corrupt when libjpeg cannot read the stream.
base::Result<base::Bytes> crop_jpeg(base::ByteView stream, image::Size wanted);

}  // namespace armarium::codec
