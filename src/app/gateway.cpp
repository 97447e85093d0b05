#include "app/gateway.h"

#include "api/access.h"
#include "base/uri.h"
#include "http/dispatch.h"
#include "http/gateway.h"

namespace armarium::app {

base::Result<http::Handler> make_gateway(const Config& config, std::shared_ptr<const http::Router> router,
                                         const http::ErrorPage& page, base::WorkPool& pool, base::Metrics& metrics,
                                         std::shared_ptr<http::Accounts> accounts, api::Access* access) {
  http::GatewayOptions options;
  options.origin.public_url = config.public_url;
  options.origin.trusted_proxies = config.trusted_proxies;
  options.origin.listen_host = config.listen_address;
  options.access_log.enabled = config.access_log;
  options.error_page = page;
  options.accounts = std::move(accounts);
  options.repeat_bytes = repeat_bytes(config);
  http::Handler handler = http::dispatch(std::move(router), page);
  if (access != nullptr) handler = access->sign_in(std::move(handler));
  return http::gateway(std::move(options), std::move(handler), pool, &metrics);
}

std::uint64_t repeat_bytes(const Config& config) { return (config.cache_megabytes << 20) / 8; }

http::ErrorPage error_page(std::shared_ptr<const api::site::Renderer> site, const api::SiteName& name) {
  return [site = std::move(site), &name](const http::Request& request, int status, std::string_view,
                                         std::string_view detail) {
    api::site::ErrorPage page;
    page.status = status;
    page.message = detail;
    page.path = request.path;
    api::site::Site here;
    here.public_url = request.base_url;
    here.name = name.get();
    const std::string language = base::query_value(request.query, "lang").value_or("");
    return site->render_error(here, page, site->locale(language, request.headers.get("Accept-Language")));
  };
}

}  // namespace armarium::app
