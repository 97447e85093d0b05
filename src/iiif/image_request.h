#pragma once
// Image API 3.0 and 2.1.1 requests as values: parsed from four path segments, resolved against a picture to pixels, written back in canonical
// form. Pure; any thread. Errors: invalid_argument (does not parse, meaningless), over_limit (past maxWidth/maxHeight/maxArea), unsupported (feature off).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "iiif/image_limits.h"
#include "image/geometry.h"

namespace armarium::iiif {

enum class ImageVersion : int { v2 = 2, v3 = 3 };

enum class Quality { default_, color, gray, bitonal };
std::string_view name_of(Quality quality) noexcept;  // as the address spells it

// Image API 3.0, 4.1. Numbers that do not fit 64 bits are held at the largest value: they are cropped or refused anyway.
struct RegionSpec {
  enum class Kind { full, square, pixels, percent };
  Kind kind = Kind::full;
  std::array<std::uint64_t, 4> pixels{};  // x, y, w, h
  std::array<double, 4> percent{};
};

// Image API 3.0, 4.2; `full` exists in 2.1.1 only, `upscale` (the caret) in 3.0 only.
struct SizeSpec {
  enum class Kind { full, max, width, height, width_height, confined, percent };
  Kind kind = Kind::max;
  bool upscale = false;
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  double percent = 100;
};

// As asked, syntax checked, nothing computed.
struct ImageRequest {
  ImageVersion version = ImageVersion::v3;
  RegionSpec region;
  SizeSpec size;
  bool mirror = false;
  double rotation = 0;  // [0, 360), a millionth of a degree at the finest
  Quality quality = Quality::default_;
  std::string format;  // one that the Image API names, as it spells it: "jpg"

  // Each segment percent-decoded already; the last is "quality.format". An unknown quality or format is invalid_argument.
  static base::Result<ImageRequest> parse(ImageVersion version, std::string_view region, std::string_view size,
                                          std::string_view rotation, std::string_view quality_format);
};

// What the server can do for one picture; info.json announces the same.
struct ImageCapabilities {
  image::Size full;        // upright
  SizeLimits limits;       // see default_limits
  bool upscaling = true;   // within limits (v3: the caret, v2: sizeAboveFull)
  bool has_colour = true;  // false: grey or 1 bit; `color` answers as default but is not listed
};

// Numbers only: what the pipeline does. Qualities that give the same pixels as default are default.
struct ResolvedRequest {
  image::Rect region;  // in full-size pixels, inside the picture
  image::Size size;    // after scaling, before rotation
  bool mirror = false;
  double rotation = 0;  // [0, 360)
  Quality quality = Quality::default_;
  std::string format;  // as the address spells it, "jpg"
  friend bool operator==(const ResolvedRequest&, const ResolvedRequest&) = default;
};

base::Result<ResolvedRequest> resolve(const ImageRequest& request, const ImageCapabilities& capabilities);

// "region/size/rotation/quality.format" in the canonical form of the version (3.0: 4.7, 2.1.1: 4.7), the caret as %5E.
std::string canonical_path(ImageVersion version, const ResolvedRequest& request, const ImageCapabilities& capabilities);

}  // namespace armarium::iiif
