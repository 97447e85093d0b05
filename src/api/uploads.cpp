// tus 1.0.0 at /uploads. Numbers in comments are those of the extensions' names in the protocol.

#include "api/uploads.h"

#include <fmt/format.h>

#include "api/access.h"
#include "api/errors.h"
#include "api/file_routes.h"
#include "api/intake.h"
#include "api/tus.h"
#include "http/layer.h"
#include "http/response_head.h"
#include "http/text.h"
#include "ingest/upload_path.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Request;
using http::Response;
using ingest::Uploads;
using ingest::UploadStatus;

constexpr std::string_view kExposed =
    "Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, "
    "Upload-Metadata, Upload-Expires";
constexpr std::string_view kAccepted =
    "Authorization, Content-Type, If-Match, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, "
    "Upload-Checksum, X-HTTP-Method-Override, X-Requested-With";
constexpr std::size_t kLongestMetadata = 16U << 10;

struct Tus {
  const Services& services;
  Uploads& uploads;
};

// What each answer of this protocol has.
ExchangePtr marked(const ExchangePtr& exchange) {
  return http::with_finish(exchange, [](const ExchangePtr& inner, Response response) {
    response.headers.set("Tus-Resumable", std::string(tus::kVersion));
    response.headers.set("Access-Control-Expose-Headers", std::string(kExposed));
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "no-store");
    inner->respond(std::move(response));
  });
}

void refuse_upload(const Tus& tus, const ExchangePtr& exchange, const base::Error& error) {
  if (error.code != ErrorCode::corrupt) return refuse(tus.services, exchange, error);
  exchange->respond(http::problem_response({.status = 460, .detail = error.message}));
}

// The one who asks may, and speaks this version.
bool admitted(const Tus& tus, const ExchangePtr& exchange, bool writes) {
  const Request& request = exchange->request();
  if (request.headers.get("Tus-Resumable") != tus::kVersion) {
    Response response = http::problem_response(
        {.status = 412, .detail = "Send Tus-Resumable: 1.0.0, the version of the protocol that is spoken here."});
    response.headers.set("Tus-Version", std::string(tus::kVersion));
    exchange->respond(std::move(response));
    return false;
  }
  auto go = tus.services.access.require(request, auth::Permission::edit);
  if (go) go = tus.uploads.ready();
  if (go && writes) go = tus.services.access.spend_write(request);
  if (!go) refuse(tus.services, exchange, go.error());
  return go.has_value();
}

void add_state(Response& response, const UploadStatus& status) {
  response.headers.set("Upload-Offset", std::to_string(status.offset));
  response.headers.set("Upload-Expires", http::http_date(status.expires));
}

Result<ingest::UploadRecord> record_of(const Request& request) {
  const auto length = tus::read_number(request.headers.get("Upload-Length"));
  if (!length) return base::fail(ErrorCode::invalid_argument, "Upload-Length must say how many bytes the file has.");
  const std::string header = request.headers.joined("Upload-Metadata");
  if (header.size() > kLongestMetadata) return base::fail(ErrorCode::invalid_argument, "Upload-Metadata is too long.");
  auto metadata = tus::read_metadata(header);
  if (!metadata) return base::fail(metadata.error());
  const auto value = [&](std::string_view key) {
    const auto found = metadata->find(key);
    return found == metadata->end() ? std::string_view() : std::string_view(found->second);
  };
  const std::string_view name = value("filename").empty() ? value("name") : value("filename");
  if (name.empty()) return base::fail(ErrorCode::invalid_argument, "Upload-Metadata must have a filename.");
  auto path = ingest::upload_path(value("folder"), name);
  if (!path) return base::fail(path.error());
  auto replaces = replaced_file(request);
  if (!replaces) return base::fail(replaces.error());
  ingest::UploadRecord record;
  record.path = std::move(*path);
  record.length = *length;
  record.who = request.principal.name;
  record.metadata = header;
  record.replaces = std::move(*replaces);
  return record;
}

bool has_body(const Request& request) {
  const auto length = tus::read_number(request.headers.get("Content-Length"));
  return length ? *length > 0 : request.headers.has("Transfer-Encoding");
}

Result<std::optional<Uploads::Sum>> checksum_of(const Request& request) {
  const std::string header = request.headers.joined("Upload-Checksum");
  if (header.empty()) return std::optional<Uploads::Sum>();
  auto sum = tus::read_checksum(header);
  if (!sum) return base::fail(sum.error());
  return std::optional(std::move(*sum));
}

bool is_bytes(const Request& request) {
  return http::same_text(http::trim(request.headers.get("Content-Type")), tus::kBodyType);
}

const base::Error kNoBytes{ErrorCode::unsupported_type, "Send the bytes as application/offset+octet-stream.", {}};

Response created(const Request& request, const UploadStatus& status) {
  Response response;
  response.status = 201;
  response.headers.set("Location", fmt::format("{}/uploads/{}", request.base_url, status.id));
  add_state(response, status);
  return response;
}

// Creation, and Creation With Upload. What cannot be answered with its address is not kept.
void create(const Tus& tus, const ExchangePtr& exchange) {
  const Request& request = exchange->request();
  auto record = record_of(request);
  if (!record) return refuse_upload(tus, exchange, record.error());
  auto sum = checksum_of(request);
  if (!sum) return refuse_upload(tus, exchange, sum.error());
  const bool sends = has_body(request);
  if (sends && !is_bytes(request)) return refuse_upload(tus, exchange, kNoBytes);
  auto made = tus.uploads.create(std::move(*record));
  if (!made) return refuse_upload(tus, exchange, made.error());
  if (!sends) return exchange->respond(created(request, *made));
  auto writer = tus.uploads.write(made->id, request.principal.name, 0, *sum);
  if (!writer) return refuse_upload(tus, exchange, writer.error());
  take_in(tus.services, exchange, std::move(*writer), [tus, exchange, id = made->id](Result<UploadStatus> status) {
    if (status) return exchange->respond(created(exchange->request(), *status));
    (void)tus.uploads.remove(id, exchange->request().principal.name).has_value();
    refuse_upload(tus, exchange, status.error());
  });
}

