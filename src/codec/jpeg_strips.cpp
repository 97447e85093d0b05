#include "codec/jpeg_strips.h"

#include "codec/jpeg_output.h"
#include "codec/jpeg_write.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

class JpegStrips final : public StripEncoder {
 public:
  JpegStrips(const StripFormat& format, const EncodeOptions& options)
      : StripEncoder(format),
        shape_{format.size, options.quality, format.pixels == image::kGrey8, !format.planes.none()} {
    attach(reinterpret_cast<j_common_ptr>(&cinfo_), session_);
  }
  ~JpegStrips() override { jpeg_destroy_compress(&cinfo_); }

 private:
  Result<> write(const image::Pixels& strip, base::Bytes& out, const base::CancelToken& cancel) override {
    return outcome(out, cancel, [&] { return run(strip, cancel); });
  }
  Result<> write(const image::Planes& strip, base::Bytes& out, const base::CancelToken& cancel) override {
    return outcome(out, cancel, [&] { return run(strip, cancel); });
  }
  Result<> end(base::Bytes& out) override {
    return outcome(out, {}, [&] { return run_end(); });
  }

  template <class Run>
  Result<> outcome(base::Bytes& out, const base::CancelToken& cancel, const Run& run) {
    if (run()) {
      const base::Bytes written = written_.take();
      out.insert(out.end(), written.begin(), written.end());
      return {};
    }
    if (auto go = cancel.check(); !go) return go;
    return fail(ErrorCode::internal, "The picture could not be written.", session_.message);
  }

  // From here on no object with a destructor: libjpeg leaves these by longjmp.
  void prepare() {
    if (started_) return;
    jpeg_create_compress(&cinfo_);
    written_.attach_to(&cinfo_);
    start_jpeg(&cinfo_, shape_, blocks_);
    started_ = true;
  }
  bool run(const image::Pixels& strip, const base::CancelToken& cancel) {
    if (setjmp(session_.jump) != 0) return false;
    prepare();
    return write_jpeg_rows(&cinfo_, strip, cancel);
  }
  bool run(const image::Planes& strip, const base::CancelToken& cancel) {
    if (setjmp(session_.jump) != 0) return false;
    prepare();
    return write_jpeg_rows(&cinfo_, strip, blocks_, cancel);
  }
  bool run_end() {
    if (setjmp(session_.jump) != 0) return false;
    jpeg_finish_compress(&cinfo_);
    return true;
  }

  JpegShape shape_;
  JpegSession session_;
  jpeg_compress_struct cinfo_{};
  JpegBlockRows blocks_{};
  JpegOutput written_;
  bool started_ = false;
};

}  // namespace

Result<std::unique_ptr<StripEncoder>> begin_jpeg(const StripFormat& format, const EncodeOptions& options) {
  if (format.size.width > JPEG_MAX_DIMENSION || format.size.height > JPEG_MAX_DIMENSION)
    return fail(ErrorCode::over_limit, "A JPEG file can be no larger than 65500 pixels on a side.");
  if (!(format.pixels == image::kGrey8) && !(format.pixels == image::kRgb8))
    return fail(ErrorCode::internal, "The picture could not be written.", "JPEG takes 8-bit grey or RGB without alpha");
  return std::make_unique<JpegStrips>(format, options);
}

}  // namespace armarium::codec
