#pragma once
// libvips images as values, and the way from what libvips loads (any bands, depth and space) to the few pixel formats of image/pixels.h. One thread.

#include <vips/vips.h>

#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/error.h"
#include "codec/worker_protocol.h"

namespace armarium::decode {

struct ImageCloser {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, ImageCloser>;

// The image, or an Error of this code with what libvips says.
base::Result<Image> checked(VipsImage* image, base::ErrorCode code = base::ErrorCode::corrupt);
base::Result<Image> checked(int status, VipsImage*& image, base::ErrorCode code = base::ErrorCode::corrupt);

// What becomes of an image, known from its header alone.
struct Conversion {
  image::PixelFormat pixels;
  bool to_srgb = false;  // spaces of floating numbers (scRGB, Lab, XYZ): by libvips
  bool stretch = false;  // measurements without a white: least to greatest value over the whole range
  int bands = 3;         // taken from the front
};
base::Result<Conversion> conversion_of(VipsImage* image);

// Least and greatest finite value of the bands that are shown; reads all of the image.
struct Span {
  double least = 0;
  double greatest = 1;
};
base::Result<Span> span_of(VipsImage* image, int bands);
base::Result<Image> convert(VipsImage* image, const Conversion& conversion, const std::optional<Span>& span);

base::Result<Image> extract(VipsImage* image, image::Rect area);
// All pixels; `expected` bytes or corrupt.
base::Result<base::Bytes> samples_of(VipsImage* image, std::uint64_t expected);

// A picture of one size is given in halves too: less to copy, and the decoded whole is kept here. Without alpha only: halving needs premultiplied colours.
void add_half_levels(codec::worker::PageAnswer& page);
// job.area of job.level of such a picture.
base::Result<base::Bytes> read_level(VipsImage* image, const codec::worker::Job& job);

base::Bytes blob_of(VipsImage* image, const char* name, std::uint64_t most);
// ICC profile (as profiles[0] of the answer), EXIF, XMP and IPTC.
void copy_metadata(VipsImage* image, std::uint64_t most, codec::worker::IndexAnswer& answer);

}  // namespace armarium::decode
