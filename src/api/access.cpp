// What handlers ask: may this request do that?

#include "api/access.h"

#include <algorithm>

#include <fmt/format.h>

#include "auth/lockout.h"
#include "http/address.h"
#include "http/text.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::Request;

// Fetch, "CORS-safelisted request-header": what a form can send without asking first.
bool has_form_type(const Request& request) {
  const std::string_view whole = request.headers.get("Content-Type");
  const std::string type = http::lower(http::trim(whole.substr(0, whole.find(';'))));
  return type.empty() || type == "text/plain" || type == "multipart/form-data" ||
         type == "application/x-www-form-urlencoded";
}

// "https://host:port" of an address that begins so.
std::string_view origin_of(std::string_view url) {
  const std::size_t host = url.find("://");
  return host == std::string_view::npos ? url : url.substr(0, url.find('/', host + 3));
}

// Browsers add a password that they keep to whatever page sends a form here. What asks first (a preflight) cannot bring it along, and a key is never kept.
bool is_foreign_form(const Request& request) {
  if (request.method != "POST" || !has_form_type(request)) return false;
  if (!http::same_text(std::string_view(request.headers.get("Authorization")).substr(0, 6), "Basic ")) return false;
  const std::string_view from = request.headers.get("Origin");
  const std::string_view site = request.headers.get("Sec-Fetch-Site");
  return (!from.empty() && !http::same_text(from, origin_of(request.base_url))) || site == "cross-site" ||
         site == "same-site";
}

}  // namespace

bool is_confidential(const Request& request) {
  if (request.secure) return true;
  if (!http::is_loopback(request.client)) return false;
  const std::string_view named = request.headers.get("Host");
  if (named.empty()) return true;
  const auto host = http::parse_host(named);
  return host && (host->host == "localhost" || http::is_loopback(host->host));
}

Result<> Access::allow(const Request& request, auth::Permission permission) const {
  if (request.principal.anonymous())
    return base::fail(ErrorCode::unauthenticated, "This needs you to sign in, by name and password or by a key.");
  if (auth::may(request.principal, permission)) return {};
  return base::fail(ErrorCode::forbidden,
                    fmt::format("You are signed in, but have no permission to {} here.", auth::name_of(permission)));
}

Result<> Access::require(const Request& request, auth::Permission permission) const {
  if (!has_users())
    return base::fail(ErrorCode::forbidden, "Nothing can be written until a user exists: armarium user add NAME");
  if (!options_.takes_writing) {
    return base::fail(ErrorCode::forbidden,
                      "Nothing can be written over the network until the server is told its public address with "
                      "--public-url.");
  }
  if (is_foreign_form(request)) {
    return base::fail(ErrorCode::forbidden,
                      "A form of another site cannot write with the password that a browser keeps; send JSON, or use a "
                      "key.");
  }
  return allow(request, permission);
}

Result<> Access::spend_write(const Request& request) {
  auto wait = by_client_.take(auth::client_network(request.client));
  if (!request.principal.anonymous()) wait = std::max(wait, by_user_.take(request.principal.name));
  if (!wait) return {};
  base::Error error{ErrorCode::budget_spent, "These are too many changes in a short time; wait a little.", {}};
  error.retry_after = static_cast<std::uint32_t>(wait->count());
  return base::fail(std::move(error));
}

}  // namespace armarium::api
