#include "codec/strip_encoder.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<> wrong(const char* why) { return fail(ErrorCode::invalid_argument, "The picture could not be written.", why); }

}  // namespace

Result<> StripEncoder::begin_strip(image::Size strip, bool right_kind) {
  if (broken_) return wrong("a strip after an error");
  const std::uint32_t left = format_.size.height - rows_;
  if (!right_kind || strip.width != format_.size.width || strip.height == 0 || strip.height > left)
    return wrong("a strip of another shape");
  if (!format_.planes.none() && strip.height != left && strip.height % kPlaneRows != 0)
    return wrong("a strip of planes that ends within a row of blocks");
  rows_ += strip.height;
  broken_ = true;  // until it is written
  return {};
}

Result<> StripEncoder::add(const image::Pixels& strip, base::Bytes& out, const base::CancelToken& cancel) {
  if (auto go = cancel.check(); !go) return go;
  if (auto begun = begin_strip(strip.size(), format_.planes.none() && strip.format() == format_.pixels); !begun)
    return begun;
  auto written = write(strip, out, cancel);
  broken_ = !written;
  return written;
}

Result<> StripEncoder::add(const image::Planes& strip, base::Bytes& out, const base::CancelToken& cancel) {
  if (auto go = cancel.check(); !go) return go;
  if (auto begun = begin_strip(strip.size(), !format_.planes.none() && strip.sampling() == format_.planes); !begun)
    return begun;
  auto written = write(strip, out, cancel);
  broken_ = !written;
  return written;
}

Result<> StripEncoder::write(const image::Planes&, base::Bytes&, const base::CancelToken&) {
  return fail(ErrorCode::internal, "The picture could not be written.", "no planes");
}

Result<> StripEncoder::finish(base::Bytes& out) {
  if (broken_ || rows_ != format_.size.height) return wrong("rows are missing");
  broken_ = true;  // nothing comes behind the end
  return end(out);
}

}  // namespace armarium::codec
