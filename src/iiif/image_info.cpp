// The two spellings of info.json, members in the order in which the specifications list them.

#include "iiif/image_info.h"

#include "json/writer.h"

namespace armarium::iiif {
namespace {

using json::Writer;

template <class List>
void write_texts(Writer& out, std::string_view name, const List& texts) {
  if (texts.empty()) return;
  out.key(name).begin_array();
  for (const auto& text : texts) out.value(std::string_view(text));
  out.end_array();
}

void write_sizes(Writer& out, const std::vector<image::Size>& sizes) {
  if (sizes.empty()) return;
  out.key("sizes").begin_array();
  for (const image::Size size : sizes) {
    out.begin_object().member("width", size.width).member("height", size.height).end_object();
  }
  out.end_array();
}

void write_tiles(Writer& out, const std::vector<TileSet>& tiles) {
  if (tiles.empty()) return;
  out.key("tiles").begin_array();
  for (const TileSet& set : tiles) {
    out.begin_object().member("width", set.tile.width);
    if (set.tile.height != set.tile.width) out.member("height", set.tile.height);
    out.key("scaleFactors").begin_array();
    for (const std::uint32_t factor : set.scale_factors) out.value(factor);
    out.end_array().end_object();
  }
  out.end_array();
}

void write_limits(Writer& out, const SizeLimits& limits) {
  if (limits.max_width) out.member("maxWidth", *limits.max_width);
  if (limits.max_height) out.member("maxHeight", *limits.max_height);
  if (limits.max_area) out.member("maxArea", *limits.max_area);
}

void write_services(Writer& out, const std::vector<std::string>& services) {
  if (services.empty()) return;
  out.key("service").begin_array();
  for (const std::string& service : services) out.raw(service);
  out.end_array();
}

}  // namespace

// Image API 3.0, 5.1 to 5.8.
std::string write_info_3(const ImageDescription& description, std::string_view id) {
  const ImageCapabilities& picture = description.capabilities;
  Writer out;
  out.begin_object();
  out.member("@context", "http://iiif.io/api/image/3/context.json");
  out.member("id", id);
  out.member("type", "ImageService3");
  out.member("protocol", "http://iiif.io/api/image");
  out.member("profile", "level2");
  out.member("width", picture.full.width).member("height", picture.full.height);
  write_limits(out, picture.limits);
  write_sizes(out, description.sizes);
  write_tiles(out, description.tiles);
  if (!description.rights.empty()) out.member("rights", description.rights);
  write_texts(out, "preferredFormats", description.preferred_formats);
  write_texts(out, "extraFormats", description.extra_formats);
  write_texts(out, "extraQualities", description.extra_qualities);
  write_texts(out, "extraFeatures", extra_features_3(picture));
  write_services(out, description.service_json);
  out.end_object();
  return out.take();
}

// Image API 2.1.1, 5.2 to 5.6. bitonal is part of level 2 there, so only the other qualities are named.
std::string write_info_2(const ImageDescription& description, std::string_view id) {
  const ImageCapabilities& picture = description.capabilities;
  std::vector<std::string_view> qualities;
  for (const std::string& quality : description.extra_qualities) {
    if (quality != "bitonal") qualities.emplace_back(quality);
  }
  Writer out;
  out.begin_object();
  out.member("@context", "http://iiif.io/api/image/2/context.json");
  out.member("@id", id);
  out.member("@type", "iiif:Image");
  out.member("protocol", "http://iiif.io/api/image");
  out.member("width", picture.full.width).member("height", picture.full.height);
  write_sizes(out, description.sizes);
  write_tiles(out, description.tiles);
  out.key("profile").begin_array().value("http://iiif.io/api/image/2/level2.json");
  out.begin_object();
  write_texts(out, "formats", description.extra_formats);
  write_texts(out, "qualities", qualities);
  write_limits(out, picture.limits);
  write_texts(out, "supports", extra_features_2(picture));
  out.end_object().end_array();
  if (!description.rights.empty()) out.member("license", description.rights);
  write_services(out, description.service_json);
  out.end_object();
  return out.take();
}

}  // namespace armarium::iiif
