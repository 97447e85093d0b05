#include "api/file_routes.h"

#include <fmt/format.h>

#include "api/access.h"
#include "api/intake.h"
#include "api/tus.h"
#include "base/timestamp.h"
#include "base/uri.h"
#include "http/text.h"
#include "ingest/identifiers.h"
#include "ingest/upload_path.h"
#include "json/writer.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Request;
using http::Response;
using ingest::Uploads;

constexpr std::size_t kMostListed = 1000;

// The raw rest of the address: each name is decoded once, and none gives a slash.
Result<std::string> path_of(std::string_view raw) {
  std::string folder;
  for (;;) {
    const std::size_t slash = raw.find('/');
    const auto name = base::percent_decode(raw.substr(0, slash));
    if (!name || name->find('/') != std::string::npos)
      return base::fail(ErrorCode::invalid_argument, "A name in the address is not percent-encoded correctly.");
    if (slash == std::string_view::npos) return ingest::upload_path(folder, *name);
    if (name->empty()) return base::fail(ErrorCode::invalid_argument, "A file or folder must have a name.");
    folder = ingest::join(folder, *name);
    raw.remove_prefix(slash + 1);
  }
}

Result<ingest::UploadRecord> record_of(const Uploads& uploads, const Request& request, std::string_view raw) {
  auto path = path_of(raw);
  if (!path) return base::fail(path.error());
  auto replaces = replaced_file(request);
  if (!replaces) return base::fail(replaces.error());
  const auto there = uploads.tag(*path);
  if (!there) return base::fail(there.error());
  if (*there && replaces->empty() && !request.headers.has("If-None-Match")) {
    return base::fail(
        ErrorCode::precondition_missing,
        "There is a file of that name: say by If-Match that it shall be replaced (its ETag, or * for any).");
  }
  ingest::UploadRecord record;
  record.path = std::move(*path);
  record.length = *tus::read_number(request.headers.get("Content-Length"));
  record.who = request.principal.name;
  record.replaces = std::move(*replaces);
  record.resumable = false;
  return record;
}

Response put_answer(const ingest::UploadStatus& status) {
  Response response;
  response.status = status.record.replaces.empty() ? 201 : 204;
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("ETag", entity_tag(status.tag));
  return response;
}

void put(const Services& services, Uploads& uploads, const ExchangePtr& exchange, std::string_view raw) {
  const Request& request = exchange->request();
  auto record = record_of(uploads, request, raw);
  if (!record) return refuse(services, exchange, record.error());
  auto made = uploads.create(std::move(*record));
  if (!made) return refuse(services, exchange, made.error());
  if (made->finished) return exchange->respond(put_answer(*made));
  auto writer = uploads.write(made->id, request.principal.name, 0, std::nullopt);
  if (!writer) return refuse(services, exchange, writer.error());
  take_in(services, exchange, std::move(*writer), [&services, exchange](const Result<ingest::UploadStatus>& status) {
    if (!status) return refuse(services, exchange, status.error());
    exchange->respond(put_answer(*status));
  });
}

Result<Response> head(const Uploads& uploads, std::string_view raw) {
  const auto path = path_of(raw);
  if (!path) return base::fail(path.error());
  const auto tag = uploads.tag(*path);
  if (!tag) return base::fail(tag.error());
  if (!*tag) return base::fail(ErrorCode::not_found, "There is no such file.");
  Response response;
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("ETag", entity_tag(**tag));
  return response;
}

// What was sent after `after`; `next` says where the list goes on. What was taken down is not named.
Result<Response> list(const Services& services, const Uploads& uploads, const Request& request) {
  const auto after = tus::read_number(base::query_value(request.query, "after").value_or("0"));
  if (!after) return base::fail(ErrorCode::invalid_argument, "after must be a number.");
  auto files = uploads.sent(*after, kMostListed + 1);
  if (!files) return base::fail(std::move(files.error()));
  const bool more = files->size() > kMostListed;
  if (more) files->resize(kMostListed);
  json::Writer out;
  out.begin_object().key("files").begin_array();
  for (const store::SentFileRow& file : *files) {
    if (!services.catalogue.allowed(ingest::file_identifier(file.path))) continue;
    out.begin_object().member("number", file.number).member("time", base::utc_text(file.time / 1000));
    out.member("path", file.path).member("size", file.size).member("replaced", file.replaced);
    out.member("who", file.who).end_object();
  }
  out.end_array();
  if (more) out.member("next", fmt::format("{}/files?after={}", request.base_url, files->back().number));
  out.end_object();
  Response response;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", "private, no-cache");
  response.body = out.take();
  return response;
}

// May write files here.
Result<> admitted(const Services& services, const Uploads& uploads, const Request& request) {
  auto go = services.access.require(request, auth::Permission::edit);
  if (go) go = uploads.ready();
  return go;
}

}  // namespace

Result<ingest::Replaces> replaced_file(const Request& request) {
  const std::string tags(http::trim(request.headers.joined("If-Match")));
  if (tags.empty() || tags == "*") return tags;
  std::string_view tag = tags;
  // As proxies spell it.
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() < 3 || tag.front() != '"' || tag.find('"', 1) != tag.size() - 1)
    return base::fail(ErrorCode::invalid_argument, "If-Match must have one entity tag, or *.");
  return std::string(tag.substr(1, tag.size() - 2));
}

void on_pool(const Services& services, const ExchangePtr& exchange, std::function<void()> job) {
  const bool accepted = services.pool.submit(base::Lane::large, [&services, exchange, job = std::move(job)] {
    try {
      job();
    } catch (const std::exception& e) {
      refuse(services, exchange, {ErrorCode::internal, "The request failed.", e.what()});
    }
  });
  if (!accepted) refuse(services, exchange, kBusy);
}

void add_file_routes(http::Router& router, const Services& services, Uploads& uploads) {
  router.add("PUT", "/files/{path*}", "upload",
             [&services, &uploads](const ExchangePtr& exchange, const Parameters& parameters) {
               const Request& request = exchange->request();
               auto go = admitted(services, uploads, request);
               if (go) go = services.access.spend_write(request);
               if (!go) return refuse(services, exchange, go.error());
               if (!tus::read_number(request.headers.get("Content-Length"))) {
                 return exchange->respond(http::problem_response(
                     {.status = 411, .detail = "Send the length of the file by Content-Length, or use /uploads."}));
               }
               on_pool(services, exchange, [&services, &uploads, exchange, raw = std::string(parameters.get("path"))] {
                 put(services, uploads, exchange, raw);
               });
             });
  router.add("GET", "/files", "upload", [&services, &uploads](const ExchangePtr& exchange, const Parameters&) {
    if (auto may = services.access.allow(exchange->request(), auth::Permission::edit); !may)
      return refuse(services, exchange, may.error());
    later(services, exchange, base::Lane::tile,
          [&services, &uploads, exchange] { return list(services, uploads, exchange->request()); });
  });
  router.add("HEAD", "/files/{path*}", "upload",
             [&services, &uploads](const ExchangePtr& exchange, const Parameters& parameters) {
               if (auto go = admitted(services, uploads, exchange->request()); !go)
                 return refuse(services, exchange, go.error());
               later(services, exchange, base::Lane::tile,
                     [&uploads, raw = std::string(parameters.get("path"))] { return head(uploads, raw); });
             });
}

}  // namespace armarium::api
