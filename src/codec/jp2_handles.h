#pragma once
// OpenJPEG's handles as owners: what was created is destroyed once. For jp2_* alone; a handle belongs to one thread.

#include <memory>

#include <openjpeg.h>

namespace armarium::codec::jp2 {

struct CodecCloser {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct StreamCloser {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct ImageCloser {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using Codec = std::unique_ptr<opj_codec_t, CodecCloser>;
using Stream = std::unique_ptr<opj_stream_t, StreamCloser>;
using Image = std::unique_ptr<opj_image_t, ImageCloser>;

}  // namespace armarium::codec::jp2
