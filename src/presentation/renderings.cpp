#include "presentation/renderings.h"

#include <algorithm>

#include "base/uri.h"
#include "presentation/addresses.h"

namespace armarium::presentation {

const catalogue::Asset* shown_picture(const catalogue::Canvas& canvas) noexcept {
  const auto found = std::find_if(canvas.assets.begin(), canvas.assets.end(), [](const catalogue::Asset& asset) {
    return asset.state == catalogue::AssetState::ready;
  });
  return found == canvas.assets.end() ? nullptr : &*found;
}

bool has_pictures(const catalogue::Manifest& manifest) noexcept {
  return std::any_of(manifest.canvases.begin(), manifest.canvases.end(),
                     [](const catalogue::Canvas& canvas) { return shown_picture(canvas) != nullptr; });
}

std::vector<iiif::Link> renderings_of(const catalogue::Manifest& manifest) {
  std::vector<iiif::Link> links;
  if (has_pictures(manifest)) {
    iiif::Link book{Addresses::local().media(manifest.identifier, kBookName), "Text", {}, "application/pdf", {}, {}};
    book.label = iiif::LanguageMap::of("en", "PDF of all pages");
    book.label.add("de", "PDF aller Seiten");
    links.push_back(std::move(book));
  }
  iiif::Link text{"/text/" + base::encode_segment(manifest.identifier) + std::string(kTextEnding),
                  "Text",
                  {},
                  "text/plain",
                  {},
                  {}};
  text.label = iiif::LanguageMap::of("en", "Plain text");
  text.label.add("de", "Nur Text");
  links.push_back(std::move(text));
  return links;
}

}  // namespace armarium::presentation
