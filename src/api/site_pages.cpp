// The site's addresses: the top collection, an item's page, viewers, assets, and what crawlers ask for.

#include <algorithm>

#include <fmt/format.h>

#include "api/content_state.h"
#include "api/errors.h"
#include "api/services.h"
#include "api/site/renderer.h"
#include "api/site/sitemap.h"
#include "api/site_context.h"
#include "api/site_views.h"
#include "base/hash.h"
#include "base/uri.h"
#include "ingest/identifiers.h"

namespace armarium::api {
namespace {

using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;

constexpr std::size_t kPageSize = 60;
constexpr std::uint64_t kMostPages = 500;  // further on, folders and search lead to an item faster than pages

Response page(std::string html, std::string_view policy, bool complete) {
  Response response;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy", std::string(policy));
  response.headers.set("Vary", "Accept-Language");
  response.headers.set("Cache-Control", complete ? "public, max-age=60" : "no-cache");
  response.headers.set("ETag", entity_tag(base::hash_hex(html)));
  response.body = std::move(html);
  return response;
}

std::uint64_t page_number(const http::Request& request) {
  const std::string text = base::query_value(request.query, "page").value_or("1");
  std::uint64_t number = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || number > kMostPages) return 1;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return std::clamp<std::uint64_t>(number, 1, kMostPages);
}

Result<Response> collection_page(const Services& services, const http::Request& request,
                                 const std::string& identifier) {
  const std::uint64_t number = page_number(request);
  auto collection = services.catalogue.collection(identifier, "", number * kPageSize, request.principal);
  if (!collection) return base::fail(collection.error());
  const std::size_t skip = std::min<std::size_t>(collection->members.size(), (number - 1) * kPageSize);
  collection->members.erase(collection->members.begin(),
                            collection->members.begin() + static_cast<std::ptrdiff_t>(skip));
  const PageContext context = page_context(services, request);
  site::CollectionPage view = collection_view(services, request, *collection);
  view.page = number;
  view.page_count = std::max<std::uint64_t>(1, std::min((collection->total + kPageSize - 1) / kPageSize, kMostPages));
  return page(services.site.render_collection(context.site, view, context.locale), site::kPagePolicy,
              collection->complete);
}

// The link that opens what is shown: here, and, with another beginning, in any viewer.
std::string state_link(const http::Request& request, const site::ItemPage& view) {
  iiif::content_state::Target shown;
  shown.id = view.document;
  shown.type = "Manifest";
  if (!view.canvases.empty()) {
    shown.id = view.canvases[view.current].id;
    shown.type = "Canvas";
    shown.manifest = view.document;
  }
  return request.base_url + "/?iiif-content=" + base::encode_query(iiif::content_state::write_parameter({shown}));
}

Result<Response> manifest_page(const Services& services, const http::Request& request, const std::string& identifier) {
  auto manifest = services.catalogue.manifest(identifier, request.principal);
  if (!manifest) return base::fail(manifest.error());
  const PageContext context = page_context(services, request);
  site::ItemPage view = item_view(services, request, *manifest);
  if (base::query_value(request.query, "as") == "manifest") view.query = "as=manifest";
  const std::string canvas = base::query_value(request.query, "canvas").value_or("1");
  if (!canvas.empty() && canvas.size() < 8 &&
      std::all_of(canvas.begin(), canvas.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    const std::size_t asked = static_cast<std::size_t>(std::stoul(canvas));
    view.current = asked >= 1 && asked <= view.canvases.size() ? asked - 1 : 0;
  }
  view.state_link = state_link(request, view);
  return page(services.site.render_item(context.site, view, context.locale), site::kPagePolicy, manifest->complete);
}

Response moved_to(const http::Request& request, std::string_view identifier) {
  Response response{301, {}, std::string{}};
  response.headers.set("Location", fmt::format("{}/item/{}", request.base_url, base::encode_segment(identifier)));
  return response;
}

// A folder "canvas" has an identifier that is no word of our addresses; who writes its name is led there.
Result<Response> spelled_otherwise(const Services& services, const http::Exchange& exchange, const std::string& name) {
  const std::string identifier = ingest::folder_identifier(name);
  if (auto ensured = ensure_item(services, identifier, deadline_of(services, exchange)); !ensured)
    return base::fail(ensured.error());
  const base::Principal& who = exchange.request().principal;
  if (auto found = services.catalogue.collection(identifier, "", 0, who); !found) {
    if (auto manifest = services.catalogue.manifest(identifier, who); !manifest) return base::fail(manifest.error());
  }
  return moved_to(exchange.request(), identifier);
}

// A folder of both kinds shows its collection; the manifest of its own files is one step further.
Result<Response> item_page(const Services& services, const http::Exchange& exchange, const std::string& identifier) {
  const http::Request& request = exchange.request();
  if (auto opened = open_asked_state(services, exchange)) return std::move(*opened);
  if (ingest::is_reserved(identifier)) return spelled_otherwise(services, exchange, identifier);
  if (auto ensured = ensure_item(services, identifier, deadline_of(services, exchange)); !ensured)
    return base::fail(ensured.error());
  if (base::query_value(request.query, "as") != "manifest") {
    if (auto shown = collection_page(services, request, identifier); shown) return shown;
  }
  auto shown = manifest_page(services, request, identifier);
  if (shown || shown.error().code != base::ErrorCode::not_found) return shown;
  auto alias = services.catalogue.resolve_alias(identifier);
  if (!alias && alias.error().code == base::ErrorCode::withheld) return base::fail(std::move(alias.error()));
  if (!alias) return shown;
  return moved_to(request, *alias);
}

// Addresses of an older system that redirects.csv knows; everything else that no route has ends here too.
Result<Response> old_address(const Services& services, const http::Request& request) {
  auto identifier = services.catalogue.resolve_alias(request.path);
  if (!identifier) {
    if (const auto decoded = base::percent_decode(request.path))
      identifier = services.catalogue.resolve_alias(*decoded);
  }
  if (!identifier && identifier.error().code == base::ErrorCode::withheld)
    return base::fail(std::move(identifier.error()));
  if (!identifier) return base::fail(base::ErrorCode::not_found, "There is nothing at this address.");
  Response response = moved_to(request, *identifier);
  response.headers.set("Cache-Control", "public, max-age=300");
  return response;
}

Result<Response> front_page(const Services& services, const http::Exchange& exchange) {
  if (auto opened = open_asked_state(services, exchange)) return std::move(*opened);
  if (auto ensured = services.library.ensure_item("", deadline_of(services, exchange)); !ensured)
    return base::fail(ensured.error());
  return collection_page(services, exchange.request(), "");
}

Result<Response> viewer_page(const Services& services, const http::Request& request, std::string_view name) {
  site::ViewerPage view;
  if (name == "mirador")
    view.viewer = site::Viewer::kMirador;
  else if (name == "uv")
    view.viewer = site::Viewer::kUniversalViewer;
  else
    return base::fail(base::ErrorCode::not_found, "There is no such viewer here; mirador and uv are.");
  view.content = base::query_value(request.query, "iiif-content").value_or("");
  view.back_path = "/";
  const PageContext context = page_context(services, request);
  return page(services.site.render_viewer(context.site, view, context.locale),
              view.viewer == site::Viewer::kMirador ? site::kMiradorPolicy : site::kUniversalViewerPolicy, true);
}

Response asset(const Services& services, std::string_view path, const http::Request& request) {
  const site::FoundAsset found = site::find_asset(services.site.assets(), path);
  Response response;
  if (found.asset == nullptr)
    return error_response(request, {base::ErrorCode::not_found, "There is no such file.", {}}, services.error_page);
  response.headers.set("Content-Type", std::string(found.asset->media_type));
  response.headers.set("ETag", found.asset->etag);
  response.headers.set("Cache-Control",
                       found.immutable ? "public, max-age=31536000, immutable" : "public, max-age=300");
  response.body = std::string(found.asset->bytes);
  return response;
}

// The members of one site map, number `part` from 1; fewer than kSitemapEntries - 1 of them: it is the last.
Result<std::vector<catalogue::Member>> sitemap_part(const Services& services, const http::Request& request,
                                                    std::uint64_t part) {
  std::string cursor;
  for (std::uint64_t number = 1;; ++number) {
    auto members = services.catalogue.everything(cursor, site::kSitemapEntries - 1, request.principal);
    if (!members || number == part) return members;
    if (members->size() < site::kSitemapEntries - 1)
      return base::fail(base::ErrorCode::not_found, "There are fewer site maps than that.");
    cursor = catalogue::Catalogue::cursor_of(members->back());
  }
}

Response xml(std::string text) {
  Response response;
  response.headers.set("Content-Type", "application/xml; charset=utf-8");
  response.headers.set("Cache-Control", "public, max-age=300");
  response.body = std::move(text);
  return response;
}

// Up to kSitemapEntries pages are one map; more are an index of maps (sitemaps.org, "Using Sitemap index files").
Result<Response> sitemap(const Services& services, const http::Request& request) {
  const bool one_of_many = base::query_value(request.query, "page").has_value();
  auto members = sitemap_part(services, request, page_number(request));
  if (!members) return base::fail(members.error());
  const site::Site site = page_context(services, request).site;
  if (!one_of_many && members->size() == site::kSitemapEntries - 1) {
    std::uint64_t parts = 1;
    while (auto next = sitemap_part(services, request, parts + 1)) {
      if (next->empty()) break;
      ++parts;
      if (next->size() < site::kSitemapEntries - 1) break;
    }
    if (parts > 1) return xml(site::sitemap_index(site, parts));
  }
  std::vector<site::SitemapEntry> entries;
  if (page_number(request) == 1) entries.push_back({"/", {}});
  for (const catalogue::Member& member : *members) {
    if (!member.identifier.empty()) entries.push_back({"/item/" + base::encode_segment(member.identifier), {}});
  }
  return xml(site::sitemap(site, entries));
}

Result<Response> robots(const Services& services, const http::Request& request) {
  Response response;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.headers.set("Cache-Control", "public, max-age=300");
  response.body = site::robots(page_context(services, request).site, true);
  return response;
}

}  // namespace

void add_site_routes(http::Router& router, const Services& services) {
  // Adds a page that is made on the pool from the exchange and the raw parameters.
  const auto add = [&router, &services](const char* pattern, const char* name, auto make) {
    router.add("GET", pattern, name, [&services, make](const ExchangePtr& exchange, const Parameters& parameters) {
      later(services, exchange, base::Lane::tile,
            [&services, exchange, parameters, make] { return make(services, *exchange, parameters); });
    });
  };
  add("/", "page", [](const Services& s, const http::Exchange& e, const Parameters&) { return front_page(s, e); });
  add("/item/{id}", "page", [](const Services& s, const http::Exchange& e, const Parameters& p) {
    return item_page(s, e, std::string(p.get("id")));
  });
  add("/viewer/{name}", "page", [](const Services& s, const http::Exchange& e, const Parameters& p) {
    return viewer_page(s, e.request(), p.get("name"));
  });
  add("/accessibility", "page", [](const Services& s, const http::Exchange& e, const Parameters&) -> Result<Response> {
    const PageContext context = page_context(s, e.request());
    return page(s.site.render_accessibility(context.site, context.locale), site::kPagePolicy, true);
  });
  add("/sitemap.xml", "page",
      [](const Services& s, const http::Exchange& e, const Parameters&) { return sitemap(s, e.request()); });
  add("/robots.txt", "page",
      [](const Services& s, const http::Exchange& e, const Parameters&) { return robots(s, e.request()); });
  add("/{path*}", "none",
      [](const Services& s, const http::Exchange& e, const Parameters&) { return old_address(s, e.request()); });
  // In memory: answered where it arrives.
  router.add("GET", "/assets/{path*}", "asset", [&services](const ExchangePtr& exchange, const Parameters& parameters) {
    exchange->respond(asset(services, parameters.get("path"), exchange->request()));
  });
}

}  // namespace armarium::api
