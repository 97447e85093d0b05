#include "presentation/addresses.h"

#include <vector>

#include <fmt/format.h>

#include "base/uri.h"

namespace armarium::presentation {

std::string Addresses::below(std::string_view prefix, std::string_view identifier) const {
  return fmt::format("{}{}{}", base_, prefix, base::encode_segment(identifier));
}

std::string Addresses::presentation_prefix() const {
  if (style_ == Style::neutral) return base_ + "/iiif";
  return fmt::format("{}/iiif/presentation/{}", base_, static_cast<int>(version_));
}

std::string Addresses::expand(std::string_view local_id) const {
  constexpr std::string_view kPrefix = "/iiif";
  if (style_ == Style::neutral || !local_id.starts_with("/iiif/")) return base_ + std::string(local_id);
  // "/iiif/{id}/manifest", "/iiif/{id}/collection/2", "/iiif/collection": an identifier holds no slash.
  std::vector<std::string_view> segments;
  for (std::string_view rest = local_id.substr(kPrefix.size()); !rest.empty();) {
    rest.remove_prefix(1);
    const std::size_t end = rest.find('/');
    segments.push_back(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  const auto is_named = [&](std::size_t at) {
    return segments.size() > at && (segments[at] == "collection" || (at > 0 && segments[at] == "manifest"));
  };
  const bool top = is_named(0) && segments.size() <= 2;
  const bool of_item = is_named(1) && segments.size() <= 3;
  if (!top && !of_item) return base_ + std::string(local_id);
  return presentation_prefix() + std::string(local_id.substr(kPrefix.size()));
}

std::string Addresses::manifest(std::string_view identifier) const {
  return manifest_as_spelled(base::encode_segment(identifier));
}

std::string Addresses::collection(std::string_view identifier, std::size_t part) const {
  return collection_as_spelled(base::encode_segment(identifier), part);
}

std::string Addresses::manifest_as_spelled(std::string_view segment) const {
  return fmt::format("{}/{}/manifest", presentation_prefix(), segment);
}

std::string Addresses::collection_as_spelled(std::string_view segment, std::size_t part) const {
  std::string address = presentation_prefix();
  if (!segment.empty()) address.append(1, '/').append(segment);
  address += "/collection";
  if (part > 0) address += fmt::format("/{}", part);
  return address;
}

std::string Addresses::image(iiif::ImageVersion version, std::string_view identifier) const {
  return below(version == iiif::ImageVersion::v3 ? "/iiif/image/3/" : "/iiif/image/2/", identifier);
}

std::string Addresses::whole_image(iiif::ImageVersion version, std::string_view identifier) const {
  return fmt::format("{}/full/{}/0/default.jpg", image(version, identifier),
                     version == iiif::ImageVersion::v3 ? "max" : "full");
}

std::string Addresses::whole_image(iiif::ImageVersion version, std::string_view identifier, image::Size size) const {
  return fmt::format("{}/full/{},{}/0/default.jpg", image(version, identifier), size.width, size.height);
}

std::string Addresses::item(std::string_view identifier) const {
  return identifier.empty() ? base_ + "/" : below("/item/", identifier);
}

std::string Addresses::media(std::string_view identifier, std::string_view name) const {
  return fmt::format("{}/{}", below("/media/", identifier), base::encode_segment(name));
}

}  // namespace armarium::presentation
