#pragma once
// From the configuration to the layers in front of the handlers (http/gateway.h), once for each listener.

#include <memory>

#include "api/site/renderer.h"
#include "api/site_name.h"
#include "app/config.h"
#include "base/metrics.h"
#include "base/work_pool.h"
#include "http/accounts.h"
#include "http/exchange.h"
#include "http/problem.h"
#include "http/router.h"

namespace armarium::api {
class Access;
}

namespace armarium::app {

// `access` may be null: then nobody signs in here. Errors: a public URL or network that does not parse. `pool` and `metrics` must outlive the handler.
base::Result<http::Handler> make_gateway(const Config& config, std::shared_ptr<const http::Router> router,
                                         const http::ErrorPage& page, base::WorkPool& pool, base::Metrics& metrics,
                                         std::shared_ptr<http::Accounts> accounts, api::Access* access);
// The part of the memory for caches that holds answers which may be given again.
std::uint64_t repeat_bytes(const Config& config);

// The site's page for an error, in the fallback language: an error has no request to choose one by.
// `name` must live as long as the page is used.
http::ErrorPage error_page(std::shared_ptr<const api::site::Renderer> site, const api::SiteName& name);

}  // namespace armarium::app
