// The Image API's addresses, /iiif/image/{2,3}/{id}…: information, the redirect of the base address, pictures.

#include <fmt/format.h>

#include "api/image_routes.h"
#include "base/uri.h"

namespace armarium::api {
namespace {

using http::ExchangePtr;
using http::Parameters;
using iiif::ImageVersion;

int number_of(ImageVersion version) { return version == ImageVersion::v3 ? 3 : 2; }

// Image API 3.0, 2.1: the base address leads to the information, but only where there is something.
void answer_redirect(const ImageServicePtr& service, const ExchangePtr& exchange, ServiceAddress address) {
  later(service->services, exchange, base::Lane::tile,
        [service, exchange, address = std::move(address)]() -> base::Result<http::Response> {
          auto record = service->records.get(address.identifier, exchange->request().principal,
                                             deadline_of(service->services, *exchange));
          if (!record) return base::fail(std::move(record.error()));
          http::Response response{303, {}, std::string{}};
          response.headers.set("Location", address.base + "/info.json");
          response.headers.set("Cache-Control", "public, max-age=300");
          return response;
        });
}

void add_version(http::Router& router, const ImageServicePtr& service, ImageVersion version) {
  const std::string prefix = fmt::format("/iiif/image/{}/{{id}}", number_of(version));
  const auto redirecting = [service, version](const ExchangePtr& exchange, const Parameters& parameters) {
    answer_redirect(service, exchange, address_of(exchange->request(), version, parameters.get("id")));
  };
  router.add("GET", prefix, "image base", redirecting);
  router.add("GET", prefix + "/", "image base", redirecting);
  router.add("GET", prefix + "/info.json", "image information",
             [service, version](const ExchangePtr& exchange, const Parameters& parameters) {
               answer_information(service, exchange, address_of(exchange->request(), version, parameters.get("id")));
             });
  router.add("GET", prefix + "/{region}/{size}/{rotation}/{quality}", "image",
             [service, version](const ExchangePtr& exchange, const Parameters& parameters) {
               auto asked = iiif::ImageRequest::parse(version, parameters.get("region"), parameters.get("size"),
                                                      parameters.get("rotation"), parameters.get("quality"));
               if (!asked) return refuse(service->services, exchange, asked.error());
               answer_picture(service, exchange, address_of(exchange->request(), version, parameters.get("id")),
                              std::move(*asked));
             });
}

}  // namespace

ServiceAddress address_of(const http::Request& request, ImageVersion version, std::string_view spelled) {
  ServiceAddress address;
  address.version = version;
  address.identifier = spelled;
  address.base =
      fmt::format("{}/iiif/image/{}/{}", request.base_url, number_of(version), base::encode_segment(spelled));
  return address;
}

const std::string& profile_link(ImageVersion version) {
  static const std::string kLevel2OfVersion3 = R"(<http://iiif.io/api/image/3/level2.json>;rel="profile")";
  static const std::string kLevel2OfVersion2 = R"(<http://iiif.io/api/image/2/level2.json>;rel="profile")";
  return version == ImageVersion::v3 ? kLevel2OfVersion3 : kLevel2OfVersion2;
}

void add_image_routes(http::Router& router, const Services& services) {
  const auto service = std::make_shared<ImageService>(services);
  add_version(router, service, ImageVersion::v3);
  add_version(router, service, ImageVersion::v2);
}

}  // namespace armarium::api
