// Writing at the addresses of documents: PUT a whole Manifest or Collection, PATCH its properties, DELETE what was written, POST a new item into a Collection. Each needs the
// permission to edit, and If-Match where something is there already. `?dry-run=true` checks all of it and changes nothing; `?reason=` is kept with the version.

#include <fmt/format.h>

#include "api/access.h"
#include "api/written_document.h"
#include "base/uri.h"
#include "base/utf8.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using catalogue::Edit;
using http::ExchangePtr;
using http::Parameters;
using http::Request;
using http::Response;
using presentation::Address;
using presentation::Style;
using presentation::Version;
using store::ItemKey;
using store::Kind;

constexpr std::size_t kLongestReason = 2000;
constexpr int kMostNames = 1000;

Result<bool> exists(const Services& services, const ItemKey& item) {
  const auto standing = services.catalogue.standing(item, base::Principal::system());
  if (standing) return true;
  const ErrorCode why = standing.error().code;
  if (why == ErrorCode::not_found || why == ErrorCode::gone) return false;
  return base::fail(standing.error());
}

bool is_dry_run(const Request& request) { return base::query_value(request.query, "dry-run") == "true"; }

// The document as the writer would read it now.
Result<Response> answer_with(const Services& services, const Request& request, const ItemKey& item, int status) {
  const Address address{request.base_url, Style::neutral, {}};
  auto document = item.kind == Kind::manifest
                      ? services.documents.manifest(Version::v3, item.identifier, address, request.principal)
                      : services.documents.collection(Version::v3, item.identifier, 0, address, request.principal);
  if (!document) return base::fail(document.error());
  Response response;
  response.status = status;
  response.headers.set("Content-Type",
                       fmt::format(R"(application/ld+json;profile="{}")", iiif::presentation::context_of(Version::v3)));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("ETag", revision_tag(document->revision, "written"));
  response.headers.set("Content-Location", document->id);
  if (status == 201) response.headers.set("Location", document->id);
  if (document->kept) {
    response.body = std::move(document->kept);
  } else {
    response.body = document->producer ? iiif::presentation::whole(*document->producer) : std::move(document->text);
  }
  return response;
}

Response dry_answer(bool created) {
  Response response;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", "no-store");
  response.body = fmt::format(R"({{"dryRun":true,"created":{}}})", created);
  return response;
}

Edit edit_of(const Request& request, ItemKey item) {
  Edit edit;
  edit.item = std::move(item);
  edit.method = request.method;
  edit.who = request.principal.name;
  edit.why = base::shortened(base::query_value(request.query, "reason").value_or(""), kLongestReason);
  return edit;
}

Result<Response> perform(const Services& services, const Request& request, Edit edit) {
  const ItemKey item = edit.item;
  const bool removal = edit.kind == Edit::Kind::remove;
  const bool dry = is_dry_run(request);
  auto edited = services.catalogue.edit(std::move(edit), dry);
  if (!edited) return base::fail(std::move(edited.error()));
  if (dry) return dry_answer(edited->created);
  if (removal) {
    const auto there = exists(services, item);
    if (!there) return base::fail(there.error());
    if (!*there) return Response{.status = 204};
  }
  return answer_with(services, request, item, edited->created ? 201 : 200);
}

Result<> make_sure(const Services& services, const ExchangePtr& exchange, const ItemKey& item) {
  return ensure_item(services, item.identifier, deadline_of(services, *exchange));
}

Result<Response> change(const Services& services, const ExchangePtr& exchange, const ItemKey& item,
                        base::ByteView body) {
  const Request& request = exchange->request();
  if (auto sure = make_sure(services, exchange, item); !sure) return base::fail(sure.error());
  Edit edit = edit_of(request, item);
  const auto found = exists(services, item);
  if (!found) return base::fail(found.error());
  const bool there = *found;
  if (!there && request.method == "PUT") {
    if (auto good = check_new_identifier(item.identifier); !good) return base::fail(good.error());
  }
  if (auto read = read_conditions_into(edit, request, there); !read) return base::fail(read.error());
  if (request.method == "PUT") {
    auto document = parse_document(request, body);
    if (!document) return base::fail(std::move(document.error()));
    auto read = read_document_into(edit, services, request, body, *document);
    if (!read) return base::fail(read.error());
  } else if (request.method == "PATCH") {
    if (auto read = read_patch_into(edit, services, request, body); !read) return base::fail(read.error());
  } else {
    edit.kind = Edit::Kind::remove;
  }
  return perform(services, request, std::move(edit));
}

