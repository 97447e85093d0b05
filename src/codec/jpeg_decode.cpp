// JPEG by libjpeg-turbo. The DCT gives halves, quarters and eighths cheaply: they are the page's levels.

#include <cstring>

#include "base/log.h"
#include "codec/byte_reader.h"
#include "codec/exif.h"
#include "codec/jpeg_header.h"
#include "codec/jpeg_planes.h"
#include "codec/jpeg_session.h"
#include "codec/registry.h"
#include "codec/tail.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint32_t kContext =
    16;  // pixels around the area, so that smooth chroma upsampling sees the same neighbours as in the whole

struct JpegIndex final : Index {
  bool progressive = false;
};

// Everything that goes in and comes out of `decompress`, in plain C types.
struct Job {
  const unsigned char* data = nullptr;
  unsigned long size = 0;
  unsigned denominator = 1;
  JDIMENSION level_width = 0;
  JDIMENSION level_height = 0;
  J_COLOR_SPACE colour = JCS_RGB;
  JDIMENSION x = 0, y = 0, width = 0, height = 0;  // the area
  unsigned pixel_bytes = 3;
  unsigned char* out = nullptr;
  std::size_t stride = 0;
  const base::CancelToken* cancel = nullptr;

  JDIMENSION rows = 0;  // of the area, written
  bool began = false;   // some row was decoded, even if above the area
  bool finished = false;
};

bool prepare(j_decompress_ptr cinfo, Job* job) {
  jpeg_create_decompress(cinfo);
  watch(reinterpret_cast<j_common_ptr>(cinfo), *job->cancel);
  jpeg_mem_src(cinfo, job->data, job->size);
  jpeg_read_header(cinfo, TRUE);
  cinfo->scale_num = 8 / job->denominator;
  cinfo->scale_denom = 8;
  cinfo->out_color_space = job->colour;
  cinfo->dct_method = JDCT_ISLOW;
  jpeg_start_decompress(cinfo);
  return cinfo->output_width == job->level_width && cinfo->output_height == job->level_height &&
         static_cast<unsigned>(cinfo->output_components) == job->pixel_bytes;
}

// No object with a destructor lives in this function or in what it calls: libjpeg leaves it by longjmp.
void decompress(j_decompress_ptr cinfo, JpegSession* session, Job* job) {
  if (setjmp(session->jump) != 0) return;
  if (!prepare(cinfo, job)) {
    std::snprintf(session->message, sizeof session->message, "the frame is not the one of the index");
    return;
  }
  JDIMENSION left = job->x > kContext ? job->x - kContext : 0;
  JDIMENSION wide = job->x + job->width + kContext - left;
  if (wide > job->level_width - left) wide = job->level_width - left;
  if (left > 0 || wide < job->level_width) jpeg_crop_scanline(cinfo, &left, &wide);
  const JDIMENSION skip = job->y > kContext ? job->y - kContext : 0;
  if (skip > 0) jpeg_skip_scanlines(cinfo, skip);
  job->began = skip > 0;
  JSAMPARRAY line = (*cinfo->mem->alloc_sarray)(reinterpret_cast<j_common_ptr>(cinfo), JPOOL_IMAGE,
                                                cinfo->output_width * job->pixel_bytes, 1);
  while (cinfo->output_scanline < job->y + job->height) {
    const JDIMENSION y = cinfo->output_scanline;
    if (jpeg_read_scanlines(cinfo, line, 1) != 1) return;
    job->began = true;
    if (y < job->y) continue;
    std::memcpy(job->out + (y - job->y) * job->stride, line[0] + std::size_t{job->x - left} * job->pixel_bytes,
                std::size_t{job->width} * job->pixel_bytes);
    job->rows = y - job->y + 1;
  }
  job->finished = true;
}

JpegSession run(Job& job) {
  JpegSession session;
  jpeg_decompress_struct cinfo{};
  attach(reinterpret_cast<j_common_ptr>(&cinfo), session);
  decompress(&cinfo, &session, &job);
  jpeg_destroy_decompress(&cinfo);
  return session;
}

image::PixelFormat pixel_format(const JpegHeader& header) {
  if (header.components == 1) return image::kGrey8;
  if (header.components == 3) return image::kRgb8;
  return {image::ColourModel::cmyk, 8, false, header.adobe};
}

J_COLOR_SPACE colour_space(image::ColourModel model) {
  if (model == image::ColourModel::grey) return JCS_GRAYSCALE;
  return model == image::ColourModel::cmyk ? JCS_CMYK : JCS_RGB;
}

// A scaled block at the right or lower edge also averages what the encoder put beyond it, so very small pictures get no scaled levels.
void add_levels(Page& page, const JpegHeader& header) {
  image::Sampling chroma;
  if (header.ycbcr) chroma = {static_cast<std::uint8_t>(header.chroma_x), static_cast<std::uint8_t>(header.chroma_y)};
  for (std::uint32_t factor = 1; factor <= 8; factor *= 2) {
    if (factor > 1 && std::min(page.size.width, page.size.height) < 8 * factor) break;
    page.levels.push_back({image::level_size(page.size, factor), {}, factor == 1, chroma});
  }
}

