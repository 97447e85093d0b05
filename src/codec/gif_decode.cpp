// GIF by giflib. Of an animation the first frame is the page.

#include <cstring>

#include <gif_lib.h>

#include "base/log.h"
#include "codec/byte_reader.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

struct GifIndex final : Index {
  image::Rect frame;
  bool interlaced = false;
  int transparent = NO_TRANSPARENT_COLOR;
};

tl::unexpected<base::Error> damaged(std::string_view what) {
  return fail(ErrorCode::corrupt, "The GIF file is damaged.", std::string(what));
}

// giflib reading from a byte source, up to the pixels of the first frame.
class GifFile {
 public:
  explicit GifFile(const base::ByteSource& source) : reader_(source, 0, 16384) {
    int error = 0;
    file_ = DGifOpen(&reader_, fill, &error);
  }
  ~GifFile() {
    int error = 0;
    if (file_ != nullptr) DGifCloseFile(file_, &error);
  }
  GifFile(const GifFile&) = delete;
  GifFile& operator=(const GifFile&) = delete;

  bool to_first_frame() {
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    while (file_ != nullptr && DGifGetRecordType(file_, &type) == GIF_OK) {
      if (type == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(file_) == GIF_OK;
      if (type == TERMINATE_RECORD_TYPE) return false;
      if (type == EXTENSION_RECORD_TYPE && !extension()) return false;
    }
    return false;
  }

  GifFileType* operator->() const { return file_; }
  GifFileType* get() const { return file_; }
  int transparent() const { return transparent_; }

 private:
  static int fill(GifFileType* file, GifByteType* out, int count) {
    auto* reader = static_cast<ByteReader*>(file->UserData);
    return count > 0 ? static_cast<int>(reader->some({out, static_cast<std::size_t>(count)})) : 0;
  }

  bool extension() {
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(file_, &code, &block) != GIF_OK) return false;
    while (block != nullptr) {
      GraphicsControlBlock control;
      if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
        transparent_ = control.TransparentColor;
      if (DGifGetExtensionNext(file_, &block) != GIF_OK) return false;
    }
    return true;
  }

  ByteReader reader_;
  GifFileType* file_ = nullptr;
  int transparent_ = NO_TRANSPARENT_COLOR;
};

// The frame's rows in the order of the file (GIF89a, appendix E).
class Rows {
 public:
  Rows(std::uint32_t height, bool interlaced) : height_(height), interlaced_(interlaced) {}
  std::uint32_t next() {
    const std::uint32_t row = row_;
    row_ += interlaced_ ? kSteps[pass_] : 1;
    while (interlaced_ && row_ >= height_ && pass_ < 3) row_ = kStarts[++pass_];
    return row;
  }

 private:
  static constexpr std::uint32_t kStarts[] = {0, 4, 2, 1};
  static constexpr std::uint32_t kSteps[] = {8, 8, 4, 2};
  std::uint32_t height_;
  bool interlaced_;
  std::uint32_t row_ = 0;
  int pass_ = 0;
};

class GifDecoder final : public Decoder {
 public:
  Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const override {
    GifFile gif(file);
    if (!gif.to_first_frame()) return damaged("no frame");
    auto index = std::make_shared<GifIndex>();
    index->format = Format::gif;
    index->file_size = file.size();
    index->version = file.version();
    const GifImageDesc& frame = gif->Image;
    if (frame.Width <= 0 || frame.Height <= 0 || frame.Left < 0 || frame.Top < 0) return damaged("empty frame");
    index->frame = {static_cast<std::uint32_t>(frame.Left), static_cast<std::uint32_t>(frame.Top),
                    static_cast<std::uint32_t>(frame.Width), static_cast<std::uint32_t>(frame.Height)};
    index->interlaced = frame.Interlace;
    index->transparent = gif.transparent();
    Page page;
    // Some writers leave the screen smaller than its first frame, or without a size.
    page.size = {std::max(static_cast<std::uint32_t>(std::max(0, gif->SWidth)),
                          static_cast<std::uint32_t>(index->frame.right())),
                 std::max(static_cast<std::uint32_t>(std::max(0, gif->SHeight)),
                          static_cast<std::uint32_t>(index->frame.bottom()))};
    if (page.size.area() > limits.max_pixels)
      return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
    const bool see_through = index->transparent != NO_TRANSPARENT_COLOR || index->frame.size() != page.size;
    page.pixels = see_through ? image::kRgba8 : image::kRgb8;
    page.levels = {{page.size, {}, true}};
    page.icc = base::share({});
    index->pages.push_back(std::move(page));
    return index;
  }

