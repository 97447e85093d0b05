#pragma once
// The second half of a request: mirror, rotate, quality, background, encoder. Image API 3.0, 4.3 to 4.6 in this order. Pure but for the encoder tables;
// any thread.

#include <string>

#include "codec/encoder.h"
#include "iiif/image_request.h"
#include "pipeline/region_reader.h"

namespace armarium::pipeline {

// An encoder chosen and the size checked against it, before anything is decoded.
struct Output {
  const codec::Encoder* encoder = nullptr;
  codec::EncodeOptions options;
  std::string media_type;
  image::Size size;  // after rotation
  bool linear_light = false;
  bool in_strips = false;  // too large to be held: PictureStream makes it
};

struct OutputLimits {
  int quality = 82;
  std::uint64_t whole_pixels = 0;  // of a picture that has to be held whole, at most
  std::uint64_t strip_pixels = 0;  // of one that is written in strips, at most
  std::uint64_t strips_from = 0;   // larger ones are written in strips where the format allows it
};

// invalid_argument when nothing here writes the format; over_limit when the result is larger than the format or the server allows.
base::Result<Output> choose_output(const iiif::ResolvedRequest& request, const OutputLimits& limits);

// What produce makes best use of.
Wish wish_of(const iiif::ResolvedRequest& request, const Output& output);

// Everything but the encoder; what it gives is what the encoder takes.
base::Result<image::Raster> operate(image::Raster raster, const iiif::ResolvedRequest& request, const Output& output,
                                    const base::CancelToken& cancel);
base::Result<base::Bytes> produce(image::Raster raster, const iiif::ResolvedRequest& request, const Output& output,
                                  const base::CancelToken& cancel);

// What the bytes of an answer depend on besides the file's version: part of the ETag.
std::string recipe_of(const iiif::ResolvedRequest& request, const Output& output);

}  // namespace armarium::pipeline
