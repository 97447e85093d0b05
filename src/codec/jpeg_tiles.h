#pragma once
// The tiles of a JPEG file, cut from its coefficients: nothing is decoded, so nothing is lost. One pass from top to bottom that holds one row of tiles. One thread at a time.

#include <functional>

#include "base/bytes.h"
#include "base/cancel.h"
#include "codec/stored_picture.h"
#include "image/planes.h"

namespace armarium::codec {

struct JpegTiles {
  image::Size size;
  image::Sampling chroma;  // none: grey
  // A tile after the other, row by row; each is a JPEG file of its own without JFIF and Adobe markers, `tile` pixels wide and high: beyond the picture's edge the last blocks repeat.
  using Taker = std::function<base::Result<>(const base::Bytes&)>;
};

// Whether such a frame can be cut: one scan of grey or YCbCr whose blocks fit tiles of `tile` pixels. Anything that cannot be read gives nothing.
std::optional<JpegTiles> jpeg_tiles(base::ByteView file, std::uint32_t tile);

// unsupported where jpeg_tiles gives nothing; corrupt; what `take` says. A file that breaks off is grey from there on.
base::Result<> cut_jpeg_tiles(base::ByteView file, std::uint32_t tile, const JpegTiles::Taker& take,
                              const base::CancelToken& cancel);

}  // namespace armarium::codec
