#pragma once
// What the catalogue knows, as values without hosts or addresses: assets (a page of a file), canvases, manifests, collections. Identifiers follow the
// contract's folder grammar. A folder with files and folders is a collection and a manifest of one identifier; the top collection's identifier is empty,
// the root's own manifest is "_". Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iiif/description.h"
#include "iiif/image_request.h"
#include "image/geometry.h"

namespace armarium::catalogue {

using Revision = std::uint64_t;

// In a tree of a document (iiif/presentation/tree.h), on an Image: the identifier of the asset that is shown in its place, of those of the Canvas or the Manifest, as long as it is ready; with
// kThumbnailMark in a size for thumbnails.
inline constexpr std::string_view kPictureMark = "@picture";
inline constexpr std::string_view kThumbnailMark = "@thumbnail";

enum class AssetState : std::uint8_t {
  pending,  // seen, headers not read yet
  ready,
  damaged,  // cannot be read: `problem` says why
};

// A page of a picture file: what an image service serves.
struct Asset {
  std::string identifier;
  std::string path;        // below FOLDER
  std::uint32_t page = 0;  // 0-based
  std::string format;      // codec::FormatInfo::name; the store knows no codec
  std::string media_type;
  image::Size size;  // upright
  bool has_colour = true;
  bool bitonal = false;
  image::Size tile;                        // the source's own tile, 0 x 0: none
  std::vector<image::Size> stored_levels;  // of a pyramid, upright, largest first
  std::string version;                     // base::Version token that all of this was read from
  AssetState state = AssetState::pending;
  std::string problem;      // one sentence, no path
  iiif::SizeLimits limits;  // from info.yml
  std::string rights;
  bool whole_file = false;  // `embedded: all`: the file may be handed out with everything that it carries
  std::string manifest;     // the manifest that holds it
};

struct Canvas {
  std::string identifier;  // equal to its asset's
  iiif::LanguageMap label;
  image::Size extent;         // always set: an unreadable one has its neighbour's, else 1000 x 1000
  std::vector<Asset> assets;  // what is painted first; none when unreadable; several: formats or a choice
  std::vector<std::string> behavior;
  std::string nav_date;
  // What else is said of it in a file beside the picture, as iiif::Description has it in JSON.
  json::Object described = {};
  // {motivation, value | id | asset, type, format, label, language, xywh}; a `painting` names one of `assets`, which is then painted there alone, or brings its own.
  json::Array annotations = {};
  // Of a document that was put in: the Container as it was written (iiif/presentation/tree.h), which says all.
  json::Object tree = {};
  // Else: merge patches over the Canvas that is built.
  json::Array over = {};
};

enum class ItemKind : std::uint8_t { manifest, collection };

// How an item appears in a list.
struct Member {
  std::string identifier;
  ItemKind kind = ItemKind::manifest;
  iiif::LanguageMap label;
  std::string nav_date;
  std::optional<Asset> thumbnail;  // a ready asset to make a thumbnail from
  std::uint64_t count = 0;         // canvases or members
};

struct Manifest {
  std::string identifier;
  iiif::Description description;
  std::vector<Canvas> canvases;
  std::vector<Member> parents;  // collections that hold it, for partOf; the first is the home
  std::optional<Asset> thumbnail;
  json::Value ranges;      // null, or an array in the form of info.yml's `ranges`
  json::Object tree = {};  // of a document that was put in: all but its Containers
  json::Array over = {};   // else: merge patches over the document that is built
  bool complete = true;    // false while some sizes are still being read
  Revision revision = 0;
};

struct Collection {
  std::string identifier;
  iiif::Description description;
  std::vector<Member> members;  // this page of them, in order
  std::uint64_t total = 0;
  std::string next_cursor;  // empty on the last page
  std::vector<Member> parents;
  std::optional<Asset> thumbnail = {};  // its own, or that of its first member that has one
  json::Object tree = {};               // of a document that was put in
  json::Array over = {};                // else: merge patches over the document that is built
  bool complete = true;
  Revision revision = 0;
};

// An entry of /status: what could not be read or understood.
struct Problem {
  std::string path;
  std::string where;  // "line 12", "page 3", or empty
  std::string reason;
};

}  // namespace armarium::catalogue
