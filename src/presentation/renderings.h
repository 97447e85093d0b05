#pragma once
// What is made of a whole item for those who want to read or print it, and announced as `rendering` (Presentation 3.0, 3.2). Pure; any thread.

#include <string_view>
#include <vector>

#include "catalogue/records.h"

namespace armarium::presentation {

// /media/{id}/pages.pdf and /text/{id}.txt
inline constexpr std::string_view kBookName = "pages.pdf";
inline constexpr std::string_view kTextEnding = ".txt";

// The picture of ours that a Canvas shows first; null when it has none that can be read.
const catalogue::Asset* shown_picture(const catalogue::Canvas& canvas) noexcept;
bool has_pictures(const catalogue::Manifest& manifest) noexcept;

// With local ids.
std::vector<iiif::Link> renderings_of(const catalogue::Manifest& manifest);

}  // namespace armarium::presentation
