// The Image API's addresses, /iiif/image/{2,3}/{id}…: information, the redirect of the base address, pictures.

#include <fmt/format.h>

#include "api/services.h"
#include "base/hash.h"
#include "base/uri.h"
#include "catalogue/image_description.h"
#include "http/conditional.h"
#include "http/negotiation.h"

namespace armarium::api {
namespace {

using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;
using iiif::ImageVersion;

constexpr const char* kContext3 = "http://iiif.io/api/image/3/context.json";
constexpr const char* kJsonLd3 = R"(application/ld+json;profile="http://iiif.io/api/image/3/context.json")";

// The address of a service as this request spelled it: with %2F where the identifier came with slashes, canonical otherwise.
struct ServiceAddress {
  ImageVersion version = ImageVersion::v3;
  std::string identifier;  // decoded once
  std::string base;        // "https://host/iiif/image/3/{id}", no slash at the end
};

ServiceAddress address_of(const http::Request& request, ImageVersion version, std::string_view spelled) {
  ServiceAddress address;
  address.version = version;
  address.identifier = spelled;
  address.base = fmt::format("{}/iiif/image/{}/{}", request.base_url, version == ImageVersion::v3 ? 3 : 2,
                             base::encode_segment(spelled));
  return address;
}

Result<catalogue::Asset> readable_asset(const Services& services, const std::string& identifier,
                                        const base::Principal& who, const base::CancelToken& cancel) {
  auto asset = find_asset(services, identifier, who, cancel);
  if (!asset) return asset;
  if (asset->state == catalogue::AssetState::damaged) {
    return base::fail(base::ErrorCode::corrupt, fmt::format("This picture cannot be read: {}", asset->problem));
  }
  return asset;
}

std::string profile_link(ImageVersion version) {
  return fmt::format(R"(<http://iiif.io/api/image/{}/level2.json>;rel="profile")", version == ImageVersion::v3 ? 3 : 2);
}

// ---- info.json -------------------------------------------------------------------------------------------------------------------

Result<Response> information(const Services& services, const http::Exchange& exchange, const ServiceAddress& address) {
  const http::Request& request = exchange.request();
  auto asset = readable_asset(services, address.identifier, request.principal, deadline_of(services, exchange));
  if (!asset) return base::fail(asset.error());
  const iiif::ImageDescription description = catalogue::describe(*asset, services.pipeline.output_formats());
  const bool version3 = address.version == ImageVersion::v3;
  std::string body =
      version3 ? iiif::write_info_3(description, address.base) : iiif::write_info_2(description, address.base);

  // Image API 3.0, 5.1: JSON-LD with its profile unless plain JSON is asked for; 2.1.1, 5.1: the other way round.
  const std::string_view accept = request.headers.get("Accept");
  Response response;
  if (version3) {
    const auto chosen = http::choose_media_type(accept, {{"application/ld+json", kContext3}, {"application/json"}});
    response.headers.set("Content-Type", chosen == 1U ? "application/json" : kJsonLd3);
  } else {
    const bool named = accept.find("application/ld+json") != std::string_view::npos;
    const auto chosen = http::choose_media_type(accept, {{"application/json"}, {"application/ld+json"}});
    const bool linked = named && chosen == 1U;
    response.headers.set("Content-Type", linked ? "application/ld+json" : "application/json");
    if (!linked) {
      response.headers.add(
          "Link",
          R"(<http://iiif.io/api/image/2/context.json>;rel="http://www.w3.org/ns/json-ld#context";type="application/ld+json")");
    }
  }
  response.headers.add("Link", profile_link(address.version));
  response.headers.set("Vary", "Accept");
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("ETag", entity_tag(base::hash_hex(body + std::string(response.headers.get("Content-Type")))));
  response.body = std::move(body);
  return response;
}

// ---- pictures --------------------------------------------------------------------------------------------------------------------

struct PictureWork {
  ServiceAddress address;
  iiif::ImageRequest asked;
};

struct Prepared {
  pipeline::Target target;
  iiif::ResolvedRequest numbers;
  std::string canonical;
  std::string etag;
  bool large = false;
  bool not_modified = false;
};

Result<Prepared> prepare(const Services& services, const http::Exchange& exchange, const PictureWork& work) {
  const http::Request& request = exchange.request();
  auto asset = readable_asset(services, work.address.identifier, request.principal, deadline_of(services, exchange));
  if (!asset) return base::fail(asset.error());
  const std::vector<std::string> formats = services.pipeline.output_formats();
  const iiif::ImageDescription description = catalogue::describe(*asset, formats);
  auto numbers = iiif::resolve(work.asked, description.capabilities);
  if (!numbers) return base::fail(numbers.error());
  if (std::find(formats.begin(), formats.end(), numbers->format) == formats.end()) {
    return base::fail(base::ErrorCode::invalid_argument,
                      fmt::format("The format \"{}\" is not offered here.", numbers->format));
  }
  Prepared prepared{{asset->path, asset->page, asset->version}, *numbers, {}, {}};
  prepared.canonical = iiif::canonical_path(work.address.version, *numbers, description.capabilities);
  auto etag = services.pipeline.etag(prepared.target, *numbers, request.principal.tier);
  if (!etag) return base::fail(etag.error());
  prepared.etag = *etag;
  prepared.not_modified = http::evaluate(request, entity_tag(prepared.etag)) == http::Precondition::not_modified;
  if (!prepared.not_modified) {
    auto estimate = services.pipeline.estimate(prepared.target, *numbers);
    if (!estimate) return base::fail(estimate.error());
    prepared.large = estimate->large;
  }
  return prepared;
}

void add_picture_headers(Response& response, const PictureWork& work, const Prepared& prepared) {
  // In one header: clients that look at the first only are about.
  response.headers.set("Link", fmt::format(R"(<{}/{}>;rel="canonical", {})", work.address.base, prepared.canonical,
                                           profile_link(work.address.version)));
  response.headers.set("ETag", entity_tag(prepared.etag));
  response.headers.set("Cache-Control", "public, max-age=86400");
}

void note_damage(const Services& services, const pipeline::Target& target, const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::corrupt:
    case base::ErrorCode::resource_limit: services.damage.note(target.path, target.version, error.message); break;
    case base::ErrorCode::deadline_exceeded:
      services.damage.note(target.path, target.version, "Decoding it takes longer than the server allows.");
      break;
    default: break;
  }
}

Result<Response> render(const Services& services, const http::Exchange& exchange, const PictureWork& work,
                        const Prepared& prepared) {
  auto rendered = services.pipeline.render(prepared.target, prepared.numbers, exchange.request().principal.tier,
                                           deadline_of(services, exchange));
  if (!rendered) {
    note_damage(services, prepared.target, rendered.error());
    return base::fail(rendered.error());
  }
  services.damage.forget_older(prepared.target.path, prepared.target.version);
  Response response;
  add_picture_headers(response, work, prepared);
  response.headers.set("Content-Type", rendered->media_type);
  response.headers.set("Accept-Ranges", "bytes");
  response.headers.set("Server-Timing", rendered->plan);
  response.body = rendered->body;
  return response;
}

void picture(const Services& services, const ExchangePtr& exchange, PictureWork work) {
  const bool accepted = services.pool.submit(base::Lane::tile, [&services, exchange, work = std::move(work)] {
    const auto step = [&]() -> Result<Prepared> {
      if (auto go = exchange->cancel().check(); !go) return base::fail(go.error());
      return prepare(services, *exchange, work);
    };
    Result<Prepared> prepared = step();
    if (!prepared) {
      refuse(services, exchange, prepared.error());
    } else if (prepared->not_modified) {
      Response response{304, {}, {}};
      add_picture_headers(response, work, *prepared);
      response.headers.set("Server-Timing", "source;desc=\"not read\"");
      exchange->respond(std::move(response));
    } else if (prepared->large) {
      later(services, exchange, base::Lane::large,
            [&services, exchange, work, ready = *prepared] { return render(services, *exchange, work, ready); });
    } else {
      auto response = render(services, *exchange, work, *prepared);
      if (response) {
        exchange->respond(std::move(*response));
      } else {
        refuse(services, exchange, response.error());
      }
    }
  });
  if (!accepted) refuse(services, exchange, kBusy);
}

// ---- routes ----------------------------------------------------------------------------------------------------------------------

// Image API 3.0, 2.1: the base address leads to the information, but only where there is something.
Result<Response> redirect(const Services& services, const http::Exchange& exchange, const ServiceAddress& address) {
  const http::Request& request = exchange.request();
  auto asset = readable_asset(services, address.identifier, request.principal, deadline_of(services, exchange));
  if (!asset) return base::fail(asset.error());
  Response response{303, {}, std::string{}};
  response.headers.set("Location", address.base + "/info.json");
  response.headers.set("Cache-Control", "public, max-age=300");
  return response;
}

void add_version(http::Router& router, const Services& services, ImageVersion version) {
  const std::string prefix = fmt::format("/iiif/image/{}/{{id}}", version == ImageVersion::v3 ? 3 : 2);
  const auto redirecting = [&services, version](const ExchangePtr& exchange, const Parameters& parameters) {
    later(services, exchange, base::Lane::tile,
          [&services, exchange, address = address_of(exchange->request(), version, parameters.get("id"))] {
            return redirect(services, *exchange, address);
          });
  };
  router.add("GET", prefix, "image base", redirecting);
  router.add("GET", prefix + "/", "image base", redirecting);
  router.add("GET", prefix + "/info.json", "image information",
             [&services, version](const ExchangePtr& exchange, const Parameters& parameters) {
               later(services, exchange, base::Lane::tile,
                     [&services, exchange, address = address_of(exchange->request(), version, parameters.get("id"))] {
                       return information(services, *exchange, address);
                     });
             });
  router.add("GET", prefix + "/{region}/{size}/{rotation}/{quality}", "image",
             [&services, version](const ExchangePtr& exchange, const Parameters& parameters) {
               auto asked = iiif::ImageRequest::parse(version, parameters.get("region"), parameters.get("size"),
                                                      parameters.get("rotation"), parameters.get("quality"));
               if (!asked) {
                 refuse(services, exchange, asked.error());
                 return;
               }
               picture(services, exchange,
                       {address_of(exchange->request(), version, parameters.get("id")), std::move(*asked)});
             });
}

}  // namespace

void add_image_routes(http::Router& router, const Services& services) {
  add_version(router, services, ImageVersion::v3);
  add_version(router, services, ImageVersion::v2);
}

}  // namespace armarium::api
