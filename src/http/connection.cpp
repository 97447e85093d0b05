#include "http/connection.h"

#include <exception>

#include "http/problem.h"

namespace armarium::http {

Request request_of(const Link& link, std::string_view host) {
  Request request;
  request.client = link.ends.peer;
  request.local = link.ends.local;
  request.local_port = link.ends.local_port;
  request.secure = link.context->secure;
  request.base_url.append(link.context->secure ? "https://" : "http://").append(host);
  return request;
}

Response refusal(const Problem& problem) {
  Response response = problem_response(problem);
  response.headers.set("Access-Control-Allow-Origin", "*");
  std::string timing;
  base::append_server_timing(timing, {.plan = "error"}, {});
  response.headers.set("Server-Timing", std::move(timing));
  return response;
}

void hand_over(const ConnectionContext& context, const ExchangePtr& exchange) {
  try {
    context.handler(exchange);
  } catch (const std::exception& e) {
    exchange->respond(internal_error(e.what()));
  } catch (...) {
    exchange->respond(internal_error("an unknown exception in a handler"));
  }
}

}  // namespace armarium::http
