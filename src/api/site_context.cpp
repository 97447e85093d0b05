#include "api/site_context.h"

#include "base/uri.h"

namespace armarium::api {

PageContext page_context(const Services& services, const http::Request& request) {
  site::Site site;
  site.public_url = request.base_url;
  site.collection = request.base_url + "/iiif/collection";
  if (auto top = services.catalogue.collection("", "", 0, request.principal)) {
    site.name = top->description.label;
    services.site_name.set(top->description.label);
    // Whom to write to: the first provider's home page, or its own address where that is one that a browser opens.
    if (!top->description.provider.empty()) {
      const iiif::Agent& agent = top->description.provider.front();
      site.contact = agent.homepage.empty() ? agent.id : agent.homepage.front().id;
    }
  }
  return {std::move(site), services.site.locale(base::query_value(request.query, "lang").value_or(""),
                                                request.headers.get("Accept-Language"))};
}

}  // namespace armarium::api