class JpegDecoder final : public Decoder {
 public:
  Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const override {
    auto header = read_jpeg_header(file, limits);
    if (!header) return fail(std::move(header.error()));
    auto index = std::make_shared<JpegIndex>();
    index->format = Format::jpeg;
    index->file_size = file.size();
    index->version = file.version();
    index->progressive = header->progressive;
    if (!tail_holds(file, header->scan, "\xFF\xD9")) index->defect = kCutOff;
    Page page;
    page.size = {header->width, header->height};
    if (page.size.area() > limits.max_pixels) {
      return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
    }
    page.orientation = exif_orientation(header->exif);
    page.pixels = pixel_format(*header);
    add_levels(page, *header);
    page.icc = base::share(std::move(header->icc));
    index->pages.push_back(std::move(page));
    index->metadata = {std::move(header->exif), std::move(header->xmp), std::move(header->iptc)};
    return index;
  }

  Result<Plan> plan(const Index& index, const Request& request, const Limits& limits) const override {
    const auto& jpeg = static_cast<const JpegIndex&>(index);
    if (index.file_size > limits.max_whole_file)
      return fail(ErrorCode::resource_limit, "The file is larger than the server allows.");
    const Page& page = index.pages.at(request.page);
    Plan plan = choose_level(page, request);
    plan.ranges = {{0, index.file_size}};
    plan.cost.bytes_read = index.file_size;
    // Entropy decoding goes through all rows above the area, of a progressive file through all rows, whose coefficients are kept.
    const std::uint64_t level_width = page.levels[plan.level].size.width;
    plan.cost.pixels = level_width * plan.area.bottom();
    plan.cost.memory += index.file_size + level_width * 64 * page.pixels.channels();
    if (jpeg.progressive) {
      plan.cost.pixels = page.size.area();
      plan.cost.memory += page.size.area() * page.pixels.channels() * sizeof(JCOEF);
    }
    return plan;
  }

  Result<image::Pixels> decode(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                               const Limits& limits, const base::CancelToken& cancel) const override {
    if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
    base::Bytes storage;
    auto data = whole(bytes, storage, limits.max_whole_file);
    if (!data) return fail(std::move(data.error()));
    const Page& page = index.pages.at(plan.page);
    auto pixels = image::Pixels::allocate(plan.area.size(), page.pixels, limits.max_decode_bytes);
    if (!pixels) return pixels;
    Job job;
    job.data = data->data();
    job.size = data->size();
    job.denominator = 1U << plan.level;
    job.level_width = page.levels.at(plan.level).size.width;
    job.level_height = page.levels.at(plan.level).size.height;
    job.colour = colour_space(page.pixels.model);
    job.x = plan.area.x;
    job.y = plan.area.y;
    job.width = plan.area.width;
    job.height = plan.area.height;
    job.pixel_bytes = page.pixels.bytes_per_pixel();
    job.out = pixels->row(0);
    job.stride = pixels->stride();
    job.cancel = &cancel;
    return judge(job, run(job), std::move(*pixels), cancel);
  }

  // The whole level: the rows above an area have to be decoded anyway.
  Result<image::Planes> decode_planes(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                                      const Limits& limits, const base::CancelToken& cancel) const override {
    const Level& level = index.pages.at(plan.page).levels.at(plan.level);
    if (level.chroma.none() || !(plan.area == image::Rect::of(level.size)))
      return Decoder::decode_planes(index, plan, bytes, limits, cancel);
    base::Bytes storage;
    auto data = whole(bytes, storage, limits.max_whole_file);
    if (!data) return fail(std::move(data.error()));
    JpegPlanesRequest request;
    request.data = *data;
    request.denominator = 1U << plan.level;
    request.size = level.size;
    request.sampling = level.chroma;
    return decode_jpeg_planes(request, cancel);
  }

 private:
  // A file that breaks off keeps what was read: the rest is grey, as in every viewer.
  static Result<image::Pixels> judge(const Job& job, const JpegSession& session, image::Pixels pixels,
                                     const base::CancelToken& cancel) {
    if (job.finished) {
      if (session.warnings > 0) base::log::debug("JPEG decoded with {} warnings", session.warnings);
      return pixels;
    }
    if (auto go = cancel.check(); session.stopped && !go) return fail(std::move(go.error()));
    if (!job.began) return fail(ErrorCode::corrupt, "The JPEG file is damaged.", session.message);
    base::log::warning("JPEG file is damaged, part of it is shown: {}", session.message);
    std::memset(pixels.row(0) + job.rows * job.stride, 128, (job.height - job.rows) * job.stride);
    return pixels;
  }
};

}  // namespace

const Decoder& jpeg_decoder() {
  static const JpegDecoder decoder;
  return decoder;
}

}  // namespace armarium::codec
