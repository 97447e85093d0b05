// Content states at addresses of their own: kept by those who may annotate, read by everybody. Content State 1.0, 2.2.2; Presentation 3.0, 7 for the answer.

#include <fmt/format.h>

#include "api/access.h"
#include "api/services.h"
#include "base/hash.h"
#include "base/uri.h"
#include "http/negotiation.h"

namespace armarium::api {
namespace {

namespace state = iiif::content_state;
using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;

constexpr std::string_view kProfile = "http://iiif.io/api/presentation/3/context.json";

std::string address_of(const http::Request& request, std::string_view id) {
  return fmt::format("{}/iiif/content-state/{}", request.base_url, base::encode_segment(id));
}

Response document(const http::Request& request, std::string_view id, const state::Targets& targets) {
  Response response;
  const auto chosen = http::choose_media_type(request.headers.get("Accept"),
                                              {{"application/ld+json", std::string(kProfile)}, {"application/json"}});
  response.headers.set("Content-Type", chosen == 1U ? std::string("application/json")
                                                    : fmt::format(R"(application/ld+json;profile="{}")", kProfile));
  response.headers.set("Vary", "Accept");
  response.headers.set("Cache-Control", "public, max-age=60");
  std::string text = json::to_text(state::write_annotation(targets, address_of(request, id)));
  response.headers.set("ETag", entity_tag(base::hash_hex(response.headers.joined("Content-Type") + text)));
  response.body = std::move(text);
  return response;
}

Result<Response> keep(const Services& services, const http::Request& request, base::ByteView body) {
  auto targets = state::read_plain(base::as_text(body));
  if (!targets) return base::fail(targets.error());
  auto id = services.states.keep(*targets, request.principal.name, request.base_url);
  if (!id) return base::fail(id.error());
  Response response = document(request, *id, *targets);
  response.status = 201;
  response.headers.set("Location", address_of(request, *id));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// By who kept it, or by those who may change what others wrote.
Result<Response> remove(const Services& services, const http::Request& request, std::string_view id) {
  auto kept = services.states.find(id, request.base_url);
  if (!kept) return base::fail(kept.error());
  if (kept->who != request.principal.name) {
    if (auto may = services.access.require(request, auth::Permission::review); !may) return base::fail(may.error());
  }
  if (auto removed = services.states.remove(id); !removed) return base::fail(removed.error());
  return Response{204, {}, {}};
}

// Whether the one who asks may write at all; answers the others.
bool may_write(const Services& services, const ExchangePtr& exchange) {
  auto go = services.access.require(exchange->request(), auth::Permission::annotate);
  if (go) go = services.access.spend_write(exchange->request());
  if (!go) refuse(services, exchange, go.error());
  return go.has_value();
}

}  // namespace

void add_kept_state_routes(http::Router& router, const Services& services) {
  router.add("GET", "/iiif/content-state/{id}", "content-state",
             [&services](const ExchangePtr& exchange, const Parameters& parameters) {
               later(services, exchange, base::Lane::tile,
                     [&services, exchange, id = std::string(parameters.get("id"))]() -> Result<Response> {
                       auto kept = services.states.find(id, exchange->request().base_url);
                       if (!kept) return base::fail(kept.error());
                       return document(exchange->request(), id, kept->targets);
                     });
             });
  router.add("DELETE", "/iiif/content-state/{id}", "content-state",
             [&services](const ExchangePtr& exchange, const Parameters& parameters) {
               if (!may_write(services, exchange)) return;
               later(services, exchange, base::Lane::tile,
                     [&services, exchange, id = std::string(parameters.get("id"))] {
                       return remove(services, exchange->request(), id);
                     });
             });
  const auto post = [&services](const ExchangePtr& exchange, const Parameters&) {
    if (!may_write(services, exchange)) return;
    const std::string_view type = exchange->request().headers.get("Content-Type");
    if (!type.starts_with("application/json") && !type.starts_with("application/ld+json")) {
      return exchange->respond(
          http::problem_response({.status = 415, .detail = "A content state is sent as application/json."}));
    }
    exchange->read_body(state::kLongest, [&services, exchange](Result<base::Bytes> body) {
      if (!body) return refuse(services, exchange, body.error());
      later(services, exchange, base::Lane::tile,
            [&services, exchange, body = std::move(*body)] { return keep(services, exchange->request(), body); });
    });
  };
  router.add("POST", "/iiif/content-state/", "content-state", post);
  router.add("POST", "/iiif/content-state", "content-state", post);
}

}  // namespace armarium::api
