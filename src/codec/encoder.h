#pragma once
// Writing a picture: 8-bit grey or sRGB, with or without alpha, to the bytes of one output format. Encoders are stateless and shared between threads; the same
// pixels and options give the same bytes (their `recipe` names library version and settings: it is part of ETags and cache keys).

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/cancel.h"
#include "codec/format.h"
#include "codec/strip_encoder.h"
#include "image/planes.h"

namespace armarium::codec {

struct EncodeOptions {
  int quality = 82;        // lossy formats, 1 to 100
  bool bitonal = false;    // pixels hold only 0 and 255: one bit where the format can
  std::string title = {};  // PDF: document title
  bool in_strips = false;  // what begin() writes is asked for: its recipe may be another
};

class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual bool alpha() const noexcept = 0;              // false: caller flattens first
  virtual std::uint32_t max_side() const noexcept = 0;  // of the format (WebP: 16383)
  virtual std::string recipe(const EncodeOptions& options) const = 0;
  virtual base::Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                                           const base::CancelToken& cancel) const = 0;
  // The chroma that encode_planes takes with these options; none where the format wants pixels.
  virtual image::Sampling planes(const EncodeOptions&) const noexcept { return {}; }
  virtual base::Result<base::Bytes> encode_planes(const image::Planes&, const EncodeOptions&,
                                                  const base::CancelToken&) const {
    return base::fail(base::ErrorCode::internal, "The picture could not be written.", "no planes");
  }
  // Whether the format can be written from top to bottom, with little held in memory.
  virtual bool in_strips() const noexcept { return false; }
  virtual base::Result<std::unique_ptr<StripEncoder>> begin(const StripFormat&, const EncodeOptions&) const {
    return base::fail(base::ErrorCode::over_limit, "This format needs the whole picture in memory.");
  }
};

// The encoder of an output format, or null when this build or machine has none. avif and jxl live in armarium-decode.
const Encoder* encoder_for(Format format) noexcept;

}  // namespace armarium::codec