void look(const Tus& tus, const ExchangePtr& exchange, const std::string& id) {
  const auto status = tus.uploads.look(id, exchange->request().principal.name);
  if (!status) return refuse_upload(tus, exchange, status.error());
  Response response;
  add_state(response, *status);
  response.headers.set("Upload-Length", std::to_string(status->record.length));
  if (!status->record.metadata.empty()) response.headers.set("Upload-Metadata", status->record.metadata);
  exchange->respond(std::move(response));
}

void write(const Tus& tus, const ExchangePtr& exchange, const std::string& id) {
  const Request& request = exchange->request();
  if (!is_bytes(request)) return refuse_upload(tus, exchange, kNoBytes);
  const auto offset = tus::read_number(request.headers.get("Upload-Offset"));
  if (!offset) {
    return refuse_upload(
        tus, exchange,
        {ErrorCode::invalid_argument, "Upload-Offset must say at which byte of the file what is sent begins.", {}});
  }
  auto sum = checksum_of(request);
  if (!sum) return refuse_upload(tus, exchange, sum.error());
  auto writer = tus.uploads.write(id, request.principal.name, *offset, *sum);
  if (!writer) return refuse_upload(tus, exchange, writer.error());
  if (tus::read_number(request.headers.get("Content-Length")).value_or(0) > (*writer)->room()) {
    return refuse_upload(tus, exchange,
                         {ErrorCode::too_large, "There are more bytes than the upload was said to have.", {}});
  }
  take_in(tus.services, exchange, std::move(*writer), [tus, exchange](const Result<UploadStatus>& status) {
    if (!status) return refuse_upload(tus, exchange, status.error());
    Response response;
    response.status = 204;
    add_state(response, *status);
    exchange->respond(std::move(response));
  });
}

void remove(const Tus& tus, const ExchangePtr& exchange, const std::string& id) {
  const auto removed = tus.uploads.remove(id, exchange->request().principal.name);
  if (!removed) return refuse_upload(tus, exchange, removed.error());
  Response response;
  response.status = 204;
  exchange->respond(std::move(response));
}

Response options(const Request& request, const Uploads& uploads, std::string_view allow) {
  Response response;
  response.status = 204;
  response.headers.set("Allow", std::string(allow));
  response.headers.set("Tus-Version", std::string(tus::kVersion));
  response.headers.set("Tus-Extension", std::string(tus::kExtensions));
  response.headers.set("Tus-Max-Size", std::to_string(uploads.options().largest));
  response.headers.set("Tus-Checksum-Algorithm", std::string(ingest::Checksum::kAlgorithms));
  if (request.headers.has("Access-Control-Request-Method")) {
    response.headers.set("Access-Control-Allow-Methods", std::string(allow));
    response.headers.set("Access-Control-Allow-Headers", std::string(kAccepted));
    response.headers.set("Access-Control-Max-Age", "86400");
  }
  return response;
}

using Handle = void (*)(const Tus&, const ExchangePtr&, const std::string&);

void handle(const Tus& tus, const ExchangePtr& outer, const std::string& id, std::string_view method) {
  const ExchangePtr exchange = marked(outer);
  if (!admitted(tus, exchange, method != "HEAD")) return;
  const Handle what = method == "PATCH"    ? Handle(write)
                      : method == "DELETE" ? Handle(remove)
                      : method == "HEAD"   ? Handle(look)
                                           : nullptr;
  if (id.empty() && method == "POST")
    return on_pool(tus.services, exchange, [tus, exchange] { create(tus, exchange); });
  if (what == nullptr || id.empty()) {
    return refuse(tus.services, exchange,
                  {ErrorCode::method_not_allowed, "An upload knows the methods HEAD, PATCH and DELETE.", {}});
  }
  on_pool(tus.services, exchange, [tus, exchange, id, what] { what(tus, exchange, id); });
}

// For clients behind what lets only GET and POST pass.
std::string method_of(const Request& request) {
  const std::string_view other = request.headers.get("X-HTTP-Method-Override");
  return other.empty() ? request.method : std::string(other);
}

}  // namespace

void add_upload_routes(http::Router& router, const Services& services, Uploads& uploads) {
  const Tus tus{services, uploads};
  for (const char* pattern : {"/uploads", "/uploads/"}) {
    router.add("POST", pattern, "upload", [tus](const ExchangePtr& exchange, const Parameters&) {
      handle(tus, exchange, "", method_of(exchange->request()));
    });
    router.add("OPTIONS", pattern, "upload", [&uploads](const ExchangePtr& exchange, const Parameters&) {
      marked(exchange)->respond(options(exchange->request(), uploads, "POST, OPTIONS"));
    });
  }
  router.add("HEAD,PATCH,DELETE,POST", "/uploads/{id}", "upload",
             [tus](const ExchangePtr& exchange, const Parameters& parameters) {
               handle(tus, exchange, std::string(parameters.get("id")), method_of(exchange->request()));
             });
  router.add("OPTIONS", "/uploads/{id}", "upload", [&uploads](const ExchangePtr& exchange, const Parameters&) {
    marked(exchange)->respond(options(exchange->request(), uploads, "HEAD, PATCH, DELETE, OPTIONS"));
  });
  add_file_routes(router, services, uploads);
}

}  // namespace armarium::api
