// /takedowns: what was taken down, for administrators. An address of its own, not a DELETE of the item with a header: a proxy that drops a header would turn that into the ordinary DELETE, which files undo.

#include "api/takedown.h"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "api/access.h"
#include "base/uri.h"
#include "json/writer.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;

constexpr std::size_t kLongestOrder = 64U << 10;

void write_row(json::Writer& out, const store::TakedownRow& row, const http::Request& request) {
  out.begin_object();
  out.member("id", fmt::format("{}/takedowns/{}", request.base_url, base::encode_segment(row.identifier)));
  out.member("identifier", row.identifier);
  out.member("time", fmt::format("{:%FT%T}Z", fmt::gmtime(static_cast<std::time_t>(row.time / 1000))));
  out.member("who", row.who).member("reason", row.reason).end_object();
}

Response document(std::string text, int status = 200) {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", "private, no-store");
  response.body = std::move(text);
  return response;
}

Result<Response> list(const Services& services, const http::Request& request) {
  auto takedowns = services.catalogue.takedown_rows();
  if (!takedowns) return base::fail(takedowns.error());
  json::Writer out;
  out.begin_object().key("takedowns").begin_array();
  for (const store::TakedownRow& row : *takedowns) {
    if (row.cause == row.identifier) write_row(out, row, request);
  }
  out.end_array().end_object();
  return document(out.take());
}

Result<Response> one(const Services& services, const http::Request& request, const std::string& identifier,
                     int status) {
  auto takedowns = services.catalogue.takedown_rows();
  if (!takedowns) return base::fail(takedowns.error());
  const auto found = std::find_if(takedowns->begin(), takedowns->end(), [&](const store::TakedownRow& row) {
    return row.identifier == identifier && row.cause == identifier;
  });
  if (found == takedowns->end()) return base::fail(ErrorCode::not_found, "That is not taken down.");
  json::Writer out;
  write_row(out, *found, request);
  Response response = document(out.take(), status);
  if (status == 201)
    response.headers.set("Location",
                         fmt::format("{}/takedowns/{}", request.base_url, base::encode_segment(identifier)));
  return response;
}

Result<Response> order(const Services& services, const http::Request& request, base::ByteView body) {
  auto value = json::parse(base::as_text(body), {.max_bytes = kLongestOrder, .max_depth = 4});
  if (!value) return base::fail(std::move(value.error()));
  const json::Object* asked = value->if_object();
  const std::string identifier(asked == nullptr ? std::string_view() : json::text_of(*asked, "identifier"));
  if (identifier.empty())
    return base::fail(ErrorCode::invalid_argument, "Say what by \"identifier\": that of an item, a Canvas or a file.");
  auto done = take_down(services, {identifier, std::string(json::text_of(*asked, "reason")), request.principal.name});
  if (!done) return base::fail(std::move(done.error()));
  return one(services, request, done->identifier, 201);
}

// Who administers; and for a change, who may write at all.
bool may(const Services& services, const ExchangePtr& exchange, bool writes) {
  const http::Request& request = exchange->request();
  auto go = writes ? services.access.require(request, auth::Permission::administer)
                   : services.access.allow(request, auth::Permission::administer);
  if (go && writes) go = services.access.spend_write(request);
  if (!go) refuse(services, exchange, go.error());
  return go.has_value();
}

void look_again(const Services& services, const catalogue::TakenDown& done) {
  for (const std::string& folder : done.folders) services.library.rescan(folder, false);
}

}  // namespace

Result<catalogue::TakenDown> take_down(const Services& services, const catalogue::TakedownOrder& order) {
  (void)ensure_item(services, order.identifier, {});  // what is not there is said below
  (void)ensure_asset(services, order.identifier, {});
  auto done = services.catalogue.take_down(order);
  if (!done) return done;
  for (const store::AssetRow& picture : done->pictures)
    services.pipeline.forget({picture.path, picture.page, picture.version});
  look_again(services, *done);
  return done;
}

Result<catalogue::TakenDown> lift_takedown(const Services& services, const std::string& identifier) {
  auto done = services.catalogue.lift_takedown(identifier);
  if (done) look_again(services, *done);
  return done;
}

void add_takedown_routes(http::Router& router, const Services& services) {
  router.add("GET", "/takedowns", "takedown", [&services](const ExchangePtr& exchange, const Parameters&) {
    if (!may(services, exchange, false)) return;
    later(services, exchange, base::Lane::tile, [&services, exchange] { return list(services, exchange->request()); });
  });
  router.add(
      "GET", "/takedowns/{id}", "takedown", [&services](const ExchangePtr& exchange, const Parameters& parameters) {
        if (!may(services, exchange, false)) return;
        later(services, exchange, base::Lane::tile, [&services, exchange, id = std::string(parameters.get("id"))] {
          return one(services, exchange->request(), id, 200);
        });
      });
  router.add("POST", "/takedowns", "takedown", [&services](const ExchangePtr& exchange, const Parameters&) {
    if (!may(services, exchange, true)) return;
    exchange->read_body(kLongestOrder, [&services, exchange](Result<base::Bytes> body) {
      if (!body) return refuse(services, exchange, body.error());
      later(services, exchange, base::Lane::large,
            [&services, exchange, body = std::move(*body)] { return order(services, exchange->request(), body); });
    });
  });
  router.add("DELETE", "/takedowns/{id}", "takedown",
             [&services](const ExchangePtr& exchange, const Parameters& parameters) {
               if (!may(services, exchange, true)) return;
               later(services, exchange, base::Lane::large,
                     [&services, id = std::string(parameters.get("id"))]() -> Result<Response> {
                       if (auto done = lift_takedown(services, id); !done) return base::fail(done.error());
                       return Response{204, {}, {}};
                     });
             });
}

}  // namespace armarium::api