// What a Slug (RFC 5023, 9.7) or a label makes of itself as an identifier; empty when nothing is left of it.
std::string slug_of(std::string_view text) {
  std::string slug;
  for (const char c : text.substr(0, 200)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || c == '.' || c == '_') {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

// A free identifier below the collection: a Slug's, else a counted one.
Result<std::string> free_identifier(const Services& services, const ExchangePtr& exchange, Kind kind,
                                    std::string_view collection) {
  std::string wanted = slug_of(base::percent_decode(exchange->request().headers.get("Slug")).value_or(""));
  if (wanted.empty()) wanted = kind == Kind::manifest ? "item" : "collection";
  const std::string prefix = collection.empty() ? wanted : std::string(collection) + '~' + wanted;
  for (int number = 1; number <= kMostNames; ++number) {
    std::string name = number == 1 ? prefix : fmt::format("{}-{}", prefix, number);
    if (!check_new_identifier(name)) continue;
    if (auto sure = make_sure(services, exchange, {kind, name}); !sure) {
      if (sure.error().code == ErrorCode::withheld) continue;  // a name that may not come back
      return base::fail(sure.error());
    }
    const auto manifest = exists(services, {Kind::manifest, name});
    const auto listed = exists(services, {Kind::collection, name});
    if (!manifest || !listed) return base::fail(manifest ? listed.error() : manifest.error());
    if (!*manifest && !*listed) return name;
  }
  return base::fail(ErrorCode::conflict, "There are too many items of that name already: send another Slug.");
}

Result<Response> create(const Services& services, const ExchangePtr& exchange, const std::string& collection,
                        base::ByteView body) {
  const Request& request = exchange->request();
  // What is sent says which of the two it is.
  auto value = parse_document(request, body);
  if (!value) return base::fail(std::move(value.error()));
  const json::Object* object = value->if_object();
  std::string type(object == nullptr ? std::string_view() : json::text_of(*object, "type"));
  if (type.empty() && object != nullptr) type = json::text_of(*object, "@type");
  const Kind kind = type.ends_with("Collection") ? Kind::collection : Kind::manifest;
  auto name = free_identifier(services, exchange, kind, collection);
  if (!name) return base::fail(std::move(name.error()));
  Edit edit = edit_of(request, {kind, std::move(*name)});
  edit.collection = collection;
  edit.only_new = true;
  auto read = read_document_into(edit, services, request, body, *value);
  if (!read) return base::fail(read.error());
  return perform(services, request, std::move(edit));
}

using Handle = std::function<Result<Response>(base::ByteView body)>;

// Who asks may; then the whole body; then the work, on the pool.
void write(const Services& services, const ExchangePtr& exchange, Handle handle) {
  const Request& request = exchange->request();
  if (auto may = services.access.require(request, auth::Permission::edit); !may)
    return refuse(services, exchange, may.error());
  if (auto may = services.access.spend_write(request); !may) return refuse(services, exchange, may.error());
  exchange->read_body(kLargestDocument, [&services, exchange, handle = std::move(handle)](Result<base::Bytes> body) {
    if (!body) return refuse(services, exchange, body.error());
    auto kept = std::make_shared<base::Bytes>(std::move(*body));
    later(services, exchange, base::Lane::large, [handle, kept] { return handle(*kept); });
  });
}

void add(http::Router& router, const Services& services, std::string_view pattern, Kind kind) {
  for (const char* method : {"PUT", "PATCH", "DELETE"}) {
    router.add(
        method, pattern, "writing", [&services, kind](const ExchangePtr& exchange, const Parameters& parameters) {
          const ItemKey item{kind, std::string(parameters.get("id"))};
          write(services, exchange,
                [&services, exchange, item](base::ByteView body) { return change(services, exchange, item, body); });
        });
  }
}

void add_creation(http::Router& router, const Services& services, std::string_view pattern) {
  router.add("POST", pattern, "writing", [&services](const ExchangePtr& exchange, const Parameters& parameters) {
    const std::string collection(parameters.get("id"));
    write(services, exchange, [&services, exchange, collection](base::ByteView body) {
      return create(services, exchange, collection, body);
    });
  });
}

}  // namespace

void add_writing_routes(http::Router& router, const Services& services) {
  add(router, services, "/iiif/{id}/manifest", Kind::manifest);
  add(router, services, "/iiif/{id}/collection", Kind::collection);
  add(router, services, "/iiif/collection", Kind::collection);
  add_creation(router, services, "/iiif/{id}/collection");
  add_creation(router, services, "/iiif/collection");
}

}  // namespace armarium::api
