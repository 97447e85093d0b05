// A JPEG cut at its top left corner without loss: the coefficients are read and written again with a smaller frame (as jpegtran -crop does from the origin).

#include "codec/jpeg_cut.h"
#include "codec/jpeg_output.h"
#include "codec/jpeg_session.h"
#include "codec/jpeg_stream.h"

namespace armarium::codec {
namespace {

struct Job {
  base::ByteView in;
  image::Size wanted;
  JpegOutput out;
  bool finished = false;
};

// No object with a destructor lives in this function: libjpeg leaves it by longjmp.
void transcode(j_decompress_ptr from, j_compress_ptr to, JpegSession* session, Job* job) {
  if (setjmp(session->jump) != 0) return;
  jpeg_create_decompress(from);
  jpeg_create_compress(to);
  jpeg_mem_src(from, job->in.data(), job->in.size());
  jpeg_read_header(from, TRUE);
  if (from->image_width < job->wanted.width || from->image_height < job->wanted.height) return;
  jvirt_barray_ptr* coefficients = jpeg_read_coefficients(from);
  job->out.attach_to(to);
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
  if (auto cut = cut_jpeg(stream, wanted)) return std::move(*cut);
  return crop_jpeg_coefficients(stream, wanted);
}

base::Result<base::Bytes> crop_jpeg_coefficients(base::ByteView stream, image::Size wanted) {
  Job job;
  job.in = stream;
  job.wanted = wanted;
  JpegSession session;
  jpeg_decompress_struct from{};
  jpeg_compress_struct to{};
  attach(reinterpret_cast<j_common_ptr>(&from), session);
  attach(reinterpret_cast<j_common_ptr>(&to), session);
  transcode(&from, &to, &session, &job);
  jpeg_destroy_compress(&to);
  jpeg_destroy_decompress(&from);
  if (!job.finished) return base::fail(base::ErrorCode::corrupt, "A tile of the picture is damaged.", session.message);
  return job.out.take();
}

}  // namespace armarium::codec
