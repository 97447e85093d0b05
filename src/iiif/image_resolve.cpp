// From what was asked to pixels: Image API 3.0, 4.1 to 4.3, and the differences of 2.1.1.

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "iiif/image_request.h"

namespace armarium::iiif {
namespace {

using base::ErrorCode;
using base::fail;
using image::Rect;
using image::Size;

constexpr std::uint64_t kLargestSide = std::numeric_limits<std::uint32_t>::max();

// Nearest, half up; the small addition keeps a half that has no exact binary form (41.6 %) a half.
std::uint64_t part_of(std::uint32_t length, double percent) noexcept {
  const double exact = static_cast<double>(length) * percent / 100.0;
  if (exact >= static_cast<double>(kLargestSide)) return kLargestSide;
  return static_cast<std::uint64_t>(std::floor(exact + 0.5 + 1e-9));
}

base::Result<Rect> crop_to(Size full, std::uint64_t x, std::uint64_t y, std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return fail(ErrorCode::invalid_argument, "The region has no width or no height.");
  if (x >= full.width || y >= full.height) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("The region lies outside the picture, which has {} x {} pixels.", full.width, full.height));
  }
  return Rect{static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y),
              static_cast<std::uint32_t>(std::min<std::uint64_t>(width, full.width - x)),
              static_cast<std::uint32_t>(std::min<std::uint64_t>(height, full.height - y))};
}

base::Result<Rect> resolve_region(const RegionSpec& region, Size full) {
  switch (region.kind) {
    case RegionSpec::Kind::full: return Rect::of(full);
    case RegionSpec::Kind::square: {
      const std::uint32_t side = std::min(full.width, full.height);
      return Rect{(full.width - side) / 2, (full.height - side) / 2, side, side};
    }
    case RegionSpec::Kind::pixels:
      return crop_to(full, region.pixels[0], region.pixels[1], region.pixels[2], region.pixels[3]);
    case RegionSpec::Kind::percent:
      return crop_to(full, part_of(full.width, region.percent[0]), part_of(full.height, region.percent[1]),
                     part_of(full.width, region.percent[2]), part_of(full.height, region.percent[3]));
  }
  return fail(ErrorCode::internal, "The region is of an unknown kind.");
}

// Sides before limits and enlargement are judged; 0 where the request asks for nothing.
struct Wanted {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
};

std::uint64_t derived_side(std::uint64_t wanted, std::uint32_t along, std::uint32_t other) noexcept {
  return wanted == 0 ? 0 : image::derived(std::min(wanted, kLargestSide), along, other);
}

Wanted percent_of(const SizeSpec& size, Size region) noexcept {
  Wanted wanted{part_of(region.width, size.percent), part_of(region.height, size.percent)};
  // A strip keeps its one pixel; what vanishes on both sides was meaningless.
  if (wanted.width != 0 || wanted.height != 0) {
    wanted.width = std::max<std::uint64_t>(1, wanted.width);
    wanted.height = std::max<std::uint64_t>(1, wanted.height);
  }
  return wanted;
}

Wanted explicit_size(const SizeSpec& size, Size region) noexcept {
  switch (size.kind) {
    case SizeSpec::Kind::width: return {size.width, derived_side(size.width, region.width, region.height)};
    case SizeSpec::Kind::height: return {derived_side(size.height, region.height, region.width), size.height};
    case SizeSpec::Kind::width_height: return {size.width, size.height};
    case SizeSpec::Kind::percent: return percent_of(size, region);
    default: return {region.width, region.height};
  }
}

bool larger(Size size, Size region) noexcept { return size.width > region.width || size.height > region.height; }

base::Result<Size> not_enlarged(ImageVersion version, bool upscaling) {
  if (version == ImageVersion::v3 && !upscaling) {
    return fail(ErrorCode::unsupported, "This picture is not served larger than it is.");
  }
  return fail(ErrorCode::invalid_argument, version == ImageVersion::v3
                                               ? "The size is larger than the region; put a ^ before it to enlarge."
                                               : "The size is larger than the region.");
}

// "max" and "!w,h": the largest that fits, so that limits shrink instead of refusing.
base::Result<Size> resolve_fitting(const SizeSpec& size, bool enlarge, Size region, const ImageCapabilities& picture) {
  if (size.kind == SizeSpec::Kind::max)
    return size.upscale && enlarge ? picture.limits.stretch(region) : picture.limits.shrink(region);
  if (size.width == 0 || size.height == 0)
    return fail(ErrorCode::invalid_argument, "The size has no width or no height.");
  Size fitted = fit_into(region, size.width, size.height);
  if (larger(fitted, region) && !enlarge) fitted = region;
  return picture.limits.shrink(fitted);
}

base::Result<Size> resolve_size(ImageVersion version, const SizeSpec& size, Size region,
                                const ImageCapabilities& picture) {
  const bool may_enlarge = version == ImageVersion::v2 || size.upscale;
  if (size.kind == SizeSpec::Kind::max || size.kind == SizeSpec::Kind::confined) {
    auto fitted = resolve_fitting(size, may_enlarge, region, picture);
    if (fitted && larger(*fitted, region) && !picture.upscaling) {
      if (version == ImageVersion::v3) return not_enlarged(version, false);
      return resolve_fitting(size, false, region, picture);
    }
    return fitted;
  }
  const Wanted wanted = explicit_size(size, region);
  if (wanted.width == 0 || wanted.height == 0) {
    return fail(ErrorCode::invalid_argument, "The size has no width or no height.");
  }
  const Size result{static_cast<std::uint32_t>(std::min(wanted.width, kLargestSide)),
                    static_cast<std::uint32_t>(std::min(wanted.height, kLargestSide))};
  // 101 % may round to the same pixels, but asks for more than there is (3.0, 4.2).
  if (larger(result, region) || size.percent > 100) {
    if (!may_enlarge) return not_enlarged(version, true);
    if (!picture.upscaling) return not_enlarged(version, false);
  }
  if (!picture.limits.allows(result)) {
    return fail(ErrorCode::over_limit,
                "The size goes past maxWidth, maxHeight or maxArea, as info.json announces them.");
  }
  return result;
}

Quality resolve_quality(Quality quality, bool has_colour) noexcept {
  if (quality == Quality::color) return Quality::default_;
  if (quality == Quality::gray && !has_colour) return Quality::default_;
  return quality;
}

}  // namespace

base::Result<ResolvedRequest> resolve(const ImageRequest& request, const ImageCapabilities& picture) {
  if (picture.full.empty()) return fail(ErrorCode::internal, "The size of the picture is not known.");
  auto region = resolve_region(request.region, picture.full);
  if (!region) return fail(std::move(region.error()));
  auto size = resolve_size(request.version, request.size, region->size(), picture);
  if (!size) return fail(std::move(size.error()));
  ResolvedRequest resolved;
  resolved.region = *region;
  resolved.size = *size;
  resolved.mirror = request.mirror;
  resolved.rotation = request.rotation;
  resolved.quality = resolve_quality(request.quality, picture.has_colour);
  resolved.format = request.format;
  return resolved;
}

}  // namespace armarium::iiif
