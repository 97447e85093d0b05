#include "catalogue/image_description.h"

#include <algorithm>

namespace armarium::catalogue {

iiif::SizeLimits effective_limits(const Asset& asset) {
  iiif::SizeLimits limits = asset.limits;
  if (limits.max_width || limits.max_height || limits.max_area) return limits;
  constexpr std::uint64_t kAlways = 4'000'000;
  constexpr std::uint64_t kEnlarged = 100'000'000;
  const std::uint64_t area = asset.size.area();
  const std::uint64_t enlarged = std::min(std::max(4 * area, kAlways), kEnlarged);
  limits.max_area = std::min(std::max(area, enlarged), kLargestOutput);
  return limits;
}

iiif::ImageDescription describe(const Asset& asset, const std::vector<std::string>& output_formats) {
  iiif::ImageDescription description;
  description.capabilities.full = asset.size;
  description.capabilities.limits = effective_limits(asset);
  description.capabilities.upscaling = true;
  description.capabilities.has_colour = asset.has_colour;
  description.rights = asset.rights;
  description.preferred_formats = asset.bitonal ? std::vector<std::string>{"png", "jpg"} : std::vector<std::string>{"jpg"};
  for (const std::string& format : output_formats) {
    if (format != "jpg" && format != "png") description.extra_formats.push_back(format);
  }
  if (asset.has_colour) description.extra_qualities.emplace_back("color");
  description.extra_qualities.emplace_back("gray");
  description.extra_qualities.emplace_back("bitonal");
  iiif::describe_tiles(description, asset.tile, asset.stored_levels);
  return description;
}

image::Size thumbnail_size(const iiif::ImageDescription& description, std::uint32_t wanted) {
  image::Size best;
  for (const image::Size size : description.sizes) {
    best = size;
    if (std::max(size.width, size.height) >= wanted) break;
  }
  return best.empty() ? description.capabilities.limits.shrink(description.capabilities.full) : best;
}

}  // namespace armarium::catalogue
