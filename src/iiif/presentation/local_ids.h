#pragma once
// The ids of the model's trees (tree.h): the path of a resource on this server, without host and version. The contract's table "Fixed addresses". Pure; any thread.

#include <string>
#include <string_view>

#include "base/uri.h"

namespace armarium::iiif::presentation {

inline constexpr std::string_view kCanvasPath = "/iiif/canvas/";
inline constexpr std::string_view kRangePath = "/iiif/range/";
inline constexpr std::string_view kPagePath = "/iiif/page/";
inline constexpr std::string_view kAnnotationPath = "/iiif/annotation/";

inline std::string local_id(std::string_view path, std::string_view identifier) {
  return std::string(path) + base::encode_segment(identifier);
}

// What stands inside of a document that was put in has its item's identifier, this, and a hash of the id under which it came: "book=i0c31…".
inline constexpr std::string_view kPutInMark = "=i";
// "book=i0c31…" → "book"; empty for any other identifier.
std::string_view item_of_part(std::string_view identifier) noexcept;

}  // namespace armarium::iiif::presentation
