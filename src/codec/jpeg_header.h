#pragma once
// The markers of a JPEG file up to its first scan (ITU-T T.81, annex B), read with limits and without libjpeg: size, components, embedded
// metadata. Pure but for reading the source; any thread.

#include "base/byte_source.h"
#include "codec/byte_reader.h"
#include "codec/limits.h"

namespace armarium::codec {

struct JpegHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int components = 0;
  int max_sampling_x = 1;
  int max_sampling_y = 1;
  bool progressive = false;
  bool adobe = false;  // APP14 seen: CMYK is stored inverted
  bool ycbcr = false;  // three components, by libjpeg's rules luma and chroma
  int chroma_x = 0;    // pixels that share a chroma sample, where luma is sampled most and both chroma once; else 0
  int chroma_y = 0;
  std::uint64_t scan = 0;  // offset of the first scan's coded data
  base::Bytes icc;         // empty when there is none or its chunks do not fit together
  base::Bytes exif;        // from the TIFF header on
  base::Bytes xmp;
  base::Bytes iptc;  // IIM records out of APP13
};

// T.81, B.1.1.2: the next marker's second byte. A marker may be preceded by any number of fill bytes; what else stands between segments is passed over, as libjpeg does. False at the end.
bool next_jpeg_marker(ByteReader& reader, std::uint8_t& marker);

// corrupt, unsupported (lossless, hierarchical, 12 bit) or resource_limit.
base::Result<JpegHeader> read_jpeg_header(const base::ByteSource& file, const Limits& limits);

}  // namespace armarium::codec
