// JPEG by libjpeg-turbo: baseline, 4:2:0 below quality 90.

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>

#include <fmt/format.h>

#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kFullChromaFrom = 90;

struct Job {
  const image::Pixels* pixels = nullptr;
  int quality = 82;
  bool grey = false;
  const base::CancelToken* cancel = nullptr;
  unsigned char* out = nullptr;  // by malloc, grown by libjpeg
  unsigned long size = 0;
  bool finished = false;
  char message[JMSG_LENGTH_MAX] = {};
};

struct Manager {
  jpeg_error_mgr errors;
  jmp_buf jump;
  Job* job;
};

extern "C" void jpeg_encode_failed(j_common_ptr cinfo) {
  auto* manager = static_cast<Manager*>(cinfo->client_data);
  (*cinfo->err->format_message)(cinfo, manager->job->message);
  longjmp(manager->jump, 1);
}

extern "C" void jpeg_encode_silent(j_common_ptr) {}

// No object with a destructor lives in this function: libjpeg leaves it by longjmp.
void compress(j_compress_ptr cinfo, Manager* manager, Job* job) {
  if (setjmp(manager->jump) != 0) return;
  jpeg_create_compress(cinfo);
  jpeg_mem_dest(cinfo, &job->out, &job->size);
  cinfo->image_width = job->pixels->width();
  cinfo->image_height = job->pixels->height();
  cinfo->input_components = job->grey ? 1 : 3;
  cinfo->in_color_space = job->grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(cinfo);
  jpeg_set_quality(cinfo, job->quality, TRUE);
  if (!job->grey && job->quality >= kFullChromaFrom) {
    cinfo->comp_info[0].h_samp_factor = 1;
    cinfo->comp_info[0].v_samp_factor = 1;
  }
  jpeg_start_compress(cinfo, TRUE);
  while (cinfo->next_scanline < cinfo->image_height) {
    if (cinfo->next_scanline % 64 == 0 && job->cancel->stop_requested()) return;
    JSAMPROW row = const_cast<JSAMPROW>(job->pixels->row(cinfo->next_scanline));
    jpeg_write_scanlines(cinfo, &row, 1);
  }
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
    if (pixels.width() > max_side() || pixels.height() > max_side()) {
      return fail(ErrorCode::over_limit, "A JPEG file can be no larger than 65500 pixels on a side.");
    }
    Job job;
    job.pixels = &pixels;
    job.quality = options.quality;
    job.grey = format == image::kGrey8;
    job.cancel = &cancel;
    Manager manager{};
    manager.job = &job;
    jpeg_compress_struct cinfo{};
    cinfo.err = jpeg_std_error(&manager.errors);
    cinfo.client_data = &manager;
    manager.errors.error_exit = jpeg_encode_failed;
    manager.errors.output_message = jpeg_encode_silent;
    compress(&cinfo, &manager, &job);
    jpeg_destroy_compress(&cinfo);
    const std::unique_ptr<unsigned char, decltype(&std::free)> owner(job.out, &std::free);
    if (!job.finished) {
      if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
      return fail(ErrorCode::internal, "The picture could not be written.", job.message);
    }
    return base::Bytes(job.out, job.out + job.size);
  }
};

}  // namespace

const Encoder& jpeg_encoder() {
  static const JpegEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
