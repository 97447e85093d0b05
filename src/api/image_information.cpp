// info.json of both versions (Image API 3.0, 5; 2.1.1, 5).

#include "api/image_routes.h"
#include "http/negotiation.h"

namespace armarium::api {
namespace {

using iiif::ImageVersion;

constexpr const char* kContext3 = "http://iiif.io/api/image/3/context.json";
constexpr const char* kJsonLd3 = R"(application/ld+json;profile="http://iiif.io/api/image/3/context.json")";
constexpr const char* kContextLink2 =
    R"(<http://iiif.io/api/image/2/context.json>;rel="http://www.w3.org/ns/json-ld#context";type="application/ld+json")";

// Image API 3.0, 5.1: JSON-LD with its profile unless plain JSON is asked for; 2.1.1, 5.1: the other way round.
std::string_view media_type(std::string_view accept, ImageVersion version) {
  if (version == ImageVersion::v3) {
    const auto chosen = http::choose_media_type(accept, {{"application/ld+json", kContext3}, {"application/json"}});
    return chosen == 1U ? "application/json" : kJsonLd3;
  }
  const bool named = accept.find("application/ld+json") != std::string_view::npos;
  const auto chosen = http::choose_media_type(accept, {{"application/json"}, {"application/ld+json"}});
  return named && chosen == 1U ? "application/ld+json" : "application/json";
}

http::Response information(ImageService& service, const http::Request& request, const ImageRecord& record,
                           const ServiceAddress& address) {
  const auto document = service.records.information(record, address.version, address.base);
  const std::string_view type = media_type(request.headers.get("Accept"), address.version);
  http::Response response;
  response.headers.set("Content-Type", std::string(type));
  if (address.version == ImageVersion::v2 && type == "application/json") response.headers.add("Link", kContextLink2);
  response.headers.add("Link", profile_link(address.version));
  response.headers.set("Vary", "Accept");
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("ETag", type == "application/json" ? document->etag_json : document->etag_ld);
  response.body = document->body;
  record.documents->until(record.read_at + ImageRecord::kTrusted);
  response.lasting = record.documents;
  return response;
}

}  // namespace

void answer_information(const ImageServicePtr& service, const http::ExchangePtr& exchange, ServiceAddress address) {
  const http::Request& request = exchange->request();
  if (const ImageRecordPtr record = service->records.find(address.identifier, request.principal))
    return exchange->respond(information(*service, request, *record, address));
  later(service->services, exchange, base::Lane::tile,
        [service, exchange, address = std::move(address)]() -> base::Result<http::Response> {
          const http::Request& asked = exchange->request();
          auto record =
              service->records.get(address.identifier, asked.principal, deadline_of(service->services, *exchange));
          if (!record) return base::fail(std::move(record.error()));
          return information(*service, asked, **record, address);
        });
}

}  // namespace armarium::api
