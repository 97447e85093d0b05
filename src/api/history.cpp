// The versions of what was written about an item: a list, and each of them as it came in, byte for byte. For those who may edit.

#include <cstdlib>

#include <fmt/format.h>

#include "api/access.h"
#include "api/services.h"
#include "base/timestamp.h"
#include "base/uri.h"
#include "json/writer.h"

namespace armarium::api {
namespace {

using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;
using store::ItemKey;
using store::Kind;

constexpr std::size_t kMostVersions = 1000;

// The versions after `after`; `next` says where the list goes on.
Result<Response> list(const Services& services, const ItemKey& item, const http::Request& request) {
  const std::string asked = base::query_value(request.query, "after").value_or("0");
  auto versions = services.catalogue.versions(item, std::strtoull(asked.c_str(), nullptr, 10), kMostVersions + 1);
  if (!versions) return base::fail(std::move(versions.error()));
  const bool more = versions->size() > kMostVersions;
  if (more) versions->resize(kMostVersions);
  json::Writer out;
  out.begin_object().key("versions").begin_array();
  for (const store::VersionRow& version : *versions) {
    out.begin_object().member("number", version.number).member("time", base::utc_text(version.time / 1000));
    out.member("method", version.method).member("who", version.who).member("why", version.why);
    out.member("mediaType", version.media_type).end_object();
  }
  out.end_array();
  if (more) out.member("next", fmt::format("{}{}?after={}", request.base_url, request.path, versions->back().number));
  out.end_object();
  Response response;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", "private, no-cache");
  response.body = out.take();
  return response;
}

Result<Response> one(const Services& services, const ItemKey& item, std::uint64_t number) {
  auto version = services.catalogue.version(item, number);
  if (!version) return base::fail(std::move(version.error()));
  Response response;
  if (version->content.empty()) {
    response.status = 204;
  } else {
    response.headers.set("Content-Type", version->media_type);
    response.body = std::move(version->content);
  }
  response.headers.set("Cache-Control", "private, no-cache");
  return response;
}

void add(http::Router& router, const Services& services, const std::string& pattern, Kind kind) {
  const auto guarded = [&services](const ExchangePtr& exchange, Work work) {
    if (auto may = services.access.allow(exchange->request(), auth::Permission::edit); !may)
      return refuse(services, exchange, may.error());
    later(services, exchange, base::Lane::tile, std::move(work));
  };
  router.add("GET", pattern, "history",
             [&services, kind, guarded](const ExchangePtr& exchange, const Parameters& parameters) {
               const ItemKey item{kind, std::string(parameters.get("id"))};
               guarded(exchange, [&services, item, exchange] { return list(services, item, exchange->request()); });
             });
  router.add("GET", pattern + "/{number}", "history",
             [&services, kind, guarded](const ExchangePtr& exchange, const Parameters& parameters) {
               const ItemKey item{kind, std::string(parameters.get("id"))};
               const std::uint64_t number = std::strtoull(std::string(parameters.get("number")).c_str(), nullptr, 10);
               guarded(exchange, [&services, item, number] { return one(services, item, number); });
             });
}

}  // namespace

void add_history_routes(http::Router& router, const Services& services) {
  add(router, services, "/iiif/{id}/manifest/history", Kind::manifest);
  add(router, services, "/iiif/{id}/collection/history", Kind::collection);
  add(router, services, "/iiif/collection/history",
      Kind::collection);  // of the top Collection, whose identifier is empty
}

}  // namespace armarium::api
