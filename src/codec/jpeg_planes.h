#pragma once
// A JPEG stream to its planes as they are coded: no conversion of colours, no upsampling of chroma. For whole files and for the tiles of TIFF, whose tables
// lie apart. Any thread.

#include "base/cancel.h"
#include "codec/decoder.h"
#include "image/planes.h"

namespace armarium::codec {

struct JpegPlanesRequest {
  base::ByteView tables;  // an abbreviated stream of tables only; may be empty
  base::ByteView data;
  std::uint32_t denominator = 1;  // of the DCT's scale: 1, 2, 4 or 8
  image::Size size;               // of the result: the frame's, scaled and rounded up
  image::Sampling sampling;       // as the frame has it, whatever the scale
  std::uint32_t rows = 0;         // only so many are wanted; 0: all
};

// unsupported when the frame is not of this size, sampling and three components: then it has to be read as RGB. A stream that breaks off keeps what was
// read, the rest is grey; corrupt when nothing was.
base::Result<image::Planes> decode_jpeg_planes(const JpegPlanesRequest& request, const base::CancelToken& cancel);

}  // namespace armarium::codec
