#pragma once
// What the server says of an asset's image service and what it does: the one place where an asset's record becomes limits, sizes, tiles and lists of
// formats. info.json, the services inside Manifests, thumbnails and the pipeline's checks all start here. Pure; any thread.

#include <string>
#include <vector>

#include "catalogue/records.h"
#include "iiif/image_info.h"

namespace armarium::catalogue {

// Limits of an asset: those of its description, else iiif::default_limits, whose area is at most kLargestOutput.
inline constexpr std::uint64_t kLargestOutput = std::uint64_t{65'500} * 65'500;
iiif::SizeLimits effective_limits(const Asset& asset);

// `output_formats` as the pipeline lists them ("jpg", "png", "webp", …).
iiif::ImageDescription describe(const Asset& asset, const std::vector<std::string>& output_formats);

// The entry of `sizes` that suits a thumbnail of about `wanted` pixels on its longer side: the smallest that is not smaller, else the largest.
image::Size thumbnail_size(const iiif::ImageDescription& description, std::uint32_t wanted);

}  // namespace armarium::catalogue
