// Writing at the addresses of what stands inside a Manifest: PATCH of a Canvas or a Range is an edit over its item, under the same conditions as one at the item's own address, and a version of the
// item's history.

#include <algorithm>

#include <fmt/format.h>

#include "api/access.h"
#include "api/written_document.h"
#include "base/uri.h"
#include "iiif/presentation/local_ids.h"
#include "presentation/ranges.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Request;
using http::Response;
using presentation::Address;
using presentation::Document;
using presentation::Style;
using presentation::Version;

constexpr std::size_t kLongestReason = 2000;

struct Part {
  bool range = false;
  std::string identifier;
  std::string local_id() const { return (range ? "/iiif/range/" : "/iiif/canvas/") + base::encode_segment(identifier); }
};

Result<Document> read(const Services& services, const Part& part, const std::string& base_url,
                      const base::Principal& who) {
  const Address address{base_url, Style::neutral, {}};
  return part.range ? services.documents.range(Version::v3, part.identifier, address, who)
                    : services.documents.canvas(Version::v3, part.identifier, address, who);
}

// "book" of "/iiif/book/manifest", which a Canvas names in partOf.
std::string holder_in(const std::string& text) {
  const auto value = json::parse(text);
  const json::Object* object = value ? value->if_object() : nullptr;
  const json::Value* list = object == nullptr ? nullptr : object->if_contains("partOf");
  if (list == nullptr || !list->is_array() || list->get_array().empty()) return {};
  const json::Object* holder = list->get_array().front().if_object();
  std::string_view id = holder == nullptr ? std::string_view() : json::text_of(*holder, "id");
  constexpr std::string_view kBefore = "/iiif/";
  constexpr std::string_view kAfter = "/manifest";
  if (!id.starts_with(kBefore) || !id.ends_with(kAfter)) return {};
  id = id.substr(kBefore.size(), id.size() - kBefore.size() - kAfter.size());
  return base::percent_decode(id).value_or("");
}

// The item that has the part. not_found where none has.
Result<std::string> item_of(const Services& services, const ExchangePtr& exchange, const Part& part) {
  const base::CancelToken cancel = deadline_of(services, *exchange);
  std::string item(iiif::presentation::item_of_part(part.identifier));
  if (item.empty() && part.range) item = presentation::manifest_of_range(part.identifier);
  auto sure = item.empty() ? ensure_asset(services, part.identifier, cancel) : ensure_item(services, item, cancel);
  if (!sure) return base::fail(sure.error());
  const auto document = read(services, part, {}, exchange->request().principal);
  if (!document) return base::fail(document.error());
  if (item.empty()) item = holder_in(document->text);
  if (item.empty()) return base::fail(ErrorCode::not_found, "There is no such canvas.");
  if (part.range) return item;
  // What stands beside a Canvas (=placeholder) has a document of its own, but nothing can be written over it.
  auto manifest = services.catalogue.manifest(item, exchange->request().principal);
  if (!manifest) return base::fail(std::move(manifest.error()));
  const bool has = std::any_of(manifest->canvases.begin(), manifest->canvases.end(),
                               [&](const catalogue::Canvas& canvas) { return canvas.identifier == part.identifier; });
  if (!has) return base::fail(ErrorCode::not_found, "Only the Canvases of an item can be changed by themselves.");
  return item;
}

Result<Response> change(const Services& services, const ExchangePtr& exchange, Part part, base::ByteView body) {
  const Request& request = exchange->request();
  auto item = item_of(services, exchange, part);
  if (!item && item.error().code == ErrorCode::not_found) {
    // As others call it.
    const auto known = services.catalogue.resolve_alias(part.identifier);
    if (known) {
      part.identifier = *known;
      item = item_of(services, exchange, part);
    }
  }
  if (!item) return base::fail(std::move(item.error()));
  catalogue::Edit edit;
  edit.item = {store::Kind::manifest, *item};
  edit.method = request.method;
  edit.who = request.principal.name;
  edit.why = base::query_value(request.query, "reason").value_or("").substr(0, kLongestReason);
  if (auto conditions = read_conditions_into(edit, request, true); !conditions) return base::fail(conditions.error());
  auto patch = read_part_patch_into(edit, services, request, body, part.range ? "Range" : "Canvas", part.local_id());
  if (!patch) return base::fail(patch.error());
  const bool dry = base::query_value(request.query, "dry-run") == "true";
  auto edited = services.catalogue.edit(std::move(edit), dry);
  if (!edited) return base::fail(std::move(edited.error()));
  Response response;
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Type", "application/json");
  if (dry) {
    response.body = std::string(R"({"dryRun":true,"created":false})");
    return response;
  }
  auto document = read(services, part, request.base_url, request.principal);
  if (!document) return base::fail(document.error());
  response.headers.set("Content-Type",
                       fmt::format(R"(application/ld+json;profile="{}")", iiif::presentation::context_of(Version::v3)));
  response.headers.set("ETag", revision_tag(document->revision, "written"));
  response.headers.set("Content-Location", document->id);
  response.body = std::move(document->text);
  return response;
}

void add(http::Router& router, const Services& services, std::string_view pattern, bool range) {
  router.add("PATCH", pattern, "writing",
             [&services, range](const ExchangePtr& exchange, const Parameters& parameters) {
               const Request& request = exchange->request();
               auto may = services.access.require(request, auth::Permission::edit);
               if (may) may = services.access.spend_write(request);
               if (!may) return refuse(services, exchange, may.error());
               const Part part{range, std::string(parameters.get("id"))};
               exchange->read_body(kLargestDocument, [&services, exchange, part](Result<base::Bytes> body) {
                 if (!body) return refuse(services, exchange, body.error());
                 later(services, exchange, base::Lane::large, [&services, exchange, part, body = std::move(*body)] {
                   return change(services, exchange, part, body);
                 });
               });
             });
}

}  // namespace

void add_part_writing_routes(http::Router& router, const Services& services) {
  add(router, services, "/iiif/canvas/{id}", false);
  add(router, services, "/iiif/range/{id}", true);
}

}  // namespace armarium::api
