// What is made of a whole item, for those who want to read or print it: /media/{id}/pages.pdf, its pictures one on each page, and /text/{id}.txt. Both are announced as `rendering`.

#include <fmt/format.h>

#include "api/site_context.h"
#include "base/hash.h"
#include "catalogue/image_description.h"
#include "pipeline/book_stream.h"
#include "presentation/plain_text.h"
#include "presentation/renderings.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;
using pipeline::BookStream;

// Of a page: about 300 dots an inch on a sheet of A5, 150 on A4.
constexpr std::string_view kPageSize = "!1754,1754";

// The item, by its own identifier or one that stands for it.
Result<catalogue::Manifest> find_manifest(const Services& services, const http::Exchange& exchange,
                                          const std::string& identifier) {
  const base::CancelToken cancel = deadline_of(services, exchange);
  const base::Principal& who = exchange.request().principal;
  if (auto ensured = ensure_item(services, identifier, cancel); !ensured) return base::fail(ensured.error());
  auto manifest = services.catalogue.manifest(identifier, who);
  if (manifest || manifest.error().code != ErrorCode::not_found) return manifest;
  auto alias = services.catalogue.resolve_alias(identifier);
  if (!alias && alias.error().code == ErrorCode::withheld) return base::fail(std::move(alias.error()));
  if (!alias) return manifest;
  if (auto ensured = ensure_item(services, *alias, cancel); !ensured) return base::fail(ensured.error());
  return services.catalogue.manifest(*alias, who);
}

Result<std::vector<BookStream::Page>> pages_of(const Services& services, const base::Principal& who,
                                               const catalogue::Manifest& manifest, std::string_view language) {
  const auto asked = iiif::ImageRequest::parse(iiif::ImageVersion::v3, "full", kPageSize, "0", "default.jpg");
  if (!asked) return base::fail(asked.error());
  std::vector<BookStream::Page> pages;
  pages.reserve(manifest.canvases.size());
  for (const catalogue::Canvas& canvas : manifest.canvases) {
    BookStream::Page page{canvas.label.best(language).value, canvas.extent, {}, {}, {}};
    if (const catalogue::Asset* asset = presentation::shown_picture(canvas)) {
      auto numbers = iiif::resolve(*asked, catalogue::describe(*asset, {"jpg"}).capabilities);
      if (numbers) {
        page.target = pipeline::Target{asset->path, asset->page, asset->version};
        page.numbers = std::move(*numbers);
        // It may be taken down while the pages before it are made.
        page.may = [&catalogue = services.catalogue, who, name = canvas.identifier, picture = asset->identifier] {
          return catalogue.allowed(name).has_value() && catalogue.asset(picture, who).has_value();
        };
      }
    }
    pages.push_back(std::move(page));
  }
  return pages;
}

// One page at each pull, which has the time of a request.
class BookProducer final : public http::BodyProducer {
 public:
  BookProducer(const Services& services, const http::Exchange& exchange, BookStream book)
      : time_(services.request_time), cancel_(exchange.cancel()), book_(std::move(book)) {}

  Result<bool> pull(std::string& out) override {
    base::Bytes bytes;
    auto more = book_.next(bytes, cancel_.with_deadline(base::CancelToken::Clock::now() + time_));
    out += base::as_text(bytes);
    return more;
  }

 private:
  std::chrono::seconds time_;
  base::CancelToken cancel_;
  BookStream book_;
};

Response answer(std::string_view type, const catalogue::Manifest& manifest, std::string_view seed) {
  Response response;
  response.headers.set("Content-Type", std::string(type));
  response.headers.set("Cache-Control", manifest.complete ? "public, max-age=60" : "no-cache");
  response.headers.set("ETag", revision_tag(manifest.revision, base::hash_hex(seed)));
  response.headers.set("Vary", "Accept-Language");
  return response;
}

Result<Response> book(const Services& services, const ExchangePtr& exchange, const std::string& identifier) {
  auto manifest = find_manifest(services, *exchange, identifier);
  if (!manifest) return base::fail(std::move(manifest.error()));
  if (!presentation::has_pictures(*manifest))
    return base::fail(ErrorCode::not_found, "This item has no pictures here that a PDF could be made of.");
  const PageContext context = page_context(services, exchange->request());
  const std::string language = context.locale.code();
  auto pages = pages_of(services, exchange->request().principal, *manifest, language);
  if (!pages) return base::fail(std::move(pages.error()));
  Response response = answer("application/pdf", *manifest, services.version + " pdf " + language);
  BookStream stream(services.pipeline, services.large_memory, manifest->description.label.best(language).value,
                    std::move(*pages), exchange->request().principal.tier);
  response.body = std::make_unique<BookProducer>(services, *exchange, std::move(stream));
  return response;
}

Result<Response> text(const Services& services, const ExchangePtr& exchange, const std::string& identifier) {
  auto manifest = find_manifest(services, *exchange, identifier);
  if (!manifest) return base::fail(std::move(manifest.error()));
  const http::Request& request = exchange->request();
  const PageContext context = page_context(services, request);
  const presentation::Addresses addresses(request.base_url, presentation::Style::neutral, presentation::Version::v3);
  std::string body = presentation::plain_text(*manifest, context.locale.code(), addresses.item(identifier));
  Response response = answer("text/plain; charset=utf-8", *manifest, body);
  response.body = std::move(body);
  return response;
}

}  // namespace

void add_rendering_routes(http::Router& router, const Services& services) {
  router.add("GET", fmt::format("/media/{{id}}/{}", presentation::kBookName), "media",
             [&services](const ExchangePtr& exchange, const Parameters& parameters) {
               const std::string id(parameters.get("id"));
               later(services, exchange, base::Lane::large,
                     [&services, exchange, id] { return book(services, exchange, id); });
             });
  router.add("GET", "/text/{name}", "text", [&services](const ExchangePtr& exchange, const Parameters& parameters) {
    std::string name(parameters.get("name"));
    if (!name.ends_with(presentation::kTextEnding))
      return refuse(services, exchange, {ErrorCode::not_found, "There is no such text.", {}});
    name.resize(name.size() - presentation::kTextEnding.size());
    later(services, exchange, base::Lane::tile,
          [&services, exchange, name = std::move(name)] { return text(services, exchange, name); });
  });
}

}  // namespace armarium::api
