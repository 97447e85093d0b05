#pragma once
// info.yml of a folder and name.yml of a file: descriptions, and how the folder is to be read. A mistake in the file is named with its line and costs only the
// property it is in. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iiif/description.h"
#include "iiif/image_request.h"

namespace armarium::ingest {

struct TextProblem {
  int line = 0;  // 0: the whole file
  std::string reason;
};

struct Info {
  iiif::Description description;  // cleaned; origins are set to `origin`
  std::string id;
  bool publish = true;
  bool each_file = false;
  bool masters_public = false;
  bool embedded_all = false;
  std::vector<std::string> order;
  iiif::SizeLimits limits;
  std::optional<std::uint32_t> width;  // of the Canvas, in a `_canvas` folder of biiif; larger pictures widen it
  std::optional<std::uint32_t> height;
  json::Value ranges;  // null, or an array
  std::vector<TextProblem> problems;
};

// `origin` is what /status says of the values: "info.yml".
Info read_info(std::string_view text, std::string_view origin);

}  // namespace armarium::ingest
