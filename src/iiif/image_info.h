#pragma once
// info.json of both versions from one description of a picture; the same function names sizes and tiles that the pipeline serves. Pure; any thread.
// Image API 3.0, 5; 2.1.1, 5.

#include <string>
#include <vector>

#include "iiif/image_request.h"

namespace armarium::iiif {

struct TileSet {
  image::Size tile;
  std::vector<std::uint32_t> scale_factors;
};

// A service block to embed verbatim: JSON text of one object, written in this order after `rights`.
struct ImageDescription {
  ImageCapabilities capabilities;
  std::vector<image::Size> sizes;      // ascending, each within limits
  std::vector<TileSet> tiles;
  std::string rights;                  // URI or empty
  std::vector<std::string> preferred_formats;
  std::vector<std::string> extra_formats;    // beyond jpg and png (level 2)
  std::vector<std::string> extra_qualities;  // beyond default
  std::vector<std::string> service_json;     // each one JSON object
};

// Fills sizes and tiles from the picture's own levels: `stored_tile` and the scale factors that halve (or that the pyramid has) down to one tile.
void describe_tiles(ImageDescription& description, image::Size stored_tile, const std::vector<image::Size>& stored_levels);

// `id` is the service's address without a slash at its end. Key order: @context first.
std::string write_info_3(const ImageDescription& description, std::string_view id);
std::string write_info_2(const ImageDescription& description, std::string_view id);

}  // namespace armarium::iiif
