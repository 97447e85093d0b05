// Pictures of the Image API. What needs no work (kept from before, or a tile that lies in the file) is answered on the I/O thread; the rest by the pool, large ones in their own lane.

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "api/errors.h"
#include "api/image_routes.h"
#include "api/image_stream.h"
#include "http/conditional.h"

namespace armarium::api {
namespace {

using base::Result;
using http::ExchangePtr;
using http::Response;

const base::Error kSpent{base::ErrorCode::budget_spent,
                         "You have asked for as many pictures as this server makes for one client in a minute; wait a "
                         "little.",
                         {}};

struct PictureWork {
  ServiceAddress address;
  iiif::ImageRequest asked;
};

struct Prepared {
  pipeline::Target target;
  iiif::ResolvedRequest numbers;
  std::string canonical;
  std::string etag;
  std::uint64_t pixels = 0;  // that the client is to be charged with
  std::uint64_t memory = 0;
  bool large = false;
  bool in_strips = false;
  bool not_modified = false;
};

void add_picture_headers(Response& response, const ServiceAddress& address, std::string_view canonical,
                         std::string_view etag) {
  // In one header: clients that look at the first only are about.
  response.headers.add(
      "Link", fmt::format(R"(<{}/{}>;rel="canonical", {})", address.base, canonical, profile_link(address.version)));
  response.headers.add("ETag", entity_tag(etag));
  response.headers.add("Cache-Control", "public, max-age=86400");
}

Response not_modified(const ServiceAddress& address, std::string_view canonical, std::string_view etag) {
  Response response{304, {}, {}};
  add_picture_headers(response, address, canonical, etag);
  return response;
}

Response picture(const ServiceAddress& address, std::string_view canonical, pipeline::Rendered rendered) {
  Response response;
  add_picture_headers(response, address, canonical, rendered.etag);
  response.headers.add("Content-Type", std::move(rendered.media_type));
  response.headers.add("Accept-Ranges", "bytes");
  response.timing = rendered.timing;
  response.body = std::move(rendered.body);
  return response;
}

// On an I/O thread; false when it takes more than memory to answer, or to say what is wrong.
bool answer_at_once(ImageService& service, const ExchangePtr& exchange, const PictureWork& work) {
  const http::Request& request = exchange->request();
  const ImageRecordPtr record = service.records.find(work.address.identifier, request.principal);
  if (!record) return false;
  const auto& capabilities = record->description.capabilities;
  const auto numbers = iiif::resolve(work.asked, capabilities);
  if (!numbers) return false;
  const auto known = service.services.pipeline.at_hand(record->target, *numbers, request.principal.tier);
  if (!known) return false;
  const std::string canonical = iiif::canonical_path(work.address.version, *numbers, capabilities);
  if (http::evaluate(request, entity_tag(known->etag)) == http::Precondition::not_modified) {
    exchange->respond(not_modified(work.address, canonical, known->etag));
    return true;
  }
  const base::ReadMeter before = base::ReadMeter::here();
  auto rendered = service.services.pipeline.fetch(*known);
  if (!rendered) return false;
  Response response = picture(work.address, canonical, std::move(*rendered));
  base::add_reading(response.timing, before);
  const auto until = std::min(record->read_at + ImageRecord::kTrusted, known->until);
  // An answer for which a derivative may come lasts by itself: what the others wait for does not concern it.
  const StillCurrentPtr lasting =
      known->settled ? record->pictures
                     : std::make_shared<const StillCurrent>(service.services.catalogue, record->revision);
  lasting->until(until);
  response.lasting = lasting;
  exchange->respond(std::move(response));
  return true;
}

Result<Prepared> prepare(ImageService& service, const http::Exchange& exchange, const PictureWork& work) {
  const Services& services = service.services;
  const http::Request& request = exchange.request();
  auto record = service.records.get(work.address.identifier, request.principal, deadline_of(services, exchange));
  if (!record) return base::fail(record.error());
  const auto& capabilities = (*record)->description.capabilities;
  auto numbers = iiif::resolve(work.asked, capabilities);
  if (!numbers) return base::fail(numbers.error());
  const std::vector<std::string>& formats = (*record)->formats;
  if (std::find(formats.begin(), formats.end(), numbers->format) == formats.end()) {
    return base::fail(base::ErrorCode::invalid_argument,
                      fmt::format("The format \"{}\" is not offered here.", numbers->format));
  }
  Prepared prepared{(*record)->target, *numbers, {}, {}};
  prepared.canonical = iiif::canonical_path(work.address.version, *numbers, capabilities);
  auto etag = services.pipeline.etag(prepared.target, *numbers, request.principal.tier);
  if (!etag) return base::fail(etag.error());
  prepared.etag = *etag;
  prepared.not_modified = http::evaluate(request, entity_tag(prepared.etag)) == http::Precondition::not_modified;
  if (!prepared.not_modified) {
    auto estimate = services.pipeline.estimate(prepared.target, *numbers, request.principal.tier);
    if (!estimate) return base::fail(estimate.error());
    prepared.large = estimate->large;
    prepared.in_strips = estimate->in_strips;
    prepared.memory = estimate->memory;
    prepared.pixels = estimate->pixels;
  }
  return prepared;
}

void note_damage(const Services& services, const pipeline::Target& target, const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::corrupt:
    case base::ErrorCode::unsupported:
    case base::ErrorCode::resource_limit: services.damage.note(target.path, target.version, error.message); break;
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
  if (!rendered->defect.empty()) services.damage.note(prepared.target.path, prepared.target.version, rendered->defect);
  return picture(work.address, prepared.canonical, std::move(*rendered));
}

Result<Response> stream(const Services& services, const http::Exchange& exchange, const PictureWork& work,
                        const Prepared& prepared, pipeline::MemoryBudget::Share share) {
  Response response;
  add_picture_headers(response, work.address, prepared.canonical, prepared.etag);
  auto streamed =
      stream_picture(services, exchange, {prepared.target, prepared.numbers, std::move(share)}, std::move(response));
  if (!streamed) note_damage(services, prepared.target, streamed.error());
  return streamed;
}

// What the steps before the rendering took, in front of what it says itself.
struct Before {
  base::Timing::Duration waited{};
  base::Timing::Duration planned{};
  base::ReadMeter read{};  // by those steps
};

void add_before(base::Timing& timing, const Before& before) {
  timing.of(base::Stage::wait) += before.waited;
  timing.of(base::Stage::plan) += before.planned;
  timing.of(base::Stage::read) += before.read.time;
  timing.bytes_read += before.read.bytes;
}

void answer_on_pool(const ImageServicePtr& service, const ExchangePtr& exchange, const PictureWork& work,
                    std::chrono::steady_clock::time_point submitted) {
  const Services& services = service->services;
  const auto started = std::chrono::steady_clock::now();
  const base::ReadMeter meter = base::ReadMeter::here();
  const auto step = [&]() -> Result<Prepared> {
    if (auto go = exchange->cancel().check(); !go) return base::fail(go.error());
    return prepare(*service, *exchange, work);
  };
  Result<Prepared> prepared = step();
  Before before{started - submitted, {}, base::ReadMeter::here() - meter};
  before.planned = std::chrono::steady_clock::now() - started - before.read.time;
  const auto send = [&exchange, before](Response response) {
    add_before(response.timing, before);
    exchange->respond(std::move(response));
  };
  if (!prepared) return send(error_response(exchange->request(), prepared.error(), services.error_page));
  if (prepared->not_modified) return send(not_modified(work.address, prepared->canonical, prepared->etag));
  pipeline::MemoryBudget::Share share;
  if (prepared->large) {
    share = services.large_memory.take(prepared->memory);
    if (!share) return refuse(services, exchange, kBusy);
  }
  if (const auto wait = services.budget.spend(budget_key(exchange->request().client), prepared->pixels)) {
    http::Response held = error_response(exchange->request(), kSpent, services.error_page);
    held.headers.set("Retry-After", std::to_string(wait->count()));
    return send(std::move(held));
  }
  if (prepared->large) {
    return later(services, exchange, base::Lane::large,
                 [service, exchange, work, share = std::move(share), ready = std::move(*prepared), before] {
                   auto response = ready.in_strips ? stream(service->services, *exchange, work, ready, share)
                                                   : render(service->services, *exchange, work, ready);
                   if (response) add_before(response->timing, before);
                   return response;
                 });
  }
  const base::ReadMeter rendering = base::ReadMeter::here();
  auto response = render(services, *exchange, work, *prepared);
  Response answer =
      response ? std::move(*response) : error_response(exchange->request(), response.error(), services.error_page);
  base::add_reading(answer.timing, rendering);
  send(std::move(answer));
}

}  // namespace

void answer_picture(const ImageServicePtr& service, const ExchangePtr& exchange, ServiceAddress address,
                    iiif::ImageRequest asked) {
  PictureWork work{std::move(address), std::move(asked)};
  if (answer_at_once(*service, exchange, work)) return;
  const bool accepted = service->services.pool.submit(
      base::Lane::tile, [service, exchange, work = std::move(work), submitted = std::chrono::steady_clock::now()] {
        answer_on_pool(service, exchange, work, submitted);
      });
  if (!accepted) refuse(service->services, exchange, kBusy);
}

}  // namespace armarium::api
