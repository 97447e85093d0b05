#include "pipeline/stored_tile.h"

#include <algorithm>
#include <cstring>

#include "pipeline/tile_grid.h"

namespace armarium::pipeline {
namespace {

using image::Rect;
using image::Size;

bool asks_for_stored_form(const iiif::ResolvedRequest& request) {
  return !request.mirror && request.rotation == 0 &&
         (request.quality == iiif::Quality::default_ || request.quality == iiif::Quality::color) &&
         (request.format == "jpg" || request.format == "webp");
}

// Whether a level is the full size divided by `factor`, rounded in either direction.
bool is_level_of(Size full, Size level, std::uint32_t factor) {
  const auto near = [factor](std::uint32_t whole, std::uint32_t part) {
    return part == whole / factor || part == image::scaled_up(whole, factor);
  };
  return near(full.width, level.width) && near(full.height, level.height);
}

}  // namespace

std::optional<codec::StoredPicture> stored_tile(const codec::Picture& picture, std::uint32_t page_number,
                                                const iiif::ResolvedRequest& request) {
  if (!asks_for_stored_form(request)) return std::nullopt;
  const std::uint32_t factor = factor_between(request.region.size(), request.size);
  if (factor == 0 || request.region.x % factor != 0 || request.region.y % factor != 0) return std::nullopt;
  const codec::Page& page = picture.page(page_number);
  const Rect area{request.region.x / factor, request.region.y / factor, request.size.width, request.size.height};
  for (std::uint32_t level = 0; level < page.levels.size(); ++level) {
    if (!page.levels[level].stored || !is_level_of(page.size, page.levels[level].size, factor)) continue;
    auto tile = picture.stored(page_number, level, area);
    const bool same_format =
        tile && tile->format == (request.format == "jpg" ? codec::Format::jpeg : codec::Format::webp);
    // A part of a tile that has its like beside it is no tile: only at the level's edge is what is stored smaller than its box.
    const bool whole = tile && (area.width == tile->stored.width || area.right() == page.levels[level].size.width) &&
                       (area.height == tile->stored.height || area.bottom() == page.levels[level].size.height);
    if (!same_format || !whole) return std::nullopt;
    return tile;
  }
  return std::nullopt;
}

std::optional<base::Bytes> read_stored(const codec::StoredPicture& tile, const base::ByteSource& file, Reading how) {
  if (how == Reading::now && tile.narrower()) return std::nullopt;
  base::Bytes bytes(tile.head->size() + tile.range.length);
  std::copy(tile.head->begin(), tile.head->end(), bytes.begin());
  const std::span<std::uint8_t> rest = std::span(bytes).subspan(tile.head->size());
  const bool read =
      how == Reading::now ? file.read_now(tile.range.offset, rest) : file.read(tile.range.offset, rest).has_value();
  if (!read || !codec::complete(tile, bytes)) return std::nullopt;
  if (!tile.narrower()) return bytes;
  auto cut = codec::crop(tile, bytes);
  if (!cut) return std::nullopt;
  return std::move(*cut);
}

}  // namespace armarium::pipeline
