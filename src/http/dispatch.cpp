#include "http/dispatch.h"

#include <fmt/format.h>

#include "http/cors.h"

namespace armarium::http {
namespace {

Response options_response(const Request& request, std::string_view allow) {
  if (is_preflight(request)) return preflight_response(allow);
  Response response;
  response.headers.set("Allow", std::string(allow.empty() ? "GET, HEAD, OPTIONS" : allow));
  return response;
}

}  // namespace

Handler dispatch(std::shared_ptr<const Router> router, ErrorPage page) {
  return [router = std::move(router), page = std::move(page)](const ExchangePtr& exchange) {
    const Request& request = exchange->request();
    const auto refuse = [&](int status, std::string detail) {
      return problem_response({.status = status, .detail = std::move(detail)}, request, page);
    };
    const Router::Match match = router->match(request.method, request.path);
    exchange->mutable_request().route = std::string(match.name);
    if (match.handler == nullptr && request.method == "OPTIONS" &&
        (!match.allow.empty() || request.path == "*" || is_preflight(request))) {
      return exchange->respond(options_response(request, match.allow));
    }
    if (match.allow.empty()) return exchange->respond(refuse(404, "There is nothing at this address."));
    if (match.handler == nullptr) {
      Response response = refuse(405, fmt::format("This address knows the methods {}.", match.allow));
      response.headers.set("Allow", std::string(match.allow));
      return exchange->respond(std::move(response));
    }
    if (match.bad_encoding)
      return exchange->respond(refuse(400, "A part of the address is not percent-encoded correctly."));
    (*match.handler)(exchange, match.parameters);
  };
}

}  // namespace armarium::http
