#pragma once
// A part of a picture that lies in the file as a finished picture of its own (a tile of a pyramid): handed out as it is, nothing is decoded. Values and pure functions; any
// thread. The bytes come from a file and are not trusted: `complete` looks at their frame before anybody else sees them.

#include <cstdint>
#include <span>

#include "base/byte_source.h"
#include "base/bytes.h"
#include "base/error.h"
#include "codec/format.h"
#include "image/geometry.h"

namespace armarium::codec {

// A profile of curves and a matrix goes along with what is handed out; one with tables would outweigh the tiles.
inline constexpr std::size_t kLargestStoredProfile = 4096;

struct StoredPicture {
  Format format = Format::unknown;
  base::SharedBytes head;  // stands before the bytes of `range`; never null
  base::ByteRange range;   // of the file
  image::Size stored;      // what is encoded: a whole tile
  image::Size wanted;      // the part of it that belongs to the picture, from its top left corner
  int components = 3;      // of JPEG
  // Columns must be cut away: crop() is needed, where otherwise a patched header does.
  bool narrower() const noexcept { return wanted.width != stored.width; }
};

// `picture` is head and range in one piece. False when it is not the picture that the file's directory promised, or carries metadata; then the tile must be decoded. Where only rows are to be cut, the frame's
// height is set: what is encoded below it is not looked at by decoders (ITU-T T.81, B.2.2).
[[nodiscard]] bool complete(const StoredPicture& what, std::span<std::uint8_t> picture);

// A complete() picture cut to `what.wanted` without loss: coefficients are copied. JPEG only; corrupt, unsupported.
base::Result<base::Bytes> crop(const StoredPicture& what, base::ByteView picture);

}  // namespace armarium::codec
