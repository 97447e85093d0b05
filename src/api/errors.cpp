#include "api/errors.h"

#include <atomic>
#include <string>

#include "base/log.h"

namespace armarium::api {

using base::ErrorCode;

int status_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::over_limit: return 400;
    case ErrorCode::unauthenticated: return 401;
    case ErrorCode::forbidden: return 403;
    case ErrorCode::not_found: return 404;
    case ErrorCode::method_not_allowed: return 405;
    case ErrorCode::not_acceptable: return 406;
    case ErrorCode::conflict: return 409;
    case ErrorCode::gone: return 410;
    case ErrorCode::precondition_failed: return 412;
    case ErrorCode::too_large: return 413;
    case ErrorCode::unsupported_type: return 415;
    case ErrorCode::wrong_host: return 421;
    case ErrorCode::precondition_missing: return 428;
    case ErrorCode::budget_spent: return 429;
    case ErrorCode::withheld: return 451;
    case ErrorCode::unsupported: return 501;
    case ErrorCode::not_ready:
    case ErrorCode::overloaded:
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded:
    case ErrorCode::cancelled: return 503;
    case ErrorCode::storage_full: return 507;
    // A source that cannot be read is not the server's failure, and there is nothing to be had at its address.
    case ErrorCode::corrupt:
    case ErrorCode::resource_limit: return 404;
    case ErrorCode::io:
    case ErrorCode::internal: return 500;
  }
  return 500;
}

http::Response error_response(const http::Request& request, const base::Error& error, const http::ErrorPage& page) {
  http::Problem problem;
  problem.status = status_of(error.code);
  problem.detail = error.message;
  if (problem.status == 500) {
    static std::atomic<std::uint64_t> counter{0};
    problem.incident = std::to_string(++counter);
    base::log::error("fault {}: {} {}: {} ({}: {})", problem.incident, request.method, request.path, error.message,
                     base::name_of(error.code), error.detail);
    problem.detail = "Something went wrong here; the server's log explains it under the number given.";
  } else if (!error.detail.empty()) {
    base::log::debug("{} {}: {} ({})", request.method, request.path, error.message, error.detail);
  }
  if (problem.status == 503) problem.retry_after = std::chrono::seconds(error.code == ErrorCode::not_ready ? 2 : 5);
  if (error.retry_after > 0) problem.retry_after = std::chrono::seconds(error.retry_after);
  // JSON at the addresses of IIIF even if a browser asks.
  http::Response response = request.path.starts_with("/iiif/") ? http::problem_response(problem)
                                                               : http::problem_response(problem, request, page);
  if (problem.status == 401) {  // RFC 9110, 11.6.1; RFC 7617, 2.1
    response.headers.add("WWW-Authenticate", R"(Basic realm="Armarium", charset="UTF-8")");
    response.headers.add("WWW-Authenticate", R"(Bearer realm="Armarium")");
  }
  return response;
}

}  // namespace armarium::api
