#include "http/cors.h"

namespace armarium::http {

void add_cors(Response& response) {
  response.headers.set("Access-Control-Allow-Origin", "*");
  if (!response.headers.has("Access-Control-Expose-Headers"))
    return response.headers.add("Access-Control-Expose-Headers", "ETag, Link, Location, Content-Range, Retry-After");
  // What a handler exposes beyond these stays.
  for (const char* name : {"ETag", "Link", "Location", "Content-Range", "Retry-After"})
    response.headers.merge("Access-Control-Expose-Headers", name);
}

void add_security_headers(Response& response) {
  response.headers.set("X-Content-Type-Options", "nosniff");
  if (!response.headers.has("Referrer-Policy"))
    response.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
}

bool is_preflight(const Request& request) {
  return request.method == "OPTIONS" && request.headers.has("Origin") &&
         request.headers.has("Access-Control-Request-Method");
}

Response preflight_response(std::string_view allow) {
  Response response;
  response.status = 204;
  response.headers.set("Access-Control-Allow-Methods", std::string(allow.empty() ? "GET, HEAD, OPTIONS" : allow));
  response.headers.set("Access-Control-Allow-Headers",
                       "Accept, Authorization, Content-Type, If-Match, If-None-Match, Prefer, Range, Slug");
  response.headers.set("Access-Control-Max-Age", "86400");
  if (!allow.empty()) response.headers.set("Allow", std::string(allow));
  return response;
}

}  // namespace armarium::http
