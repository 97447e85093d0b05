// /media/{id}/{name}: a description, text or download that the document of an item links to (ingest/described_files.h); else the file of a shown picture under its own name, with ranges: its pixels byte for byte, what is embedded beside them only with `embedded: all`.
// Masters that stand behind an access copy are no assets and so are not here; a picture with a size limit is not handed out whole by this way round.

#include "api/services.h"
#include "base/hash.h"
#include "ingest/described_files.h"
#include "ingest/public_file.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::Response;

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Result<Response> file(const Services& services, ingest::PublicFiles& files, const http::Exchange& exchange,
                      const std::string& identifier, std::string_view name) {
  const http::Request& request = exchange.request();
  auto asset = find_asset(services, identifier, request.principal, deadline_of(services, exchange));
  if (!asset) return base::fail(asset.error());
  // A file goes with each of its pages.
  auto takedowns = services.catalogue.takedowns();
  if (!takedowns) return base::fail(takedowns.error());
  if ((*takedowns)->holds_part_of_file(asset->identifier))
    return base::fail(ErrorCode::withheld, "A part of this file was taken down, so that the file is not available.");
  if (file_name(asset->path) != name)
    return base::fail(ErrorCode::not_found, "That file does not belong to this picture.");
  if (asset->limits.any())
    return base::fail(ErrorCode::forbidden,
                      "This picture is offered up to a limited size only; the file itself is not.");
  auto source = services.source.open(asset->path);
  if (source && !asset->whole_file) source = files.open(std::move(*source), asset->path);
  if (!source) return base::fail(source.error());
  Response response;
  response.headers.set("Content-Type", asset->media_type.empty() ? "application/octet-stream" : asset->media_type);
  response.headers.set("Content-Disposition", "inline");
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("ETag", entity_tag(base::hash_hex(asset->path + (*source)->version().token)));
  response.headers.set("Accept-Ranges", "bytes");
  // A drawing may hold scripts: they do not run in our name.
  if (asset->media_type == "image/svg+xml") response.headers.set("Content-Security-Policy", "sandbox");
  const std::uint64_t size = (*source)->size();
  response.body = http::FileSlice{std::move(*source), {0, size}};
  return response;
}

// What is linked at the item of this identifier. not_found when nothing is.
Result<ingest::GivenFile> linked_file(const Services& services, const http::Request& request,
                                      const std::string& identifier, std::string_view name) {
  const auto none = [] { return base::fail(ErrorCode::not_found, "That file does not belong to this item."); };
  const auto below = ingest::below_of(name);
  if (!below) return none();
  const std::string id = ingest::media_id(identifier, *below);
  const auto manifest = services.catalogue.manifest(identifier, request.principal);
  if (manifest && ingest::links_to(*manifest, id))
    return services.library.given_file({store::Kind::manifest, identifier}, *below);
  if (!manifest && manifest.error().code == ErrorCode::withheld) return base::fail(manifest.error());
  const auto collection = services.catalogue.collection(identifier, {}, 1, request.principal);
  if (collection && ingest::links_to(*collection, id))
    return services.library.given_file({store::Kind::collection, identifier}, *below);
  return none();
}

Result<Response> described(const Services& services, const http::Exchange& exchange, const std::string& identifier,
                           std::string_view name) {
  if (auto ensured = ensure_item(services, identifier, deadline_of(services, exchange)); !ensured)
    return base::fail(ensured.error());
  auto found = linked_file(services, exchange.request(), identifier, name);
  if (!found) return base::fail(found.error());
  auto source = services.source.open(found->path);
  if (!source) return base::fail(source.error());
  Response response;
  response.headers.set("Content-Type", found->media_type);
  response.headers.set("Content-Disposition", "inline");
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("ETag", entity_tag(base::hash_hex(found->path + (*source)->version().token)));
  response.headers.set("Accept-Ranges", "bytes");
  response.headers.set("Content-Security-Policy", "sandbox");  // XML and HTML may hold scripts
  const std::uint64_t size = (*source)->size();
  response.body = http::FileSlice{std::move(*source), {0, size}};
  return response;
}

Result<Response> any_file(const Services& services, ingest::PublicFiles& files, const http::Exchange& exchange,
                          const std::string& identifier, std::string_view name) {
  auto picture = file(services, files, exchange, identifier, name);
  if (picture || picture.error().code != ErrorCode::not_found) return picture;
  auto found = described(services, exchange, identifier, name);
  return found || found.error().code != ErrorCode::not_found ? std::move(found) : std::move(picture);
}

}  // namespace

void add_media_routes(http::Router& router, const Services& services) {
  const auto files = std::make_shared<ingest::PublicFiles>();
  router.add(
      "GET", "/media/{id}/{name}", "media",
      [&services, files](const http::ExchangePtr& exchange, const http::Parameters& parameters) {
        later(services, exchange, base::Lane::tile,
              [&services, files, exchange, id = std::string(parameters.get("id")),
               name = std::string(parameters.get("name"))] { return any_file(services, *files, *exchange, id, name); });
      });
}

}  // namespace armarium::api
