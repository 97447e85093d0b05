// The Presentation API's addresses: the persistent names without a version, the variants below /iiif/presentation/{2,3,4}, and what stands inside Manifests.
// Presentation API 3.0, 6.2 and 2.1.1, 7 for media types; cookbook recipe 0057 for versions by Accept.

#include <fmt/format.h>

#include "api/access.h"
#include "api/services.h"
#include "base/hash.h"
#include "base/uri.h"
#include "http/negotiation.h"
#include "presentation/build.h"
#include "presentation/ranges.h"

namespace armarium::api {
namespace {

using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;
using iiif::presentation::context_of;
using presentation::Address;
using presentation::Document;
using presentation::Style;
using presentation::Version;

// The kind of document that an address names.
enum class Kind { manifest, collection, canvas, page, annotation, range };

struct Asked {
  Kind kind = Kind::manifest;
  std::string identifier;  // decoded once
  std::string spelling;    // the raw segment, where it is not our own spelling
  std::size_t part = 0;    // of a long collection
  Style style = Style::neutral;
  std::optional<Version> version;  // set by a versioned address
};

// ---- representation --------------------------------------------------------------------------------------------------------------

struct Representation {
  Version version = Version::v3;
  bool linked_data = true;  // ld+json with profile, else plain JSON
};

// At a neutral address Accept chooses among all; at a versioned one a foreign profile is ignored. 3 is the default, as JSON-LD; 2 as plain JSON.
Representation negotiate(std::string_view accept, std::optional<Version> fixed) {
  const auto linked = [](Version version) {
    return http::Offer{"application/ld+json", std::string(context_of(version))};
  };
  const http::Offer plain{"application/json"};
  if (fixed == Version::v2) return {Version::v2, http::choose_media_type(accept, {plain, linked(Version::v2)}) == 1U};
  if (fixed) return {*fixed, http::choose_media_type(accept, {linked(*fixed), plain}) != 1U};
  const auto chosen =
      http::choose_media_type(accept, {linked(Version::v3), plain, linked(Version::v2), linked(Version::v4)});
  if (chosen == 2U) return {Version::v2, true};
  if (chosen == 3U) return {Version::v4, true};
  return {Version::v3, chosen != 1U};
}

std::string media_type(const Representation& representation) {
  if (!representation.linked_data) return "application/json";
  return fmt::format(R"(application/ld+json;profile="{}")", context_of(representation.version));
}

// A document that is pulled while it is sent.
class DocumentBody final : public http::BodyProducer {
 public:
  explicit DocumentBody(std::unique_ptr<iiif::presentation::DocumentProducer> producer)
      : producer_(std::move(producer)) {}
  Result<bool> pull(std::string& out) override { return producer_->pull(out); }

