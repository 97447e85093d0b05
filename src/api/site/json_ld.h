#pragma once
// schema.org descriptions for search engines, as JSON that may stand inside a script element. Pure functions; any thread.

#include <string>

#include "api/site/locale.h"
#include "api/site/pages.h"

namespace armarium::api::site {

std::string json_ld(const Site& site, const CollectionPage& page, const Locale& locale);
std::string json_ld(const Site& site, const ItemPage& page, const Locale& locale);

}  // namespace armarium::api::site
