// PNG by libpng. Rows come from top to bottom only, so a region costs what lies above it, and nothing below; interlaced pictures are read whole.

#include <bit>
#include <csetjmp>
#include <cstring>

#include <png.h>

#include "base/log.h"
#include "codec/box_reducer.h"
#include "codec/byte_reader.h"
#include "codec/exif.h"
#include "codec/registry.h"
#include "codec/tail.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kStep = 1024;  // bytes handed to zlib at once; of a file that breaks off, as much as this is lost

struct PngIndex final : Index {
  bool interlaced = false;
};

// libpng's two structures over a byte source. Members are set up before any setjmp and torn down after it.
struct Reading {
  explicit Reading(const base::ByteSource& source) : reader(source, 0, 65536) {}
  ~Reading() { png_destroy_read_struct(&png, &info, nullptr); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  ByteReader reader;
  png_structp png = nullptr;
  png_infop info = nullptr;
  char message[128] = {};
  // What read_rows works on.
  png_uint_32 width = 0, height = 0;
  image::Rect area;  // of the picture, that is wanted
  unsigned pixel_bytes = 0;
  image::Pixels* out = nullptr;
  BoxReducer* reducer = nullptr;  // when the result is shrunk
  std::uint8_t* line = nullptr;   // one row of the whole width, or all rows when interlaced
  const base::CancelToken* cancel = nullptr;
  bool interlaced = false;
  bool stopped = false;
  png_uint_32 rows_read = 0;  // of the picture
};

extern "C" void png_decode_failed(png_structp png, png_const_charp message) {
  auto* reading = static_cast<Reading*>(png_get_error_ptr(png));
  std::strncpy(reading->message, message, sizeof reading->message - 1);
  png_longjmp(png, 1);
}

extern "C" void png_decode_warned(png_structp, png_const_charp) {}

extern "C" void png_decode_fill(png_structp png, png_bytep data, std::size_t length) {
  auto* reading = static_cast<Reading*>(png_get_io_ptr(png));
  if (!reading->reader.read({data, length})) png_error(png, "the file ends too early");
}

bool start(Reading& reading, const Limits& limits) {
  reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, png_decode_failed, png_decode_warned);
  if (reading.png == nullptr) return false;
  reading.info = png_create_info_struct(reading.png);
  if (reading.info == nullptr) return false;
  png_set_read_fn(reading.png, &reading, png_decode_fill);
  png_set_user_limits(reading.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(reading.png, limits.max_metadata);
  png_set_chunk_cache_max(reading.png, 1000);
  png_set_compression_buffer_size(reading.png, kStep);
  // A wrong check sum of an unimportant chunk costs that chunk; of an important one it is passed over as far as possible.
  png_set_crc_action(reading.png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
  return true;
}

// No object with a destructor lives in the functions that call setjmp.
bool read_header(Reading* reading) {
  if (setjmp(png_jmpbuf(reading->png)) != 0) return false;
  png_read_info(reading->png, reading->info);
  return true;
}

// Samples of 8 or 16 bits in the machine's order, colours instead of palette entries, alpha instead of a transparent colour, sRGB's tone curve where the
// file states another gamma and no profile.
bool set_transforms(Reading* reading) {
  if (setjmp(png_jmpbuf(reading->png)) != 0) return false;
  png_structp png = reading->png;
  png_set_expand(png);
  if (png_get_bit_depth(png, reading->info) == 16 && std::endian::native == std::endian::little) png_set_swap(png);
  double gamma = 0;
  const bool profiled = png_get_valid(png, reading->info, PNG_INFO_iCCP | PNG_INFO_sRGB) != 0;
  if (!profiled && png_get_gAMA(png, reading->info, &gamma) != 0 && gamma > 0.01 && gamma < 10)
    png_set_gamma(png, PNG_DEFAULT_sRGB, gamma);
  png_set_interlace_handling(png);
  png_read_update_info(png, reading->info);
  return true;
}

// One row of the wanted area, from where it begins.
void deliver(Reading* reading, png_uint_32 y, const std::uint8_t* line) {
  const std::uint8_t* start = line + std::size_t{reading->area.x} * reading->pixel_bytes;
  if (reading->reducer != nullptr) {
    reading->reducer->add(reading->area.x, y, reading->area.width, start);
    reading->reducer->finish_rows(std::uint64_t{y} + 1);
  } else {
    std::memcpy(reading->out->row(y - reading->area.y), start, reading->out->stride());
  }
}

bool read_rows(Reading* reading) {
  if (setjmp(png_jmpbuf(reading->png)) != 0) return false;
  const std::size_t row_bytes = std::size_t{reading->width} * reading->pixel_bytes;
  const int passes = reading->interlaced ? 7 : 1;
  const png_uint_32 last = reading->interlaced ? reading->height : static_cast<png_uint_32>(reading->area.bottom());
  for (int pass = 0; pass < passes; ++pass) {
    for (png_uint_32 y = 0; y < last; ++y) {
      if (y % 64 == 0 && reading->cancel->stop_requested()) {
        reading->stopped = true;
        return false;
      }
      png_read_row(reading->png, reading->interlaced ? reading->line + y * row_bytes : reading->line, nullptr);
      reading->rows_read = reading->interlaced ? reading->height : y + 1;
      if (!reading->interlaced && y >= reading->area.y) deliver(reading, y, reading->line);
    }
  }
  return true;
}

tl::unexpected<base::Error> damaged(const Reading& reading) {
  return fail(ErrorCode::corrupt, "The PNG file is damaged.", reading.message);
}

image::PixelFormat pixel_format(const Reading& reading) {
  const int type = png_get_color_type(reading.png, reading.info);
  image::PixelFormat format;
  format.model = (type & PNG_COLOR_MASK_COLOR) != 0 ? image::ColourModel::rgb : image::ColourModel::grey;
  format.bits = png_get_bit_depth(reading.png, reading.info) == 16 ? 16 : 8;
  format.alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(reading.png, reading.info, PNG_INFO_tRNS) != 0;
  return format;
}

void read_metadata(const Reading& reading, PngIndex& index, base::Bytes& icc) {
  png_charp name = nullptr;
  int compression = 0;
  png_bytep data = nullptr;
  png_uint_32 length = 0;
  if (png_get_iCCP(reading.png, reading.info, &name, &compression, &data, &length) != 0)
    icc.assign(data, data + length);
  if (png_get_eXIf_1(reading.png, reading.info, &length, &data) != 0) index.metadata.exif.assign(data, data + length);
  png_textp text = nullptr;
  const int count = png_get_text(reading.png, reading.info, &text, nullptr);
  for (int i = 0; i < count; ++i) {
    if (std::strcmp(text[i].key, "XML:com.adobe.xmp") != 0 || text[i].text == nullptr) continue;
    const std::size_t size = text[i].itxt_length != 0 ? text[i].itxt_length : text[i].text_length;
    index.metadata.xmp.assign(text[i].text, text[i].text + size);
  }
}

class PngDecoder final : public Decoder {
 public:
  Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const override {
    Reading reading(file);
    if (!start(reading, limits)) return fail(ErrorCode::resource_limit, "There is no memory to read the picture.");
    if (!read_header(&reading)) return damaged(reading);
    auto index = std::make_shared<PngIndex>();
    index->format = Format::png;
    index->file_size = file.size();
    index->version = file.version();
    if (!tail_holds(file, 8, "IEND")) index->defect = kCutOff;
    index->interlaced = png_get_interlace_type(reading.png, reading.info) != PNG_INTERLACE_NONE;
    Page page;
    page.size = {png_get_image_width(reading.png, reading.info), png_get_image_height(reading.png, reading.info)};
    if (page.size.area() > limits.max_pixels) {
      return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
    }
    page.pixels = pixel_format(reading);
    page.bitonal = page.pixels.model == image::ColourModel::grey && !page.pixels.alpha &&
                   png_get_bit_depth(reading.png, reading.info) == 1;
    page.levels = {{page.size, {}, true}};
    add_reduced_levels(page);
    base::Bytes icc;
    read_metadata(reading, *index, icc);
    page.orientation = exif_orientation(index->metadata.exif);
    page.icc = base::share(std::move(icc));
    index->pages.push_back(std::move(page));
    return index;
  }

  Result<Plan> plan(const Index& index, const Request& request, const Limits&) const override {
    const auto& png = static_cast<const PngIndex&>(index);
    const Page& page = index.pages.at(request.page);
    Plan plan = choose_level(page, request);
    // How many bytes the rows take is known only after reading them, so decode reads on from the source itself.
    plan.whole_file = true;
    const std::uint64_t bottom = std::min<std::uint64_t>(page.size.height, plan.area.bottom() << plan.level);
    plan.cost.pixels = page.size.width * (png.interlaced ? page.size.height : bottom);
    plan.cost.bytes_read = index.file_size * plan.cost.pixels / page.size.area();
    plan.cost.memory +=
        line_bytes(png, page) + (plan.level > 0 ? std::uint64_t{plan.area.width} * page.pixels.channels() * 16 : 0);
    return plan;
  }

  Result<image::Pixels> decode(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                               const Limits& limits, const base::CancelToken& cancel) const override {
    if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
    const auto& png = static_cast<const PngIndex&>(index);
    const Page& page = index.pages.at(plan.page);
    Reading reading(bytes);
    if (!start(reading, limits)) return fail(ErrorCode::resource_limit, "There is no memory to read the picture.");
    if (!read_header(&reading) || !set_transforms(&reading)) return damaged(reading);
    reading.width = page.size.width;
    reading.height = page.size.height;
    reading.pixel_bytes = page.pixels.bytes_per_pixel();
    if (png_get_rowbytes(reading.png, reading.info) != std::size_t{reading.width} * reading.pixel_bytes ||
        png_get_image_height(reading.png, reading.info) != reading.height) {
      return fail(ErrorCode::internal, "The picture could not be read.", "PNG rows do not have the expected length");
    }
    auto pixels = image::Pixels::allocate(plan.area.size(), page.pixels, limits.max_decode_bytes);
    if (!pixels) return pixels;
    const std::uint64_t line = line_bytes(png, page);
    if (line > limits.max_decode_bytes)
      return fail(ErrorCode::resource_limit, "The picture needs more memory than the server allows.");
    base::Bytes lines(line);
    // Level n is the picture shrunk by 2 to the n.
    BoxReducer reducer(*pixels, plan.area, page.size, 1U << plan.level);
    reading.area = reducer.source();
    reading.out = &*pixels;
    reading.reducer = plan.level > 0 ? &reducer : nullptr;
    reading.line = lines.data();
    reading.cancel = &cancel;
    reading.interlaced = png.interlaced;
    const bool complete = read_rows(&reading);
    if (reading.stopped) return fail(cancel.check().error());
    if (!complete && reading.rows_read == 0) return damaged(reading);
    if (!complete) base::log::warning("PNG file is damaged, part of it is shown: {}", reading.message);
    finish(reading, complete);
    return pixels;
  }

 private:
  static std::uint64_t line_bytes(const PngIndex& index, const Page& page) {
    return std::uint64_t{page.size.width} * page.pixels.bytes_per_pixel() * (index.interlaced ? page.size.height : 1);
  }

  // Delivers an interlaced picture's rows; clears the rows that a damaged file did not give.
  static void finish(Reading& reading, bool complete) {
    const std::size_t row_bytes = std::size_t{reading.width} * reading.pixel_bytes;
    for (std::uint64_t y = reading.area.y; reading.interlaced && y < reading.area.bottom(); ++y) {
      deliver(&reading, static_cast<png_uint_32>(y), reading.line + y * row_bytes);
    }
    if (complete || reading.interlaced) return;
    if (reading.reducer != nullptr) return reading.reducer->finish_rows(reading.height);
    const std::size_t have = reading.rows_read > reading.area.y ? reading.rows_read - reading.area.y : 0;
    const auto rest = reading.out->bytes().subspan(have * reading.out->stride());
    std::memset(rest.data(), 0, rest.size());
  }
};

}  // namespace

const Decoder& png_decoder() {
  static const PngDecoder decoder;
  return decoder;
}

}  // namespace armarium::codec
