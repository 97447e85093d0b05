#pragma once
// What a content state leads to on the site: the page of an item at the right Canvas and region, or a page that says what it names where that is elsewhere, or several. Nothing is
// fetched from others. Blocks on the database and the disk: on the pool only.

#include "api/services.h"
#include "iiif/content_state.h"

namespace armarium::api {

// A redirect to the page that shows it, or a page of links. The targets are of at least one.
base::Result<http::Response> open_state(const Services& services, const http::Exchange& exchange,
                                        const iiif::content_state::Targets& targets);

// The same for a GET with `iiif-content` in its query; nothing where there is none.
std::optional<base::Result<http::Response>> open_asked_state(const Services& services, const http::Exchange& exchange);

}  // namespace armarium::api
