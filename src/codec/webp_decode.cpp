// WebP by libwebp. The container's chunks are walked here, so that an index reads headers only; of an animation the first frame is the page.

#include <cstring>

#include <webp/decode.h>

#include "codec/byte_reader.h"
#include "codec/exif.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kHead = 64;  // enough of a bit stream for its features

struct WebpIndex final : Index {
  base::ByteRange stream;  // what libwebp decodes: the file, or one frame's chunks
  image::Rect frame;       // where it lies on the page
};

tl::unexpected<base::Error> damaged(std::string_view what) {
  return fail(ErrorCode::corrupt, "The WebP file is damaged.", std::string(what));
}

std::uint32_t little(const std::uint8_t* at, int bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= std::uint32_t{at[i]} << (8 * i);
  return value;
}

// WebP Container Specification: RIFF chunks up to the last one that matters.
class Walk {
 public:
  Walk(const base::ByteSource& file, const Limits& limits) : file_(file), limits_(limits), reader_(file) {}

  Result<IndexPtr> run() {
    index_->format = Format::webp;
    index_->file_size = file_.size();
    index_->version = file_.version();
    index_->stream = {0, file_.size()};
    reader_.skip(12);
    while (reader_.remaining() >= 8) {
      std::uint8_t header[8];
      if (!reader_.read(header)) break;
      const std::uint64_t length = little(header + 4, 4);
      const std::uint64_t end = reader_.offset() + length + (length & 1);
      if (auto done = chunk(base::as_text({header, 4}), length); !done) return fail(std::move(done.error()));
      reader_.seek(end);
      if (simple_) break;  // nothing follows a bare bit stream
    }
    return finish();
  }

 private:
  Result<> chunk(std::string_view name, std::uint64_t length) {
    if (name == "VP8X") return extended();
    if (name == "ICCP") return keep(length, icc_);
    if (name == "EXIF") return keep(length, index_->metadata.exif);
    if (name == "XMP ") return keep(length, index_->metadata.xmp);
    if (name == "ANMF" && !framed_) return animation_frame(length);
    if ((name == "VP8 " || name == "VP8L") && !framed_) {
      simple_ = canvas_.empty();
      framed_ = true;
      return features({0, file_.size()});
    }
    return {};
  }

  Result<> extended() {
    std::uint8_t raw[10];
    if (!reader_.read(raw)) return damaged("VP8X");
    canvas_ = {little(raw + 4, 3) + 1, little(raw + 7, 3) + 1};
    alpha_ = (raw[0] & 0x10) != 0;
    return {};
  }

  Result<> keep(std::uint64_t length, base::Bytes& out) {
    if (!out.empty() || length > limits_.max_metadata || length > reader_.remaining()) return {};
    out.resize(length);
    if (!reader_.read(out)) out.clear();
    return {};
  }

  Result<> animation_frame(std::uint64_t length) {
    std::uint8_t raw[16];
    if (length < 24 || !reader_.read(raw)) return damaged("ANMF");
    framed_ = true;
    const std::uint64_t start = reader_.offset();
    if (start >= file_.size()) return damaged("ANMF");
    index_->stream = {start, std::min(length - 16, file_.size() - start)};
    if (auto known = features(index_->stream); !known) return known;
    index_->frame.x = little(raw, 3) * 2;
    index_->frame.y = little(raw + 3, 3) * 2;
    return {};
  }

  Result<> features(base::ByteRange stream) {
    // Alpha and other chunks may stand before the bit stream; libwebp asks for more until it has seen it.
    WebPBitstreamFeatures found;
    VP8StatusCode status = VP8_STATUS_NOT_ENOUGH_DATA;
    for (std::uint64_t size = kHead; status == VP8_STATUS_NOT_ENOUGH_DATA; size *= 8) {
      base::Bytes head(std::min(size, stream.length));
      if (!file_.read(stream.offset, head)) return damaged("short");
      status = WebPGetFeatures(head.data(), head.size(), &found);
      if (head.size() == stream.length) break;
      if (head.size() > limits_.max_metadata) break;
    }
    if (status != VP8_STATUS_OK) return damaged("bit stream");
    index_->frame = {0, 0, static_cast<std::uint32_t>(found.width), static_cast<std::uint32_t>(found.height)};
    alpha_ = alpha_ || found.has_alpha != 0;
    return {};
  }

  Result<IndexPtr> finish() {
    if (!framed_) return damaged("no picture");
    Page page;
    page.size = canvas_.empty() ? index_->frame.size() : canvas_;
    if (page.size.area() > limits_.max_pixels)
      return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
    if (!image::Rect::of(page.size).contains(index_->frame)) return damaged("frame outside the canvas");
    page.pixels = alpha_ || index_->frame.size() != page.size ? image::kRgba8 : image::kRgb8;
    page.levels = {{page.size, {}, true}};
    base::Bytes& exif = index_->metadata.exif;
    if (base::as_text(exif).starts_with("Exif"))
      exif.erase(exif.begin(), exif.begin() + std::min<std::ptrdiff_t>(6, std::ssize(exif)));
    page.orientation = exif_orientation(exif);
    page.icc = base::share(std::move(icc_));
    index_->pages.push_back(std::move(page));
    return std::move(index_);
  }

