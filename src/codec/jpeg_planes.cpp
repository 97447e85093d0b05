#include "codec/jpeg_planes.h"

#include <cstring>

#include "base/log.h"
#include "codec/jpeg_session.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint32_t kMostRows = 32;  // of a plane in one row of blocks: 4 blocks of 8

// Everything that goes in and comes out of `decompress`, in plain C types.
struct Job {
  const JpegPlanesRequest* request = nullptr;
  image::Planes* out = nullptr;
  const base::CancelToken* cancel = nullptr;

  JDIMENSION rows = 0;  // luma rows written
  bool foreign = false;
  bool finished = false;
};

// Whether the frame is what the request says, and chroma comes out at its own resolution or twice that.
bool expected(j_decompress_ptr cinfo, const JpegPlanesRequest& request) {
  if (cinfo->num_components != 3 || cinfo->output_width != request.size.width ||
      cinfo->output_height != request.size.height) {
    return false;
  }
  const jpeg_component_info* parts = cinfo->comp_info;
  if (parts[0].h_samp_factor != request.sampling.x || parts[0].v_samp_factor != request.sampling.y ||
      parts[0].DCT_scaled_size != cinfo->min_DCT_scaled_size) {
    return false;
  }
  for (int i = 1; i < 3; ++i) {
    if (parts[i].h_samp_factor != 1 || parts[i].v_samp_factor != 1) return false;
    const int larger = parts[i].DCT_scaled_size / cinfo->min_DCT_scaled_size;
    if (larger != 1 && larger != 2) return false;
  }
  return true;
}

// `count` samples, each the mean of a square of two by two.
void halve(const JSAMPLE* upper, const JSAMPLE* lower, std::size_t count, std::uint8_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::uint8_t>((upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1] + 2) >> 2);
  }
}

// One row of blocks after the other into the planes, whose rows are padded so that all of it fits. Chroma that comes larger (the DCT's scales of
// subsampled frames) goes by way of `larger`.
bool read_rows(j_decompress_ptr cinfo, Job* job) {
  image::Planes& out = *job->out;
  const auto step = static_cast<JDIMENSION>(cinfo->max_v_samp_factor * cinfo->min_DCT_scaled_size);
  JSAMPARRAY larger[3] = {};
  for (int i = 1; i < 3; ++i) {
    const jpeg_component_info& part = cinfo->comp_info[i];
    if (part.DCT_scaled_size == cinfo->min_DCT_scaled_size) continue;
    larger[i] = (*cinfo->mem->alloc_sarray)(reinterpret_cast<j_common_ptr>(cinfo), JPOOL_IMAGE,
                                            part.width_in_blocks * static_cast<JDIMENSION>(part.DCT_scaled_size),
                                            static_cast<JDIMENSION>(part.v_samp_factor * part.DCT_scaled_size));
  }
  const JDIMENSION wanted =
      job->request->rows != 0 && job->request->rows < cinfo->output_height ? job->request->rows : cinfo->output_height;
  while (cinfo->output_scanline < wanted) {
    const JDIMENSION y = cinfo->output_scanline;
    JSAMPROW rows[3][kMostRows];
    JSAMPARRAY planes[3];
    for (int i = 0; i < 3; ++i) {
      const jpeg_component_info& part = cinfo->comp_info[i];
      const auto plane = static_cast<std::uint32_t>(i);
      const JDIMENSION first = i == 0 ? y : y / static_cast<JDIMENSION>(out.sampling().y);
      const auto count = static_cast<JDIMENSION>(part.v_samp_factor * part.DCT_scaled_size);
      planes[i] = larger[i] != nullptr ? larger[i] : rows[i];
      for (JDIMENSION k = 0; larger[i] == nullptr && k < count; ++k) rows[i][k] = out.row(plane, first + k);
    }
    if (jpeg_read_raw_data(cinfo, planes, step) != step) return false;
    for (std::uint32_t i = 1; i < 3; ++i) {
      if (larger[i] == nullptr) continue;
      const jpeg_component_info& part = cinfo->comp_info[i];
      const auto count = static_cast<JDIMENSION>(part.v_samp_factor * part.DCT_scaled_size) / 2;
      const std::size_t width = std::size_t{part.width_in_blocks} * static_cast<std::size_t>(part.DCT_scaled_size) / 2;
      for (JDIMENSION k = 0; k < count; ++k) {
        halve(larger[i][2 * k], larger[i][2 * k + 1], width,
              out.row(i, y / static_cast<JDIMENSION>(out.sampling().y) + k));
      }
    }
    job->rows = y + step;
  }
  return true;
}

// No object with a destructor lives in this function or in what it calls: libjpeg leaves it by longjmp.
void decompress(j_decompress_ptr cinfo, JpegSession* session, Job* job) {
  if (setjmp(session->jump) != 0) return;
  const JpegPlanesRequest& request = *job->request;
  jpeg_create_decompress(cinfo);
  watch(reinterpret_cast<j_common_ptr>(cinfo), *job->cancel);
  if (!request.tables.empty()) {
    jpeg_mem_src(cinfo, request.tables.data(), request.tables.size());
    if (jpeg_read_header(cinfo, FALSE) != JPEG_HEADER_TABLES_ONLY) return;
  }
  jpeg_mem_src(cinfo, request.data.data(), request.data.size());
  jpeg_read_header(cinfo, TRUE);
  cinfo->jpeg_color_space = cinfo->num_components == 3 ? JCS_YCbCr : cinfo->jpeg_color_space;
  cinfo->out_color_space = cinfo->jpeg_color_space;
  cinfo->scale_num = 8 / request.denominator;
  cinfo->scale_denom = 8;
  cinfo->dct_method = JDCT_ISLOW;
  cinfo->raw_data_out = TRUE;
  jpeg_start_decompress(cinfo);
  if (!expected(cinfo, request)) {
    job->foreign = true;
    return;
  }
  job->finished = read_rows(cinfo, job);
}

// What a stream that breaks off did not give.
void grey_rest(image::Planes& planes, std::uint32_t rows) {
  for (std::uint32_t i = 0; i < 3; ++i) {
    const std::uint32_t first = std::min(i == 0 ? rows : rows / planes.sampling().y, planes.padded_rows(i));
    std::memset(planes.row(i, 0) + first * planes.stride(i), 128, (planes.padded_rows(i) - first) * planes.stride(i));
  }
}

}  // namespace

Result<image::Planes> decode_jpeg_planes(const JpegPlanesRequest& request, const base::CancelToken& cancel) {
  if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
  auto planes = image::Planes::allocate(request.size, request.sampling);
  if (!planes) return planes;
  Job job;
  job.request = &request;
  job.out = &*planes;
  job.cancel = &cancel;
  JpegSession session;
  jpeg_decompress_struct cinfo{};
  attach(reinterpret_cast<j_common_ptr>(&cinfo), session);
  decompress(&cinfo, &session, &job);
  jpeg_destroy_decompress(&cinfo);
  if (job.finished) return planes;
  if (auto go = cancel.check(); session.stopped && !go) return fail(std::move(go.error()));
  if (job.foreign) return fail(ErrorCode::unsupported, "The picture cannot be read in planes.");
  if (job.rows == 0) return fail(ErrorCode::corrupt, "The JPEG file is damaged.", session.message);
  base::log::warning("JPEG file is damaged, part of it is shown: {}", session.message);
  grey_rest(*planes, job.rows);
  return planes;
}

}  // namespace armarium::codec
