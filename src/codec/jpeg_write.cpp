#include "codec/jpeg_write.h"

#include <cstring>

namespace armarium::codec {
namespace {

constexpr JDIMENSION kRowsBetweenChecks = 16;

// A row of a plane with its last sample repeated to a whole number of blocks.
void padded_row(const image::Planes& planes, std::uint32_t plane, std::uint32_t y, JSAMPROW out, std::size_t width) {
  const image::Size size = planes.plane_size(plane);
  const std::uint8_t* row = planes.row(plane, y < size.height ? y : size.height - 1);
  std::memcpy(out, row, size.width);
  std::memset(out + size.width, row[size.width - 1], width - size.width);
}

void allocate(j_compress_ptr cinfo, JpegBlockRows& blocks) {
  for (int i = 0; i < 3; ++i) {
    const jpeg_component_info& part = cinfo->comp_info[i];
    const auto across = static_cast<std::size_t>(cinfo->max_h_samp_factor / part.h_samp_factor);
    const std::size_t samples = (cinfo->image_width + across - 1) / across;
    const std::size_t unit = std::size_t{8} * static_cast<std::size_t>(part.h_samp_factor);
    blocks.widths[i] = (samples + unit - 1) / unit * unit;
    blocks.rows[i] = (*cinfo->mem->alloc_sarray)(reinterpret_cast<j_common_ptr>(cinfo), JPOOL_IMAGE,
                                                 static_cast<JDIMENSION>(blocks.widths[i]),
                                                 static_cast<JDIMENSION>(8 * part.v_samp_factor));
  }
}

}  // namespace

void start_jpeg(j_compress_ptr cinfo, const JpegShape& shape, JpegBlockRows& blocks) {
  cinfo->image_width = shape.size.width;
  cinfo->image_height = shape.size.height;
  cinfo->input_components = shape.grey ? 1 : 3;
  if (shape.planes) {
    cinfo->in_color_space = JCS_YCbCr;
  } else {
    cinfo->in_color_space = shape.grey ? JCS_GRAYSCALE : JCS_RGB;
  }
  jpeg_set_defaults(cinfo);
  jpeg_set_quality(cinfo, shape.quality, TRUE);
  if (!shape.grey && shape.quality >= kFullChromaFrom) {
    cinfo->comp_info[0].h_samp_factor = 1;
    cinfo->comp_info[0].v_samp_factor = 1;
  }
  cinfo->raw_data_in = shape.planes ? TRUE : FALSE;
  jpeg_start_compress(cinfo, TRUE);
  if (shape.planes) allocate(cinfo, blocks);
}

bool write_jpeg_rows(j_compress_ptr cinfo, const image::Pixels& strip, const base::CancelToken& cancel) {
  for (std::uint32_t y = 0; y < strip.height(); ++y) {
    if (y % kRowsBetweenChecks == 0 && cancel.stop_requested()) return false;
    JSAMPROW row = const_cast<JSAMPROW>(strip.row(y));
    jpeg_write_scanlines(cinfo, &row, 1);
  }
  return true;
}

bool write_jpeg_rows(j_compress_ptr cinfo, const image::Planes& strip, JpegBlockRows& blocks,
                     const base::CancelToken& cancel) {
  const auto step = static_cast<JDIMENSION>(8 * cinfo->max_v_samp_factor);
  for (JDIMENSION y = 0; y < strip.size().height; y += step) {
    if (cancel.stop_requested()) return false;
    for (int i = 0; i < 3; ++i) {
      const int count = 8 * cinfo->comp_info[i].v_samp_factor;
      const JDIMENSION first = y / step * static_cast<JDIMENSION>(count);
      for (int k = 0; k < count; ++k)
        padded_row(strip, static_cast<std::uint32_t>(i), first + static_cast<JDIMENSION>(k), blocks.rows[i][k],
                   blocks.widths[i]);
    }
    jpeg_write_raw_data(cinfo, blocks.rows, step);
  }
  return true;
}

}  // namespace armarium::codec
