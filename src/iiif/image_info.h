#pragma once
// info.json of both versions from one description of a picture; the same function names sizes and tiles that the pipeline serves. Pure; any thread.
// Image API 3.0, 5; 2.1.1, 5.

#include <string>
#include <string_view>
#include <vector>

#include "iiif/image_request.h"

namespace armarium::iiif {

struct TileSet {
  image::Size tile;
  std::vector<std::uint32_t> scale_factors;
};

struct ImageDescription {
  ImageCapabilities capabilities;
  std::vector<image::Size> sizes;  // ascending, each within limits
  std::vector<TileSet> tiles;
  std::string rights;  // URI or empty
  std::vector<std::string> preferred_formats;
  std::vector<std::string> extra_formats;    // beyond jpg and png (level 2)
  std::vector<std::string> extra_qualities;  // beyond default
  std::vector<std::string> service_json;     // each one JSON object, written as it is
};

// Everything that follows from the picture and the encoders at hand: sizes, tiles, formats, qualities. `output_formats` as the
// pipeline gives them; rights, preferred formats and services are the caller's to add.
ImageDescription describe_image(const ImageCapabilities& capabilities, image::Size stored_tile,
                                const std::vector<image::Size>& stored_levels,
                                const std::vector<std::string>& output_formats);

// Fills sizes and tiles. Tiles are the stored ones where they suit viewers (128 to 1024 pixels), else 512 x 512, never past a limit; scale factors double
// until one tile holds the picture. Sizes are the levels that belong to them, down to about 128 pixels, and real pyramid levels of other sizes.
void describe_tiles(ImageDescription& description, image::Size stored_tile,
                    const std::vector<image::Size>& stored_levels);

// Features beyond level 2, sorted; every one works.
std::vector<std::string_view> extra_features_3(const ImageCapabilities& capabilities);
std::vector<std::string_view> extra_features_2(const ImageCapabilities& capabilities);

// `id` is the service's address without a slash at its end. Key order: @context first.
std::string write_info_3(const ImageDescription& description, std::string_view id);
std::string write_info_2(const ImageDescription& description, std::string_view id);

}  // namespace armarium::iiif
