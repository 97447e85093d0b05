#pragma once
// Which pictures of a folder a document of others means: by the file name in the address of a picture or of its image service, by the label of a Canvas, or by their order. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/change_set.h"
#include "json/json.h"

namespace armarium::ingest {

struct PictureMatch {
  // For each Canvas of the document the place of the folder's own Canvas that it is; nothing: its pictures are elsewhere.
  std::vector<std::optional<std::size_t>> own{};
  // Places of the folder's Canvases of which the document says nothing.
  std::vector<std::size_t> left{};
};

// `tree`: a Manifest of the model (iiif/presentation/tree.h). What is found is marked in it (catalogue::kPictureMark), and a Canvas without an extent gets its picture's.
PictureMatch match_pictures(json::Object& tree, const catalogue::ManifestChange& folder);

// The names that the address of a picture or a service may mean, the most exact first: "https://host/iiif/2/box%2Fp1.jp2/full/max/0/default.jpg" → "box/p1.jp2", "p1.jp2", "p1".
std::vector<std::string> names_in_address(std::string_view address);

}  // namespace armarium::ingest
