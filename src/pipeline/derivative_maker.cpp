#include "pipeline/derivative_maker.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "codec/jpeg_tiles.h"
#include "codec/pyramid_writer.h"
#include "image/operations.h"

namespace armarium::pipeline {
namespace {

using base::fail;
using base::Result;
using image::Pixels;
using image::Rect;
using image::Size;

constexpr int kQuality = 89;  // visually lossless at 4:2:0
constexpr std::uint64_t kBandBytes = std::uint64_t{12}
                                     << 20;  // of pixels; about four times as much is held at the peak
constexpr std::uint32_t kTile = 512;

// The tile that info.json announces for such a source (iiif::describe_tiles): its own where it suits viewers.
std::uint32_t tile_of(const codec::Picture& picture, std::uint32_t page) {
  const Size own = picture.levels(page).front().tile;
  const bool suits = own.width == own.height && own.width >= 128 && own.width <= 1024 && own.width % 16 == 0;
  return suits ? own.width : kTile;
}

// Rows of one page for a PyramidWriter.
class Rows {
 public:
  Rows(const OpenedPicture& source, std::uint32_t page, const base::CancelToken& cancel)
      : source_(source), page_(page), cancel_(cancel) {}

  // Of the full size, in display colours.
  Result<Pixels> display(const Rect& rows) const {
    auto plan = source_.picture->plan({page_, rows, rows.size()});
    if (!plan) return fail(std::move(plan.error()));
    auto pixels = source_.picture->read(*plan, *source_.file, cancel_);
    if (!pixels) return pixels;
    pixels = image::to_display(std::move(*pixels), *source_.picture->page(page_).icc, cancel_);
    if (!pixels) return pixels;
    const Rect inside{static_cast<std::uint32_t>(plan->window.x), static_cast<std::uint32_t>(plan->window.y),
                      rows.width, rows.height};
    if (inside == Rect::of(pixels->size())) return pixels;
    return image::crop(*pixels, inside);
  }
  // Of the half size, in the colours of the file.
  Result<Pixels> half(const Rect& rows) const {
    codec::Request request;
    request.page = page_;
    request.block = {1, rows};
    auto plan = source_.picture->plan(request);
    if (!plan) return fail(std::move(plan.error()));
    return source_.picture->read_stored(*plan, *source_.file, cancel_);
  }

 private:
  const OpenedPicture& source_;
  std::uint32_t page_;
  const base::CancelToken& cancel_;
};

// A band from `read` after the other, as many rows of tiles at a time as fit.
template <class Read>
Result<> write_bands(codec::PyramidWriter& writer, Size size, std::uint32_t tile, const Read& read,
                     const base::CancelToken& cancel) {
  const std::uint64_t tile_rows = std::max<std::uint64_t>(1, kBandBytes / (std::uint64_t{size.width} * 3 * tile));
  for (std::uint32_t y = 0; y < size.height;) {
    const auto height = static_cast<std::uint32_t>(std::min<std::uint64_t>(size.height - y, tile_rows * tile));
    auto band = read(Rect{0, y, size.width, height});
    if (!band) return fail(std::move(band.error()));
    for (std::uint32_t top = 0; top < height;) {
      const std::uint32_t rows = writer.next_rows();
      auto part = image::crop(*band, {0, top, size.width, rows});
      if (!part) return fail(std::move(part.error()));
      if (auto added = writer.add(*part, cancel); !added) return added;
      top += rows;
    }
    y += height;
  }
  return writer.finish();
}

// Whether tiles of such a JPEG file show the same colours once they stand alone.
bool keeps_colours(const codec::Page& page) {
  return image::is_display(page.pixels, *page.icc) ||
         (page.icc->size() <= codec::kLargestStoredProfile && image::has_usable_profile(page.pixels, *page.icc));
}

// An upright JPEG file that can be cut.
struct FileToCut {
  base::Bytes bytes;
  std::optional<codec::JpegTiles> tiles;  // nothing: it cannot
};
Result<FileToCut> file_to_cut(const OpenedPicture& source, std::uint32_t number, std::uint32_t tile) {
  const codec::Page& page = source.picture->page(number);
  FileToCut file;
  if (source.picture->format() != codec::Format::jpeg || page.orientation != 1 || page.levels.size() < 2 ||
      !keeps_colours(page)) {
    return file;
  }
  file.bytes.resize(source.file->size());
  if (auto read = source.file->read(0, file.bytes); !read) return fail(std::move(read.error()));
  file.tiles = codec::jpeg_tiles(file.bytes, tile);
  return file;
}

}  // namespace

std::string DerivativeRecipe::text() const {
  return fmt::format("{}-{}", kVersion, lossless ? std::string("lossless") : std::to_string(kQuality));
}

Result<> make_derivative(const OpenedPicture& source, std::uint32_t page, const DerivativeRecipe& recipe,
                         base::ByteSink& sink, const base::CancelToken& cancel) {
  const Rows rows(source, page, cancel);
  codec::Pyramid pyramid;
  pyramid.size = source.picture->size(page);
  pyramid.tile = tile_of(*source.picture, page);
  pyramid.quality = kQuality;
  pyramid.lossless = recipe.lossless;
  auto jpeg = file_to_cut(source, page, pyramid.tile);
  if (!jpeg) return fail(std::move(jpeg.error()));
  if (jpeg->tiles) {
    const codec::Page& description = source.picture->page(page);
    pyramid.format = description.pixels;
    if (!image::is_display(description.pixels, *description.icc)) pyramid.icc = *description.icc;
    pyramid.full = jpeg->tiles->chroma;
    codec::PyramidWriter writer(sink, pyramid);
    const auto add = [&writer](const base::Bytes& tile) { return writer.add_tile(tile); };
    if (auto cut = codec::cut_jpeg_tiles(jpeg->bytes, pyramid.tile, add, cancel); !cut) return cut;
    jpeg->bytes = {};
    const auto half = [&rows](const Rect& area) { return rows.half(area); };
    return write_bands(writer, description.levels[1].size, pyramid.tile, half, cancel);
  }
  const bool grey = source.picture->page(page).pixels.model == image::ColourModel::grey;
  pyramid.format = grey ? image::kGrey8 : image::kRgb8;
  codec::PyramidWriter writer(sink, pyramid);
  const auto full = [&rows](const Rect& area) { return rows.display(area); };
  return write_bands(writer, pyramid.size, pyramid.tile, full, cancel);
}

}  // namespace armarium::pipeline
