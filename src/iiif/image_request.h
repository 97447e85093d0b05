#pragma once
// Image API 3.0 and 2.1.1 requests as values: parsed from four path segments, resolved against a picture to pixels, written back in canonical
// form. Pure; any thread. Errors: invalid_argument (does not parse, meaningless), over_limit (past maxWidth/maxHeight/maxArea), unsupported (feature off).

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "image/geometry.h"

namespace armarium::iiif {

enum class ImageVersion : int { v2 = 2, v3 = 3 };

// maxWidth, maxHeight, maxArea of Image API 3.0, 5.3. maxHeight absent with maxWidth present means the same value.
struct SizeLimits {
  std::optional<std::uint32_t> max_width;
  std::optional<std::uint32_t> max_height;
  std::optional<std::uint64_t> max_area;
  bool allows(image::Size size) const noexcept;
  // The largest size of the same ratio within the limits, not larger than `size`.
  image::Size shrink(image::Size size) const noexcept;
};

enum class Quality { default_, color, gray, bitonal };

// As asked, syntax checked, nothing computed.
struct ImageRequest {
  ImageVersion version = ImageVersion::v3;
  std::string region;
  std::string size;
  std::string rotation;
  std::string quality;
  std::string format;

  // Splits "region/size/rotation/quality.format" (segments percent-decoded already) and checks the syntax of each.
  static base::Result<ImageRequest> parse(ImageVersion version, std::string_view region, std::string_view size,
                                          std::string_view rotation, std::string_view quality_format);
};

// What the server can do for one picture; info.json announces the same.
struct ImageCapabilities {
  image::Size full;              // upright
  SizeLimits limits;
  bool upscaling = true;         // within limits (v3 caret; v2 sizeAboveFull)
  bool has_colour = true;        // false: grey or 1 bit, `color` answers as default but is not listed
  std::uint32_t max_upscale_side = 0;   // 0: limits only
};

// Numbers only: what the pipeline does.
struct ResolvedRequest {
  image::Rect region;            // in full-size pixels, inside the picture
  image::Size size;              // after scaling, before rotation
  bool mirror = false;
  double rotation = 0;           // [0, 360)
  Quality quality = Quality::default_;
  std::string format;            // as the address spells it, "jpg"
  friend bool operator==(const ResolvedRequest&, const ResolvedRequest&) = default;
};

base::Result<ResolvedRequest> resolve(const ImageRequest& request, const ImageCapabilities& capabilities);

// "region/size/rotation/quality.format" in the canonical form of the version (3.0: 4.7, 2.1: 4.7), percent-encoded.
std::string canonical_path(ImageVersion version, const ResolvedRequest& request, const ImageCapabilities& capabilities);

}  // namespace armarium::iiif
