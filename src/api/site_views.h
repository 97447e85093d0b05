#pragma once
// Fills the values of the site's pages from the catalogue's records. Pool threads (they read the catalogue's records only, already fetched).

#include "api/services.h"
#include "api/site/pages.h"
#include "catalogue/records.h"

namespace armarium::api {

site::CollectionPage collection_view(const Services& services, const http::Request& request,
                                     const catalogue::Collection& collection);
site::ItemPage item_view(const Services& services, const http::Request& request, const catalogue::Manifest& manifest);

}  // namespace armarium::api
