// Any four segments against any picture: what resolves lies inside the picture and its limits, and its canonical form asks for the
// same again.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/uri.h"
#include "iiif/image_request.h"

namespace {

using armarium::iiif::ImageCapabilities;
using armarium::iiif::ImageRequest;
using armarium::iiif::ImageVersion;

void require(bool truth) {
  if (!truth) std::abort();
}

std::uint32_t take(const std::uint8_t*& data, std::size_t& size) {
  std::uint32_t value = 0;
  const std::size_t count = size < sizeof value ? size : sizeof value;
  std::memcpy(&value, data, count);
  data += count;
  size -= count;
  return value;
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '/' && parts.size() < 4) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  parts.resize(4);
  return parts;
}

void check(ImageVersion version, const std::string& path, const ImageCapabilities& picture) {
  const auto parts = split(path);
  const auto request = ImageRequest::parse(version, parts[0], parts[1], parts[2], parts[3]);
  if (!request) return;
  const auto resolved = armarium::iiif::resolve(*request, picture);
  if (!resolved) return;
  require(armarium::image::Rect::of(picture.full).contains(resolved->region));
  require(!resolved->region.size().empty() && !resolved->size.empty());
  require(picture.limits.allows(resolved->size));
  require(resolved->rotation >= 0 && resolved->rotation < 360);
  const std::string canonical = armarium::iiif::canonical_path(version, *resolved, picture);
  const auto decoded = armarium::base::percent_decode(canonical);
  require(decoded.has_value());
  const auto again = split(*decoded);
  const auto request_again = ImageRequest::parse(version, again[0], again[1], again[2], again[3]);
  require(request_again.has_value());
  const auto resolved_again = armarium::iiif::resolve(*request_again, picture);
  require(resolved_again.has_value());
  require(*resolved_again == *resolved);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ImageCapabilities picture;
  const std::uint32_t flags = take(data, size);
  // Pictures of any shape, but of sides that a file can have.
  picture.full = {take(data, size) % 3'000'000 + 1, take(data, size) % 3'000'000 + 1};
  picture.limits = armarium::iiif::default_limits(picture.full, 400'000'000);
  if ((flags & 1U) != 0) picture.limits.max_width = flags >> 8 | 1U;
  if ((flags & 2U) != 0) picture.limits.max_area = flags >> 4 | 1U;
  if ((flags & 4U) != 0) picture.limits = {};
  picture.upscaling = (flags & 8U) == 0;
  picture.has_colour = (flags & 16U) == 0;
  const std::string path(reinterpret_cast<const char*>(data), size);
  check(ImageVersion::v3, path, picture);
  check(ImageVersion::v2, path, picture);
  return 0;
}
