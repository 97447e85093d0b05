// JPEG by libjpeg-turbo: baseline, 4:2:0 below quality 90.

#include <cstring>

#include <fmt/format.h>

#include "codec/jpeg_output.h"
#include "codec/jpeg_session.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kFullChromaFrom = 90;

struct Job {
  const image::Pixels* pixels = nullptr;  // or
  const image::Planes* planes = nullptr;
  int quality = 82;
  bool grey = false;
  const base::CancelToken* cancel = nullptr;
  JpegOutput out;
  bool finished = false;
};

// A row of a plane with its last sample repeated to a whole number of blocks.
void padded_row(const image::Planes& planes, std::uint32_t plane, std::uint32_t y, JSAMPROW out, std::size_t width) {
  const image::Size size = planes.plane_size(plane);
  const std::uint8_t* row = planes.row(plane, y < size.height ? y : size.height - 1);
  std::memcpy(out, row, size.width);
  std::memset(out + size.width, row[size.width - 1], width - size.width);
}

// The functions from here to `compress` hold no object with a destructor: libjpeg leaves them by longjmp.
bool write_planes(j_compress_ptr cinfo, const Job* job) {
  JSAMPARRAY rows[3];
  std::size_t widths[3];
  for (int i = 0; i < 3; ++i) {
    const jpeg_component_info& part = cinfo->comp_info[i];
    const std::size_t unit = std::size_t{8} * static_cast<std::size_t>(part.h_samp_factor);
    widths[i] = (job->planes->plane_size(static_cast<std::uint32_t>(i)).width + unit - 1) / unit * unit;
    rows[i] = (*cinfo->mem->alloc_sarray)(reinterpret_cast<j_common_ptr>(cinfo), JPOOL_IMAGE,
                                          static_cast<JDIMENSION>(widths[i]),
                                          static_cast<JDIMENSION>(8 * part.v_samp_factor));
  }
  const auto step = static_cast<JDIMENSION>(8 * cinfo->max_v_samp_factor);
  while (cinfo->next_scanline < cinfo->image_height) {
    if (job->cancel->stop_requested()) return false;
    for (int i = 0; i < 3; ++i) {
      const int count = 8 * cinfo->comp_info[i].v_samp_factor;
      const JDIMENSION first = cinfo->next_scanline / step * static_cast<JDIMENSION>(count);
      for (int k = 0; k < count; ++k)
        padded_row(*job->planes, static_cast<std::uint32_t>(i), first + static_cast<JDIMENSION>(k), rows[i][k],
                   widths[i]);
    }
    jpeg_write_raw_data(cinfo, rows, step);
  }
  return true;
}

bool write_pixels(j_compress_ptr cinfo, const Job* job) {
  while (cinfo->next_scanline < cinfo->image_height) {
    if (cinfo->next_scanline % 64 == 0 && job->cancel->stop_requested()) return false;
    JSAMPROW row = const_cast<JSAMPROW>(job->pixels->row(cinfo->next_scanline));
    jpeg_write_scanlines(cinfo, &row, 1);
  }
  return true;
}

void compress(j_compress_ptr cinfo, JpegSession* session, Job* job) {
  if (setjmp(session->jump) != 0) return;
  jpeg_create_compress(cinfo);
  job->out.attach_to(cinfo);
  const image::Size size = job->planes != nullptr ? job->planes->size() : job->pixels->size();
  cinfo->image_width = size.width;
  cinfo->image_height = size.height;
  cinfo->input_components = job->grey ? 1 : 3;
  if (job->planes != nullptr) {
    cinfo->in_color_space = JCS_YCbCr;
  } else {
    cinfo->in_color_space = job->grey ? JCS_GRAYSCALE : JCS_RGB;
  }
  jpeg_set_defaults(cinfo);
  jpeg_set_quality(cinfo, job->quality, TRUE);
  if (!job->grey && job->quality >= kFullChromaFrom) {
    cinfo->comp_info[0].h_samp_factor = 1;
    cinfo->comp_info[0].v_samp_factor = 1;
  }
  cinfo->raw_data_in = job->planes != nullptr ? TRUE : FALSE;
  jpeg_start_compress(cinfo, TRUE);
  if (!(job->planes != nullptr ? write_planes(cinfo, job) : write_pixels(cinfo, job))) return;
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
    job.grey = format == image::kGrey8;
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
    return run(job, planes.size(), options, cancel);
  }

 private:
  Result<base::Bytes> run(Job& job, image::Size size, const EncodeOptions& options,
                          const base::CancelToken& cancel) const {
    if (size.width > max_side() || size.height > max_side())
      return fail(ErrorCode::over_limit, "A JPEG file can be no larger than 65500 pixels on a side.");
    job.quality = options.quality;
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
