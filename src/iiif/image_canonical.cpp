// The one spelling of a request: Image API 3.0, 4.7, and 2.1.1, 4.7, which differ in size and in a rotation below 1.

#include <fmt/format.h>

#include "iiif/image_request.h"

namespace armarium::iiif {
namespace {

std::string canonical_region(const ResolvedRequest& request, const ImageCapabilities& picture) {
  const image::Rect& region = request.region;
  if (region == image::Rect::of(picture.full)) return "full";
  return fmt::format("{},{},{},{}", region.x, region.y, region.width, region.height);
}

std::string canonical_size_3(const ResolvedRequest& request, const ImageCapabilities& picture) {
  const image::Size region = request.region.size();
  const image::Size size = request.size;
  const bool enlarged = size.width > region.width || size.height > region.height;
  if (!enlarged && size == picture.limits.shrink(region)) return "max";
  if (enlarged && size == picture.limits.stretch(region)) return "%5Emax";
  return fmt::format("{}{},{}", enlarged ? "%5E" : "", size.width, size.height);
}

std::string canonical_size_2(const ResolvedRequest& request) {
  const image::Size region = request.region.size();
  const image::Size size = request.size;
  if (size == region) return "full";
  if (size.height == image::derived(size.width, region.width, region.height)) return fmt::format("{},", size.width);
  return fmt::format("{},{}", size.width, size.height);
}

std::string canonical_rotation(ImageVersion version, const ResolvedRequest& request) {
  std::string digits = fmt::format("{:.6f}", request.rotation);
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  if (version == ImageVersion::v2 && digits.starts_with("0.")) digits.erase(0, 1);
  return (request.mirror ? "!" : "") + digits;
}

}  // namespace

std::string canonical_path(ImageVersion version, const ResolvedRequest& request,
                           const ImageCapabilities& capabilities) {
  return fmt::format("{}/{}/{}/{}.{}", canonical_region(request, capabilities),
                     version == ImageVersion::v3 ? canonical_size_3(request, capabilities) : canonical_size_2(request),
                     canonical_rotation(version, request), name_of(request.quality), request.format);
}

}  // namespace armarium::iiif
