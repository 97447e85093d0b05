// What info.json announces of a picture: sizes, tiles, formats, qualities, features.

#include <algorithm>
#include <cmath>

#include "iiif/image_info.h"

namespace armarium::iiif {
namespace {

using image::Size;

constexpr std::uint32_t kSmallestStoredTile = 128;
constexpr std::uint32_t kLargestStoredTile = 1024;
constexpr std::uint32_t kUsualTile = 512;
constexpr std::uint32_t kSmallestTile = 16;   // below this, limits leave no sensible tile
constexpr std::uint32_t kSmallestSize = 128;  // of the longer side of the smallest entry of `sizes`, about

bool suits(std::uint32_t side) noexcept { return side >= kSmallestStoredTile && side <= kLargestStoredTile; }

Size tile_for(Size stored, const SizeLimits& limits) noexcept {
  const Size wanted = suits(stored.width) && suits(stored.height) ? stored : Size{kUsualTile, kUsualTile};
  Size tile = limits.shrink(wanted);
  if (tile != wanted) {
    // A power of two below the limit keeps the levels on whole pixels.
    std::uint32_t side = kUsualTile;
    while (side > std::min(tile.width, tile.height)) side /= 2;
    tile = {side, side};
  }
  return tile;
}

std::vector<std::uint32_t> factors_for(Size full, Size tile) {
  std::vector<std::uint32_t> factors;
  for (std::uint32_t factor = 1;; factor *= 2) {
    factors.push_back(factor);
    const Size level = image::level_size(full, factor);
    if ((level.width <= tile.width && level.height <= tile.height) || factor >= (1U << 30)) return factors;
  }
}

// Levels of a pyramid are rounded in many ways: one pixel or one percent apart is the same level.
bool close(std::uint32_t a, std::uint32_t b) noexcept {
  const std::uint32_t distance = a > b ? a - b : b - a;
  return distance <= 1 || distance * std::uint64_t{100} <= a;
}
bool close(Size a, Size b) noexcept { return close(a.width, b.width) && close(a.height, b.height); }

std::vector<Size> sizes_for(Size full, const SizeLimits& limits, const std::vector<Size>& stored_levels) {
  std::vector<Size> sizes;
  auto add = [&](Size size) {
    if (limits.allows(size) &&
        std::none_of(sizes.begin(), sizes.end(), [&](Size other) { return close(other, size); })) {
      sizes.push_back(size);
    }
  };
  for (std::uint32_t factor = 1; factor < (1U << 30); factor *= 2) {
    const Size level = image::level_size(full, factor);
    if (factor > 1 && std::max(level.width, level.height) < kSmallestSize) break;
    add(level);
  }
  for (const Size level : stored_levels) {
    if (!level.empty() && level.width <= full.width && level.height <= full.height) add(level);
  }
  std::sort(sizes.begin(), sizes.end(), [](Size a, Size b) { return a.area() < b.area(); });
  return sizes;
}

}  // namespace

void describe_tiles(ImageDescription& description, Size stored_tile, const std::vector<Size>& stored_levels) {
  const Size full = description.capabilities.full;
  const SizeLimits& limits = description.capabilities.limits;
  description.sizes = sizes_for(full, limits, stored_levels);
  description.tiles.clear();
  const Size tile = tile_for(stored_tile, limits);
  if (std::min(tile.width, tile.height) < kSmallestTile) return;
  description.tiles.push_back({tile, factors_for(full, tile)});
}

ImageDescription describe_image(const ImageCapabilities& capabilities, Size stored_tile,
                                const std::vector<Size>& stored_levels,
                                const std::vector<std::string>& output_formats) {
  ImageDescription description;
  description.capabilities = capabilities;
  describe_tiles(description, stored_tile, stored_levels);
  for (const std::string& format : output_formats) {
    if (format != "jpg" && format != "png") description.extra_formats.push_back(format);
  }
  // `color` only where there is colour (3.0, 4.4); it answers all the same.
  if (capabilities.has_colour) description.extra_qualities.emplace_back("color");
  description.extra_qualities.emplace_back("gray");
  description.extra_qualities.emplace_back("bitonal");
  return description;
}

std::vector<std::string_view> extra_features_3(const ImageCapabilities& capabilities) {
  std::vector<std::string_view> features = {"canonicalLinkHeader", "mirroring", "profileLinkHeader",
                                            "rotationArbitrary"};
  if (capabilities.upscaling && capabilities.limits.any()) features.emplace_back("sizeUpscaling");
  return features;
}

std::vector<std::string_view> extra_features_2(const ImageCapabilities& capabilities) {
  std::vector<std::string_view> features = {"canonicalLinkHeader", "mirroring", "profileLinkHeader", "regionSquare",
                                            "rotationArbitrary"};
  if (capabilities.upscaling) features.emplace_back("sizeAboveFull");
  return features;
}

}  // namespace armarium::iiif