  const base::ByteSource& file_;
  const Limits& limits_;
  ByteReader reader_;
  std::shared_ptr<WebpIndex> index_ = std::make_shared<WebpIndex>();
  image::Size canvas_;
  base::Bytes icc_;
  bool alpha_ = false;
  bool framed_ = false;
  bool simple_ = false;
};

class WebpDecoder final : public Decoder {
 public:
  Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const override {
    return Walk(file, limits).run();
  }

  Result<Plan> plan(const Index& index, const Request& request, const Limits& limits) const override {
    const auto& webp = static_cast<const WebpIndex&>(index);
    if (webp.stream.length > limits.max_whole_file)
      return fail(ErrorCode::resource_limit, "The file is larger than the server allows.");
    Plan plan = choose_level(index.pages.at(request.page), request);
    plan.ranges = {webp.stream};
    plan.cost.bytes_read = webp.stream.length;
    plan.cost.pixels = std::uint64_t{webp.frame.width} * plan.area.bottom();
    // Lossless streams are held whole.
    plan.cost.memory += webp.stream.length + webp.frame.size().area() * 4;
    return plan;
  }

  Result<image::Pixels> decode(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                               const Limits& limits, const base::CancelToken& cancel) const override {
    if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
    const auto& webp = static_cast<const WebpIndex&>(index);
    base::Bytes storage;
    base::ByteView data = bytes.view(webp.stream);
    if (data.empty()) {
      storage.resize(webp.stream.length);
      if (auto read = bytes.read(webp.stream.offset, storage); !read) return fail(std::move(read.error()));
      data = storage;
    }
    auto pixels = image::Pixels::allocate(plan.area.size(), index.pages.at(plan.page).pixels, limits.max_decode_bytes);
    if (!pixels) return pixels;
    if (pixels->format().alpha) std::memset(pixels->row(0), 0, pixels->bytes().size());
    if (auto drawn = draw(webp.frame, plan.area, data, *pixels, limits); !drawn) return fail(std::move(drawn.error()));
    return pixels;
  }

 private:
  // The part of the frame that lies in the area.
  static Result<> draw(const image::Rect& frame, const image::Rect& area, base::ByteView data, image::Pixels& pixels,
                       const Limits& limits) {
    const std::uint32_t left = std::max(frame.x, area.x);
    const std::uint32_t top = std::max(frame.y, area.y);
    const std::uint64_t right = std::min(frame.right(), area.right());
    const std::uint64_t bottom = std::min(frame.bottom(), area.bottom());
    if (left >= right || top >= bottom) return {};
    // libwebp crops at even places only, and smooth chroma wants its neighbours.
    const std::uint32_t crop_x = (left - frame.x) & ~1U;
    const std::uint32_t from_x = crop_x >= 2 ? crop_x - 2 : 0;
    const std::uint32_t crop_y = (top - frame.y) & ~1U;
    const std::uint32_t from_y = crop_y >= 2 ? crop_y - 2 : 0;
    const auto width = static_cast<std::uint32_t>(std::min<std::uint64_t>(right + 2, frame.right()) - frame.x - from_x);
    const auto height =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(bottom + 2, frame.bottom()) - frame.y - from_y);
    auto cut = image::Pixels::allocate({width, height}, pixels.format(), limits.max_decode_bytes);
    if (!cut) return fail(std::move(cut.error()));
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0)
      return fail(ErrorCode::internal, "The picture could not be read.", "libwebp does not fit");
    config.options.use_cropping = 1;
    config.options.crop_left = static_cast<int>(from_x);
    config.options.crop_top = static_cast<int>(from_y);
    config.options.crop_width = static_cast<int>(width);
    config.options.crop_height = static_cast<int>(height);
    config.output.colorspace = pixels.format().alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = {cut->row(0), static_cast<int>(cut->stride()), cut->bytes().size()};
    std::memset(cut->row(0), 0, cut->bytes().size());
    const VP8StatusCode status = WebPDecode(data.data(), data.size(), &config);
    WebPFreeDecBuffer(&config.output);
    if (status == VP8_STATUS_OUT_OF_MEMORY)
      return fail(ErrorCode::resource_limit, "There is no memory to read the picture.");
    if (status != VP8_STATUS_OK) return damaged("bit stream");
    const std::size_t pixel = pixels.format().bytes_per_pixel();
    for (std::uint32_t y = top; y < bottom; ++y) {
      std::memcpy(pixels.row(y - area.y) + (left - area.x) * pixel,
                  cut->row(y - frame.y - from_y) + (left - frame.x - from_x) * pixel, (right - left) * pixel);
    }
    return {};
  }
};

}  // namespace

const Decoder& webp_decoder() {
  static const WebpDecoder decoder;
  return decoder;
}

}  // namespace armarium::codec