 private:
  std::unique_ptr<iiif::presentation::DocumentProducer> producer_;
};

// ---- finding ---------------------------------------------------------------------------------------------------------------------

// The item whose being known makes the document known: canvases and what hangs on them belong to the asset's manifest.
Result<> ensure(const Services& services, const Asked& asked, const base::CancelToken& cancel) {
  if (asked.kind == Kind::manifest || asked.kind == Kind::collection)
    return ensure_item(services, asked.identifier, cancel);
  const std::string_view identifier = asked.identifier;
  if (asked.kind == Kind::range) {
    const std::string_view item = presentation::manifest_of_range(identifier);
    return item.empty() ? Result<>() : ensure_item(services, std::string(item), cancel);
  }
  const std::string_view role = presentation::role_of(identifier);
  return ensure_asset(services, std::string(identifier.substr(0, identifier.size() - role.size())), cancel);
}

Result<Document> find(const Services& services, const Asked& asked, Version version, const http::Request& request) {
  const presentation::Documents& documents = services.documents;
  const Address address{request.base_url, asked.style, asked.spelling};
  const base::Principal& who = request.principal;
  switch (asked.kind) {
    case Kind::manifest: return documents.manifest(version, asked.identifier, address, who);
    case Kind::collection: return documents.collection(version, asked.identifier, asked.part, address, who);
    case Kind::canvas: return documents.canvas(version, asked.identifier, address, who);
    case Kind::page: return documents.annotation_page(version, asked.identifier, address, who);
    case Kind::annotation: return documents.annotation(version, asked.identifier, address, who);
    case Kind::range: return documents.range(version, asked.identifier, address, who);
  }
  return base::fail(base::ErrorCode::internal, "The request failed.");
}

Result<Document> find_or_alias(const Services& services, const Asked& asked, Version version,
                               const http::Exchange& exchange) {
  const base::CancelToken cancel = deadline_of(services, exchange);
  if (auto ensured = ensure(services, asked, cancel); !ensured) return base::fail(ensured.error());
  auto document = find(services, asked, version, exchange.request());
  if (document || document.error().code != base::ErrorCode::not_found) return document;
  auto alias = services.catalogue.resolve_alias(asked.identifier);
  if (!alias && alias.error().code == base::ErrorCode::withheld) return base::fail(std::move(alias.error()));
  if (!alias) return document;
  Asked known = asked;
  known.identifier = std::move(*alias);
  known.spelling = base::encode_segment(asked.identifier);
  if (auto ensured = ensure(services, known, cancel); !ensured) return base::fail(ensured.error());
  return find(services, known, version, exchange.request());
}

Result<Response> answer(const Services& services, const http::Exchange& exchange, const Asked& asked) {
  const http::Request& request = exchange.request();
  const Representation representation = negotiate(request.headers.get("Accept"), asked.version);
  auto document = find_or_alias(services, asked, representation.version, exchange);
  if (!document) return base::fail(document.error());

  Response response;
  response.headers.set("Content-Type", media_type(representation));
  response.headers.set("Vary", "Accept");
  // Where people write, what one has saved is what everybody reads next, at the cost of a 304.
  const char* fresh = services.access.has_users() ? "public, no-cache" : "public, max-age=60";
  response.headers.set("Cache-Control", document->complete ? fresh : "no-cache");
  const bool named = asked.kind == Kind::manifest || asked.kind == Kind::collection;
  if (named && !asked.version) {
    const presentation::Addresses addresses(request.base_url, Style::versioned, representation.version);
    response.headers.set("Content-Location", asked.kind == Kind::manifest
                                                 ? addresses.manifest(asked.identifier)
                                                 : addresses.collection(asked.identifier, asked.part));
  }
  const std::string seed = fmt::format("{} {} {} {} {}", services.version, document->id, document->revision,
                                       document->complete, response.headers.get("Content-Type"));
  if (document->producer || document->kept) {
    response.headers.set("ETag", revision_tag(document->revision, base::hash_hex(seed + request.principal.tier)));
    if (document->kept) {
      response.body = std::move(document->kept);
    } else {
      response.body = std::make_unique<DocumentBody>(std::move(document->producer));
    }
  } else {
    response.headers.set(
        "ETag", revision_tag(document->revision, base::hash_hex(seed + request.principal.tier + document->text)));
    response.body = std::move(document->text);
  }
  return response;
}

// ---- routes ----------------------------------------------------------------------------------------------------------------------

// An identifier with slashes came with %2F, and the address is echoed as it was spelled.
void set_identifier(Asked& asked, std::string_view decoded) {
  asked.identifier = decoded;
  if (decoded.find('/') != std::string_view::npos) asked.spelling = base::encode_segment(decoded);
}

std::size_t part_number(std::string_view text) {
  std::size_t number = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || number > 100'000'000) return 0;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return number;
}

// As Server-Timing and /status call it.
std::string_view plan_of(Kind kind) {
  return kind == Kind::manifest ? "manifest" : kind == Kind::collection ? "collection" : "part";
}

void add(http::Router& router, const Services& services, std::string_view pattern, Kind kind,
         std::optional<Version> version) {
  const Style style = version ? Style::versioned : Style::neutral;
  router.add("GET", pattern, "presentation",
             [&services, kind, version, style](const ExchangePtr& exchange, const Parameters& parameters) {
               Asked asked;
               asked.kind = kind;
               asked.style = style;
               asked.version = version;
               asked.part = part_number(parameters.get("part"));
               set_identifier(asked, parameters.get("id"));
               later(services, exchange, base::Lane::tile, [&services, exchange, asked] {
                 auto answered = answer(services, *exchange, asked);
                 if (answered) answered->timing.plan = plan_of(asked.kind);
                 return answered;
               });
             });
}

void add_named(http::Router& router, const Services& services, const std::string& prefix,
               std::optional<Version> version) {
  add(router, services, prefix + "/collection", Kind::collection, version);
  add(router, services, prefix + "/collection/{part}", Kind::collection, version);
  add(router, services, prefix + "/{id}/collection", Kind::collection, version);
  add(router, services, prefix + "/{id}/collection/{part}", Kind::collection, version);
  add(router, services, prefix + "/{id}/manifest", Kind::manifest, version);
}

}  // namespace

void add_presentation_routes(http::Router& router, const Services& services) {
  add_named(router, services, "/iiif", std::nullopt);
  add_named(router, services, "/iiif/presentation/3", Version::v3);
  add_named(router, services, "/iiif/presentation/2", Version::v2);
  add_named(router, services, "/iiif/presentation/4", Version::v4);
  add(router, services, "/iiif/canvas/{id}", Kind::canvas, std::nullopt);
  add(router, services, "/iiif/page/{id}", Kind::page, std::nullopt);
  add(router, services, "/iiif/annotation/{id}", Kind::annotation, std::nullopt);
  add(router, services, "/iiif/range/{id}", Kind::range, std::nullopt);
}

}  // namespace armarium::api
