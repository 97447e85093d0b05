// Any text as path, query and the headers that are read before a handler runs: decoding is strict and once, routes and hosts hold what they promise.

#include <cstdlib>
#include <string>

#include "base/uri.h"
#include "http/address.h"
#include "http/conditional.h"
#include "http/fake_exchange.h"
#include "http/negotiation.h"
#include "http/origin.h"
#include "http/router.h"

namespace {

using namespace armarium;

const http::Router& routes() {
  static const http::Router router = [] {
    http::Router made;
    const auto none = [](const http::ExchangePtr&, const http::Parameters&) {};
    made.add("GET", "/iiif/image/3/{id}/info.json", "info", none);
    made.add("GET", "/iiif/image/3/{id}/{region}/{size}/{rotation}/{file}", "image", none);
    made.add("GET,PUT", "/iiif/{id}/manifest", "manifest", none);
    made.add("GET", "/media/{id}/{name*}", "media", none);
    made.add("GET", "/{path*}", "site", none);
    return made;
  }();
  return router;
}

void check_routes(std::string_view text) {
  const std::string path = "/" + std::string(text);
  const auto match = routes().match("GET", path);
  if (match.handler == nullptr) std::abort();
  const auto once = [&](std::string_view name) { return std::string(match.parameters.get(name)); };
  for (const std::string_view name : {"id", "region", "size", "rotation", "file"}) {
    if (once(name).find('\0') != std::string::npos) std::abort();
    // Decoded once, from a piece of the path: encoded again it is found there, unless the path spelled it otherwise.
    if (path.find('%') == std::string::npos && path.find(once(name)) == std::string::npos) std::abort();
  }
  // The rest stays raw.
  for (const std::string_view name : {"name", "path"}) {
    if (path.find(once(name)) == std::string::npos) std::abort();
  }
}

void check_uri(std::string_view text) {
  if (base::percent_decode(base::encode_segment(text)) != std::string(text) &&
      text.find('\0') == std::string_view::npos)
    std::abort();
  base::query_value(text, "q");
  if (text.find_first_of(std::string_view("\0&", 2)) == std::string_view::npos &&
      base::query_value("a=b&q=" + base::encode_query(text), "q") != std::string(text))
    std::abort();
}

void check_headers(const std::string& text) {
  const auto exchange = http::FakeExchange::get("/a", {{"Host", text},
                                                       {"X-Forwarded-Host", text},
                                                       {"X-Forwarded-For", text},
                                                       {"X-Forwarded-Prefix", text},
                                                       {"Forwarded", text},
                                                       {"Range", text},
                                                       {"If-None-Match", text},
                                                       {"If-Range", text}});
  const auto origin = http::Origin::make({});
  http::Request request = exchange->request();
  if (origin->apply(request) && request.base_url.find_first_of("\"<> \r\n") != std::string::npos) std::abort();
  http::Response response;
  response.headers.set("Accept-Ranges", "bytes");
  response.headers.set("ETag", "\"x\"");
  response.body = std::string("0123456789");
  http::apply_range(exchange->request(), response);
  if (response.status == 206 && std::get<std::string>(response.body).empty()) std::abort();
  http::evaluate(exchange->request(), "\"x\"", 0);
  http::choose_media_type(text, {{"application/ld+json", "http://a"}, {"text/html"}});
  http::choose_language(text, {"en", "de"});
  http::choose_coding(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_routes(text);
  check_uri(text);
  check_headers(text);
  return 0;
}
