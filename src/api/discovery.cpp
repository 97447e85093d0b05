// The change stream's addresses (Change Discovery 1.0). The collection and its last page are asked for again each time; a page that is full and has a next one
// is kept for long.

#include <charconv>

#include <fmt/format.h>

#include "api/services.h"
#include "base/hash.h"
#include "discovery/stream.h"
#include "http/address.h"
#include "http/negotiation.h"
#include "presentation/addresses.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;
using presentation::Style;
using presentation::Version;

enum class Kind { collection, page, activity };

struct Variant {
  Version version;
  std::string_view ending;  // of the addresses of the stream
  std::string_view format;
};

// 4.3: each version of a document is a resource of its own, in a stream of its own.
constexpr Variant kThree{Version::v3, "",
                         R"(application/ld+json;profile="http://iiif.io/api/presentation/3/context.json")"};
constexpr Variant kTwo{Version::v2, "/v2",
                       R"(application/ld+json;profile="http://iiif.io/api/presentation/2/context.json")"};
// Presentation 4 is a draft.
constexpr Variant kFour{Version::v4, "/v4",
                        R"(application/ld+json;profile="http://iiif.io/api/presentation/4/context.json")"};

std::string address_in(const presentation::Addresses& addresses, const store::ItemKey& key) {
  return key.kind == store::Kind::collection ? addresses.collection(key.identifier)
                                             : addresses.manifest(key.identifier);
}

discovery::Addresses addresses_of(const http::Request& request, const Variant& variant) {
  discovery::Addresses out;
  out.base = request.base_url + "/iiif/discovery/1";
  out.ending = variant.ending;
  out.format = variant.format;
  out.object = [addresses = presentation::Addresses(request.base_url, Style::versioned, variant.version)](
                   const store::ItemKey& key) { return address_in(addresses, key); };
  out.canonical = [addresses = presentation::Addresses(request.base_url, Style::neutral, Version::v3)](
                      const store::ItemKey& key) { return address_in(addresses, key); };
  return out;
}

// Ids must stay what they are, and nothing that is not whole may look as if it were.
Result<> may_answer(const Services& services, const http::Request& request) {
  if (services.public_url.empty() && !http::is_loopback(request.local))
    return base::fail(ErrorCode::forbidden, "The change stream needs --public-url, so that its addresses stay.");
  const ingest::LibraryStatus status = services.library.status();
  auto open = services.stream.is_open(status.first_scan_done && status.pending == 0);
  if (!open) return base::fail(open.error());
  if (*open) return {};
  return base::fail({ErrorCode::not_ready, "The change stream opens when everything has been looked at.", {}, 5});
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool plain = failed == std::errc{} && end == text.data() + text.size() && text.front() != '0';
  return plain && number < 1'000'000'000'000'000 ? number : 0;
}

Result<Response> answer(const Services& services, const http::Request& request, Kind kind, const Variant& variant,
                        std::uint64_t number) {
  if (auto may = may_answer(services, request); !may) return base::fail(may.error());
  const discovery::Addresses addresses = addresses_of(request, variant);
  auto document = kind == Kind::collection ? services.stream.collection(addresses)
                  : kind == Kind::page     ? services.stream.page(number, addresses)
                                           : services.stream.activity(number, addresses);
  if (!document) return base::fail(document.error());
  Response response;
  const std::string profile(iiif::discovery::kContext);
  const auto chosen =
      http::choose_media_type(request.headers.get("Accept"), {{"application/ld+json", profile}, {"application/json"}});
  // 4.1 Media Type.
  response.headers.set("Content-Type", chosen == 1U ? std::string("application/json")
                                                    : fmt::format(R"(application/ld+json;profile="{}")", profile));
  response.headers.set("Vary", "Accept");
  // A name may have to be erased one day, so that nothing is immutable for ever.
  response.headers.set("Cache-Control", document->settled ? "public, max-age=604800" : "no-cache");
  response.headers.set("ETag", entity_tag(base::hash_hex(response.headers.joined("Content-Type") + document->text)));
  response.body = std::move(document->text);
  response.timing.plan = "stream";
  return response;
}

void add(http::Router& router, const Services& services, std::string_view pattern, Kind kind, const Variant& variant) {
  router.add("GET", std::string(pattern) + std::string(variant.ending), "discovery",
             [&services, kind, &variant](const ExchangePtr& exchange, const Parameters& parameters) {
               const std::uint64_t number = number_in(parameters.get("number"));
               later(services, exchange, base::Lane::tile, [&services, exchange, kind, &variant, number] {
                 return answer(services, exchange->request(), kind, variant, number);
               });
             });
}

}  // namespace

void add_discovery_routes(http::Router& router, const Services& services) {
  for (const Variant* variant : {&kThree, &kTwo, &kFour}) {
    add(router, services, "/iiif/discovery/1/collection", Kind::collection, *variant);
    add(router, services, "/iiif/discovery/1/page/{number}", Kind::page, *variant);
    add(router, services, "/iiif/discovery/1/activity/{number}", Kind::activity, *variant);
  }
  router.add("GET", "/iiif/discovery/1/erased/{number}", "discovery",
             [&services](const ExchangePtr& exchange, const Parameters&) {
               refuse(services, exchange, {ErrorCode::gone, "What was here was taken out of the change stream.", {}});
             });
}

}  // namespace armarium::api
