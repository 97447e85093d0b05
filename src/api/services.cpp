#include "api/services.h"

#include <algorithm>
#include <chrono>

#include "api/errors.h"

namespace armarium::api {

const base::Error kBusy{base::ErrorCode::overloaded, "The server is busy; try again in a few seconds.", {}};

void later(const Services& services, const http::ExchangePtr& exchange, base::Lane lane, Work work) {
  const auto submitted = std::chrono::steady_clock::now();
  const bool accepted = services.pool.submit(lane, [&services, exchange, work = std::move(work), submitted] {
    const auto waited = std::chrono::steady_clock::now() - submitted;
    const base::ReadMeter before = base::ReadMeter::here();
    const auto answer = [&exchange, &work]() -> base::Result<http::Response> {
      if (auto go = exchange->cancel().check(); !go) return base::fail(go.error());
      try {
        return work();
      } catch (const std::exception& e) {
        return base::fail(base::ErrorCode::internal, "The request failed.", e.what());
      }
    };
    base::Result<http::Response> result = answer();
    http::Response response =
        result ? std::move(*result) : error_response(exchange->request(), result.error(), services.error_page);
    response.timing.of(base::Stage::wait) += waited;
    base::add_reading(response.timing, before);
    exchange->respond(std::move(response));
  });
  if (!accepted) refuse(services, exchange, kBusy);
}

void refuse(const Services& services, const http::ExchangePtr& exchange, const base::Error& error) {
  exchange->respond(error_response(exchange->request(), error, services.error_page));
}

namespace {

// What was taken down is not looked for.
template <class Ensure>
base::Result<> ensure_spellings(const catalogue::Catalogue& catalogue, const std::string& identifier,
                                const Ensure& look) {
  const auto ensure = [&](const std::string& name) -> base::Result<> {
    if (auto may = catalogue.allowed(name); !may) return may;
    return look(name);
  };
  auto ensured = ensure(identifier);
  if (!ensured || identifier.find('/') == std::string::npos) return ensured;
  std::string with_tildes = identifier;
  std::replace(with_tildes.begin(), with_tildes.end(), '/', '~');
  return ensure(with_tildes);
}

}  // namespace

base::Result<> ensure_item(const Services& services, const std::string& identifier, const base::CancelToken& cancel) {
  return ensure_spellings(services.catalogue, identifier,
                          [&](const std::string& name) { return services.library.ensure_item(name, cancel); });
}

base::Result<> ensure_asset(const Services& services, const std::string& identifier, const base::CancelToken& cancel) {
  return ensure_spellings(services.catalogue, identifier,
                          [&](const std::string& name) { return services.library.ensure_asset(name, cancel); });
}

base::Result<catalogue::Asset> find_asset(const Services& services, const std::string& identifier,
                                          const base::Principal& who, const base::CancelToken& cancel) {
  if (auto ensured = ensure_asset(services, identifier, cancel); !ensured) return base::fail(ensured.error());
  auto asset = services.catalogue.asset(identifier, who);
  if (asset || asset.error().code != base::ErrorCode::not_found) return asset;
  auto alias = services.catalogue.resolve_alias(identifier);
  if (!alias && alias.error().code == base::ErrorCode::withheld) return base::fail(std::move(alias.error()));
  if (!alias) return asset;
  if (auto ensured = services.library.ensure_asset(*alias, cancel); !ensured) return base::fail(ensured.error());
  return services.catalogue.asset(*alias, who);
}

base::CancelToken deadline_of(const Services& services, const http::Exchange& exchange) {
  return exchange.cancel().with_deadline(base::CancelToken::Clock::now() + services.request_time);
}

}  // namespace armarium::api
