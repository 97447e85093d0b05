#pragma once
// Writing a picture from top to bottom without having it: strips of full width go in, bytes that are final come out, nothing is patched later. What is held is a strip and the encoder's own few
// rows, whatever the height. Made by Encoder::begin; one thread at a time. After an Error nothing more can be added.

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/error.h"
#include "image/planes.h"

namespace armarium::codec {

struct StripFormat {
  image::Size size;           // of the whole picture
  image::PixelFormat pixels;  // of the strips; RGB where they are planes
  image::Sampling planes;     // of the strips; none: they are pixels
};

// How high a strip of planes must be a multiple of, but for the last one.
inline constexpr std::uint32_t kPlaneRows = 16;

class StripEncoder {
 public:
  explicit StripEncoder(const StripFormat& format) : format_(format) {}
  virtual ~StripEncoder() = default;
  StripEncoder(const StripEncoder&) = delete;
  StripEncoder& operator=(const StripEncoder&) = delete;

  // The next rows; what can be said of them by now is appended to `out`. invalid_argument for a strip of another shape.
  base::Result<> add(const image::Pixels& strip, base::Bytes& out, const base::CancelToken& cancel);
  base::Result<> add(const image::Planes& strip, base::Bytes& out, const base::CancelToken& cancel);
  // After the last strip.
  base::Result<> finish(base::Bytes& out);

  // Of the whole file, where it is known from the start.
  virtual std::optional<std::uint64_t> length() const noexcept { return std::nullopt; }

 protected:
  const StripFormat& format() const noexcept { return format_; }

 private:
  virtual base::Result<> write(const image::Pixels& strip, base::Bytes& out, const base::CancelToken& cancel) = 0;
  virtual base::Result<> write(const image::Planes& strip, base::Bytes& out, const base::CancelToken& cancel);
  virtual base::Result<> end(base::Bytes& out) = 0;
  base::Result<> begin_strip(image::Size strip, bool right_kind);

  StripFormat format_;
  std::uint32_t rows_ = 0;  // that are in
  bool broken_ = false;
};

}  // namespace armarium::codec
