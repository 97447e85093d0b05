// JPEG by libjpeg-turbo: baseline, 4:2:0 below quality 90.

#include <fmt/format.h>

#include "codec/jpeg_output.h"
#include "codec/jpeg_strips.h"
#include "codec/jpeg_write.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

struct Job {
  const image::Pixels* pixels = nullptr;  // or
  const image::Planes* planes = nullptr;
  JpegShape shape;
  const base::CancelToken* cancel = nullptr;
  JpegOutput out;
  bool finished = false;
};

// No object with a destructor lives in this function: libjpeg leaves it by longjmp.
void compress(j_compress_ptr cinfo, JpegSession* session, Job* job) {
  if (setjmp(session->jump) != 0) return;
  jpeg_create_compress(cinfo);
  job->out.attach_to(cinfo);
  JpegBlockRows blocks{};
  start_jpeg(cinfo, job->shape, blocks);
  if (!(job->planes != nullptr ? write_jpeg_rows(cinfo, *job->planes, blocks, *job->cancel)
                               : write_jpeg_rows(cinfo, *job->pixels, *job->cancel)))
    return;
  jpeg_finish_compress(cinfo);
  job->finished = true;
}

class JpegEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return false; }
  std::uint32_t max_side() const noexcept override { return JPEG_MAX_DIMENSION; }
  std::string recipe(const EncodeOptions& options) const override {
    return fmt::format("jpeg-{}-q{}-{}", LIBJPEG_TURBO_VERSION_NUMBER, options.quality,
                       options.quality >= kFullChromaFrom ? "444" : "420");
  }

  Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                             const base::CancelToken& cancel) const override {
    const image::PixelFormat& format = pixels.format();
    if (!(format == image::kGrey8) && !(format == image::kRgb8)) {
      return fail(ErrorCode::internal, "The picture could not be written.",
                  "JPEG takes 8-bit grey or RGB without alpha");
    }
    Job job;
    job.pixels = &pixels;
    job.shape.grey = format == image::kGrey8;
    return run(job, pixels.size(), options, cancel);
  }

  image::Sampling planes(const EncodeOptions& options) const noexcept override {
    return options.quality >= kFullChromaFrom ? image::kFullChroma : image::kHalfChroma;
  }

  Result<base::Bytes> encode_planes(const image::Planes& planes, const EncodeOptions& options,
                                    const base::CancelToken& cancel) const override {
    if (!(planes.sampling() == this->planes(options)))
      return fail(ErrorCode::internal, "The picture could not be written.", "planes of another sampling");
    Job job;
    job.planes = &planes;
    job.shape.planes = true;
    return run(job, planes.size(), options, cancel);
  }

  bool in_strips() const noexcept override { return true; }
  Result<std::unique_ptr<StripEncoder>> begin(const StripFormat& format, const EncodeOptions& options) const override {
    return begin_jpeg(format, options);
  }

 private:
  Result<base::Bytes> run(Job& job, image::Size size, const EncodeOptions& options,
                          const base::CancelToken& cancel) const {
    if (size.width > max_side() || size.height > max_side())
      return fail(ErrorCode::over_limit, "A JPEG file can be no larger than 65500 pixels on a side.");
    job.shape.size = size;
    job.shape.quality = options.quality;
    job.cancel = &cancel;
    JpegSession session;
    jpeg_compress_struct cinfo{};
    attach(reinterpret_cast<j_common_ptr>(&cinfo), session);
    compress(&cinfo, &session, &job);
    jpeg_destroy_compress(&cinfo);
    if (!job.finished) {
      if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
      return fail(ErrorCode::internal, "The picture could not be written.", session.message);
    }
    return job.out.take();
  }
};

}  // namespace

const Encoder& jpeg_encoder() {
  static const JpegEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
