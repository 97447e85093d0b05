// The syntax of the four parameters. Strict: digits and one dot, nothing that strtod would also take.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "iiif/image_request.h"

namespace armarium::iiif {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t kLongestNumber = 64;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// A non-negative integer; one too large for 64 bits becomes the largest.
std::optional<std::uint64_t> parse_integer(std::string_view text) noexcept {
  if (text.empty() || text.size() > kLongestNumber || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc::result_out_of_range ? std::numeric_limits<std::uint64_t>::max() : value;
}

// Digits with at most one dot anywhere ("41.6", "7", ".5", "90."), as XML Schema's decimal without a sign.
std::optional<double> parse_decimal(std::string_view text) noexcept {
  if (text.empty() || text.size() > kLongestNumber || std::none_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  if (std::count(text.begin(), text.end(), '.') > 1) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; })) return std::nullopt;
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// "a,b,c,d" as exactly four numbers.
template <class Number, class Parse>
std::optional<std::array<Number, 4>> parse_four(std::string_view text, Parse parse) {
  std::array<Number, 4> numbers{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t comma = text.find(',');
    if ((comma == std::string_view::npos) != (i == 3)) return std::nullopt;
    const auto number = parse(text.substr(0, comma));
    if (!number) return std::nullopt;
    numbers.at(i) = *number;
    if (i < 3) text.remove_prefix(comma + 1);
  }
  return numbers;
}

base::Result<RegionSpec> parse_region(std::string_view text) {
  RegionSpec region;
  if (text == "full") return region;
  if (text == "square") {
    region.kind = RegionSpec::Kind::square;
    return region;
  }
  if (text.starts_with("pct:")) {
    if (const auto numbers = parse_four<double>(text.substr(4), parse_decimal)) {
      region.kind = RegionSpec::Kind::percent;
      region.percent = *numbers;
      return region;
    }
  } else if (const auto numbers = parse_four<std::uint64_t>(text, parse_integer)) {
    region.kind = RegionSpec::Kind::pixels;
    region.pixels = *numbers;
    return region;
  }
  return fail(ErrorCode::invalid_argument, "The region must be full, square, x,y,w,h or pct:x,y,w,h.");
}

// "w,", ",h", "w,h" and "!w,h", after the caret.
bool parse_sides(std::string_view text, SizeSpec& size) {
  const bool confined = text.starts_with('!');
  if (confined) text.remove_prefix(1);
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return false;
  const std::string_view left = text.substr(0, comma);
  const std::string_view right = text.substr(comma + 1);
  const auto width = parse_integer(left);
  const auto height = parse_integer(right);
  if ((!left.empty() && !width) || (!right.empty() && !height)) return false;
  size.width = width.value_or(0);
  size.height = height.value_or(0);
  if (width && height) {
    size.kind = confined ? SizeSpec::Kind::confined : SizeSpec::Kind::width_height;
  } else if (confined || (!width && !height)) {
    return false;
  } else {
    size.kind = width ? SizeSpec::Kind::width : SizeSpec::Kind::height;
  }
  return true;
}

base::Result<SizeSpec> parse_size(ImageVersion version, std::string_view text) {
  SizeSpec size;
  std::string_view rest = text;
  if (version == ImageVersion::v3 && rest.starts_with('^')) {
    size.upscale = true;
    rest.remove_prefix(1);
  }
  if (rest == "max") return size;
  if (rest == "full" && version == ImageVersion::v2) {
    size.kind = SizeSpec::Kind::full;
    return size;
  }
  if (rest.starts_with("pct:")) {
    if (const auto percent = parse_decimal(rest.substr(4))) {
      size.kind = SizeSpec::Kind::percent;
      size.percent = *percent;
      return size;
    }
  } else if (parse_sides(rest, size)) {
    return size;
  }
  if (version == ImageVersion::v2) {
    return fail(ErrorCode::invalid_argument, "The size must be full, max, w, or ,h or w,h or !w,h or pct:n.");
  }
  return fail(ErrorCode::invalid_argument,
              "The size must be max, w, or ,h or w,h or !w,h or pct:n, with or without a ^ before it.");
}

base::Result<> parse_rotation(std::string_view text, ImageRequest& request) {
  request.mirror = text.starts_with('!');
  const auto degrees = parse_decimal(request.mirror ? text.substr(1) : text);
  if (!degrees || *degrees > 360) {
    return fail(ErrorCode::invalid_argument,
                "The rotation must be a number from 0 to 360, with or without a ! before it.");
  }
  constexpr double kStep = 1e6;
  request.rotation = std::round(*degrees * kStep) / kStep;
  if (request.rotation >= 360) request.rotation = 0;
  return {};
}

base::Result<> parse_quality_format(std::string_view text, ImageRequest& request) {
  const std::size_t dot = text.find('.');
  const std::string_view quality = text.substr(0, dot);
  const std::string_view format = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  bool known = false;
  for (const Quality candidate : {Quality::default_, Quality::color, Quality::gray, Quality::bitonal}) {
    if (quality != name_of(candidate)) continue;
    request.quality = candidate;
    known = true;
  }
  if (!known) return fail(ErrorCode::invalid_argument, "The quality must be default, color, gray or bitonal.");
  constexpr std::array<std::string_view, 9> kFormats = {"jpg", "png", "webp", "avif", "gif",
                                                        "tif", "jp2", "jxl",  "pdf"};
  if (std::find(kFormats.begin(), kFormats.end(), format) == kFormats.end()) {
    return fail(ErrorCode::invalid_argument, "The format must be one of those that info.json lists, after a dot.");
  }
  request.format = format;
  return {};
}

}  // namespace

std::string_view name_of(Quality quality) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"default", "color", "gray", "bitonal"};
  return kNames.at(static_cast<std::size_t>(quality));
}

base::Result<ImageRequest> ImageRequest::parse(ImageVersion version, std::string_view region, std::string_view size,
                                               std::string_view rotation, std::string_view quality_format) {
  ImageRequest request;
  request.version = version;
  auto parsed_region = parse_region(region);
  if (!parsed_region) return fail(std::move(parsed_region.error()));
  request.region = *parsed_region;
  const auto parsed_size = parse_size(version, size);
  if (!parsed_size) return fail(parsed_size.error());
  request.size = *parsed_size;
  if (auto parsed = parse_rotation(rotation, request); !parsed) return fail(std::move(parsed.error()));
  if (auto parsed = parse_quality_format(quality_format, request); !parsed) return fail(std::move(parsed.error()));
  return request;
}

}  // namespace armarium::iiif