  Result<Plan> plan(const Index& index, const Request& request, const Limits&) const override {
    const auto& gif = static_cast<const GifIndex&>(index);
    Plan plan = choose_level(index.pages.at(request.page), request);
    plan.whole_file = true;  // read on to the last row that is wanted
    plan.cost.bytes_read = index.file_size;
    plan.cost.pixels = std::uint64_t{gif.frame.width} * (gif.interlaced ? gif.frame.bottom() : plan.area.bottom());
    return plan;
  }

  Result<image::Pixels> decode(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                               const Limits& limits, const base::CancelToken& cancel) const override {
    const auto& gif = static_cast<const GifIndex&>(index);
    GifFile file(bytes);
    if (!file.to_first_frame()) return damaged("no frame");
    const ColorMapObject* colours = file->Image.ColorMap != nullptr ? file->Image.ColorMap : file->SColorMap;
    if (colours == nullptr || colours->ColorCount <= 0) return damaged("no colours");
    if (file->Image.Width != static_cast<int>(gif.frame.width) ||
        file->Image.Height != static_cast<int>(gif.frame.height))
      return damaged("changed");
    auto pixels = image::Pixels::allocate(plan.area.size(), index.pages.at(plan.page).pixels, limits.max_decode_bytes);
    if (!pixels) return pixels;
    std::memset(pixels->row(0), 0, pixels->bytes().size());
    base::Bytes line(gif.frame.width);
    Rows rows(gif.frame.height, gif.interlaced);
    for (std::uint32_t i = 0; i < gif.frame.height; ++i) {
      const std::uint32_t y = gif.frame.y + rows.next();
      if (!gif.interlaced && y >= plan.area.bottom()) break;
      if (auto go = cancel.check(); i % 64 == 0 && !go) return fail(std::move(go.error()));
      if (DGifGetLine(file.get(), line.data(), static_cast<int>(line.size())) != GIF_OK) {
        if (i == 0) return damaged("no pixels");
        base::log::warning("GIF file is damaged, part of it is shown");
        break;
      }
      if (y >= plan.area.y && y < plan.area.bottom())
        draw(gif, plan.area, line, *colours, pixels->row(y - plan.area.y), pixels->format().alpha);
    }
    return pixels;
  }

 private:
  static void draw(const GifIndex& gif, const image::Rect& area, const base::Bytes& line, const ColorMapObject& colours,
                   std::uint8_t* out, bool alpha) {
    const std::size_t pixel = alpha ? 4 : 3;
    for (std::uint64_t x = std::max(area.x, gif.frame.x); x < std::min(area.right(), gif.frame.right()); ++x) {
      const int entry = line[x - gif.frame.x];
      if (alpha && entry == gif.transparent) continue;
      const GifColorType colour = entry < colours.ColorCount ? colours.Colors[entry] : GifColorType{0, 0, 0};
      std::uint8_t* at = out + (x - area.x) * pixel;
      at[0] = colour.Red;
      at[1] = colour.Green;
      at[2] = colour.Blue;
      if (alpha) at[3] = 255;
    }
  }
};

}  // namespace

const Decoder& gif_decoder() {
  static const GifDecoder decoder;
  return decoder;
}

}  // namespace armarium::codec
