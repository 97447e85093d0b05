// A JPEG cut at its top left corner without loss: the coefficients are read and written again with a smaller frame (as jpegtran -crop does from the origin).

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "codec/jpeg_stream.h"

namespace armarium::codec {
namespace {

struct Job {
  base::ByteView in;
  image::Size wanted;
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

extern "C" void jpeg_crop_failed(j_common_ptr cinfo) {
  auto* manager = static_cast<Manager*>(cinfo->client_data);
  (*cinfo->err->format_message)(cinfo, manager->job->message);
  longjmp(manager->jump, 1);
}

extern "C" void jpeg_crop_silent(j_common_ptr) {}

// No object with a destructor lives in this function: libjpeg leaves it by longjmp.
void transcode(j_decompress_ptr from, j_compress_ptr to, Manager* manager, Job* job) {
  if (setjmp(manager->jump) != 0) return;
  jpeg_create_decompress(from);
  jpeg_create_compress(to);
  jpeg_mem_src(from, job->in.data(), job->in.size());
  jpeg_read_header(from, TRUE);
  if (from->image_width < job->wanted.width || from->image_height < job->wanted.height) return;
  jvirt_barray_ptr* coefficients = jpeg_read_coefficients(from);
  jpeg_mem_dest(to, &job->out, &job->size);
  jpeg_copy_critical_parameters(from, to);
  to->image_width = job->wanted.width;
  to->image_height = job->wanted.height;
  to->write_JFIF_header = from->saw_JFIF_marker;
  to->write_Adobe_marker = from->saw_Adobe_marker;
  jpeg_write_coefficients(to, coefficients);
  jpeg_finish_compress(to);
  job->finished = true;
}

}  // namespace

base::Result<base::Bytes> crop_jpeg(base::ByteView stream, image::Size wanted) {
  Job job{.in = stream, .wanted = wanted};
  Manager manager{};
  manager.job = &job;
  jpeg_decompress_struct from{};
  jpeg_compress_struct to{};
  from.err = jpeg_std_error(&manager.errors);
  to.err = &manager.errors;
  manager.errors.error_exit = jpeg_crop_failed;
  manager.errors.output_message = jpeg_crop_silent;
  from.client_data = &manager;
  to.client_data = &manager;
  transcode(&from, &to, &manager, &job);
  jpeg_destroy_compress(&to);
  jpeg_destroy_decompress(&from);
  base::Bytes result;
  if (job.finished) result.assign(job.out, job.out + job.size);
  std::free(job.out);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg's allocation
  if (!job.finished) return base::fail(base::ErrorCode::corrupt, "A tile of the picture is damaged.", job.message);
  return result;
}

}  // namespace armarium::codec
