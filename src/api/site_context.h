#pragma once
// What every page needs from its request: the site's name and addresses, and the reader's language.

#include "api/services.h"
#include "api/site/renderer.h"

namespace armarium::api {

struct PageContext {
  site::Site site;
  site::Locale locale;
};

PageContext page_context(const Services& services, const http::Request& request);

}  // namespace armarium::api
