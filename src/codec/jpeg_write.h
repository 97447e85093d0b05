#pragma once
// The rows of a JPEG file into libjpeg-turbo: baseline, 4:2:0 below quality 90; what writing whole pictures and writing strips share. For jpeg_encode.cpp and jpeg_strips.cpp alone. No object
// with a destructor lives in these functions: libjpeg leaves them by longjmp.

#include <cstddef>

#include "codec/jpeg_session.h"
#include "image/planes.h"

namespace armarium::codec {

inline constexpr int kFullChromaFrom = 90;

struct JpegShape {
  image::Size size;
  int quality = 82;
  bool grey = false;
  bool planes = false;
};

// Rows of planes on their way, padded to whole blocks; from libjpeg's own memory.
struct JpegBlockRows {
  JSAMPARRAY rows[3];
  std::size_t widths[3];
};

// When `cinfo` is created and has its destination.
void start_jpeg(j_compress_ptr cinfo, const JpegShape& shape, JpegBlockRows& blocks);
// The next rows, as many as there are in `strip`; false when the token says stop.
bool write_jpeg_rows(j_compress_ptr cinfo, const image::Pixels& strip, const base::CancelToken& cancel);
// The same; what is in the last row of blocks only in part ends the picture.
bool write_jpeg_rows(j_compress_ptr cinfo, const image::Planes& strip, JpegBlockRows& blocks,
                     const base::CancelToken& cancel);

}  // namespace armarium::codec
