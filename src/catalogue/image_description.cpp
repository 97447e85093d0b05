#include "catalogue/image_description.h"

#include <algorithm>

namespace armarium::catalogue {

iiif::SizeLimits effective_limits(const Asset& asset) {
  return asset.limits.any() ? asset.limits : iiif::default_limits(asset.size, kLargestOutput);
}

iiif::ImageDescription describe(const Asset& asset, const std::vector<std::string>& output_formats) {
  iiif::ImageCapabilities capabilities;
  capabilities.full = asset.size;
  capabilities.limits = effective_limits(asset);
  capabilities.has_colour = asset.has_colour;
  iiif::ImageDescription description =
      iiif::describe_image(capabilities, asset.tile, asset.stored_levels, output_formats);
  description.rights = asset.rights;
  description.preferred_formats =
      asset.bitonal ? std::vector<std::string>{"png", "jpg"} : std::vector<std::string>{"jpg"};
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
