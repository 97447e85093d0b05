#pragma once
// The site's own pages for a static site: every address in their attributes and their schema.org data gets that of its file. Reads what our templates write (attributes in double quotes), not any HTML.
// Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "exports/places.h"

namespace armarium::exports {

struct RewrittenPage {
  std::string html;
  std::vector<Place> found;  // what the page leads to
};

RewrittenPage rewrite_page(std::string_view html, const Places& places);

// Text that names addresses between tags or in lines: a site map, robots.txt.
std::string rewrite_text(std::string_view text, const Places& places);

// "en" of <html lang="en">; empty when it does not say.
std::string language_of_page(std::string_view html);

}  // namespace armarium::exports
