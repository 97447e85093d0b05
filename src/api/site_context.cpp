#include "api/site_context.h"

#include "base/uri.h"

namespace armarium::api {

PageContext page_context(const Services& services, const http::Request& request) {
  site::Site site;
  site.public_url = request.base_url;
  site.collection = request.base_url + "/iiif/collection";
  if (auto top = services.catalogue.collection("", "", 0, request.principal)) site.name = top->description.label;
  return {std::move(site), services.site.locale(base::query_value(request.query, "lang").value_or(""),
                                                request.headers.get("Accept-Language"))};
}

}  // namespace armarium::api
