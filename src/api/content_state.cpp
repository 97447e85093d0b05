#include "api/content_state.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "api/site/renderer.h"
#include "api/site/sitemap.h"
#include "api/site_context.h"
#include "base/uri.h"
#include "presentation/build.h"
#include "presentation/ranges.h"

// Content State 1.0, 4: what an address of ours means is looked up here and not fetched.

namespace armarium::api {
namespace {

namespace state = iiif::content_state;
using base::Result;
using http::Response;
using presentation::Address;
using presentation::Style;
using presentation::Version;

constexpr int kMostSteps = 4;  // from a Range or an annotation to its Canvas

// Where on the site something is.
struct Place {
  std::string item;
  bool manifest = false;  // else a Collection
  std::size_t canvas = 0;
  std::string region;  // "10,20,300,400", whole numbers, inside the Canvas
  std::optional<double> time;
  iiif::LanguageMap label;
};

// "canvas" and "book~p1" of "https://host/x/iiif/canvas/book~p1": the kind of a document of ours, and its identifier.
struct Named {
  std::string kind;
  std::string identifier;
};

std::optional<Named> named_by(std::string_view address, std::string_view base_url) {
  const std::string prefix = std::string(base_url) + '/';
  if (!address.starts_with(prefix)) return std::nullopt;
  address.remove_prefix(prefix.size());
  address = address.substr(0, address.find('?'));
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t slash = address.find('/');
    auto part = base::percent_decode(address.substr(0, slash));
    if (!part) return std::nullopt;
    parts.push_back(std::move(*part));
    if (slash == std::string_view::npos || parts.size() > 6) break;
    address.remove_prefix(slash + 1);
  }
  if (parts.size() == 2 && parts[0] == "item") return Named{"item", parts[1]};
  if (parts[0] != "iiif") return std::nullopt;
  parts.erase(parts.begin());
  if (parts.size() > 2 && parts[0] == "presentation") parts.erase(parts.begin(), parts.begin() + 2);
  if (parts.empty()) return std::nullopt;
  if (parts[0] == "collection") return Named{"collection", ""};
  if (parts.size() < 2) return std::nullopt;
  for (const char* kind : {"canvas", "range", "annotation", "content-state"}) {
    if (parts[0] == kind && parts.size() == 2) return Named{kind, parts[1]};
  }
  if (parts[1] == "manifest" || parts[1] == "collection") return Named{parts[1], parts[0]};
  return std::nullopt;
}

class Finder {
 public:
  Finder(const Services& services, const http::Exchange& exchange)
      : services_(services), request_(exchange.request()), cancel_(deadline_of(services, exchange)) {}

  // not_found for what is ours and not there; nothing for what is not ours.
  Result<std::optional<Place>> find(const state::Target& target, int steps = 0) const;

 private:
  Result<Place> item(const std::string& identifier, bool manifest) const;
  Result<Place> canvas(const state::Target& target, const std::string& identifier) const;
  Result<std::optional<Place>> inside(const state::Target& target, const Named& named, int steps) const;

  const Services& services_;
  const http::Request& request_;
  base::CancelToken cancel_;
};

Result<Place> Finder::item(const std::string& identifier, bool manifest) const {
  std::string known = identifier;
  for (const bool again : {false, true}) {
    if (auto ensured = ensure_item(services_, known, cancel_); !ensured) return base::fail(ensured.error());
    auto collection = services_.catalogue.collection(known, "", 0, request_.principal);
    if (!manifest && collection) {
      Place place;
      place.item = known;
      place.label = collection->description.label;
      return place;
    }
    auto found = services_.catalogue.manifest(known, request_.principal);
    if (found) {
      Place place;
      place.item = known;
      place.manifest = collection.has_value();  // two pages of one identifier
      place.label = found->description.label;
      return place;
    }
    auto alias = services_.catalogue.resolve_alias(known);
    if (again || !alias) return base::fail(found.error());
    known = *alias;
  }
  return base::fail(base::ErrorCode::not_found, "There is no such item.");
}

// In the Canvas's own measure and inside it; around a point an eighth of the Canvas.
std::string region_of(const state::Target& target, image::Size extent) {
  auto region = target.region;
  if (!region && target.point) {
    const double side = std::max(extent.width, extent.height) / 8.0;
    region = state::Region{target.point->x - side / 2, target.point->y - side / 2, side, side, false};
  }
  if (!region) return {};
  if (region->percent) {
    *region = {region->x * extent.width / 100, region->y * extent.height / 100, region->width * extent.width / 100,
               region->height * extent.height / 100, false};
  }
  const double left = std::clamp(std::floor(region->x), 0.0, double(extent.width));
  const double top = std::clamp(std::floor(region->y), 0.0, double(extent.height));
  const double right = std::clamp(std::ceil(region->x + region->width), 0.0, double(extent.width));
  const double bottom = std::clamp(std::ceil(region->y + region->height), 0.0, double(extent.height));
  if (right <= left || bottom <= top) return {};
  return fmt::format("{:.0f},{:.0f},{:.0f},{:.0f}", left, top, right - left, bottom - top);
}

Result<Place> Finder::canvas(const state::Target& target, const std::string& identifier) const {
  if (auto ensured = ensure_asset(services_, identifier, cancel_); !ensured) return base::fail(ensured.error());
  const Address address{request_.base_url, Style::neutral, {}};
  std::string known = identifier;
  auto document = services_.documents.canvas(Version::v3, known, address, request_.principal);
  if (!document) {
    if (auto alias = services_.catalogue.resolve_alias(known)) {
      known = *alias;
      document = services_.documents.canvas(Version::v3, known, address, request_.principal);
    }
  }
  if (!document) return base::fail(document.error());
  auto parsed = json::parse(document->text);
  auto said = parsed ? state::parse(*parsed) : Result<state::Targets>(base::fail(parsed.error()));
  if (!said) return base::fail(said.error());
  const auto holder = named_by(said->front().manifest, request_.base_url);
  if (!holder) return base::fail(base::ErrorCode::not_found, "There is no such canvas.");
  auto manifest = services_.catalogue.manifest(holder->identifier, request_.principal);
  if (!manifest) return base::fail(manifest.error());
  auto place = item(holder->identifier, true);
  if (!place) return place;
  const auto found = std::find_if(manifest->canvases.begin(), manifest->canvases.end(),
                                  [&](const catalogue::Canvas& one) { return one.identifier == known; });
  if (found == manifest->canvases.end()) return place;
  place->canvas = static_cast<std::size_t>(found - manifest->canvases.begin()) + 1;
  place->region = region_of(target, found->extent);
  place->time = target.time;
  return place;
}

// The Canvas that a Range begins with, or that an annotation speaks of.
Result<std::optional<Place>> Finder::inside(const state::Target& target, const Named& named, int steps) const {
  const Address address{request_.base_url, Style::neutral, {}};
  const bool range = named.kind == "range";
  std::string_view holder = named.identifier;
  if (range) {
    holder = presentation::manifest_of_range(named.identifier);
  } else {
    holder.remove_suffix(presentation::role_of(holder).size());
  }
  auto ensured = range ? ensure_item(services_, std::string(holder), cancel_)
                       : ensure_asset(services_, std::string(holder), cancel_);
  if (!ensured) return base::fail(ensured.error());
  auto document = range ? services_.documents.range(Version::v3, named.identifier, address, request_.principal)
                        : services_.documents.annotation(Version::v3, named.identifier, address, request_.principal);
  if (!document) return base::fail(document.error());
  auto parsed = json::parse(document->text);
  if (!parsed) return base::fail(parsed.error());
  const json::Value* first = &*parsed;
  while (range && first->is_object() && json::text_of(first->get_object(), "type") == "Range") {
    const json::Value* items = first->get_object().if_contains("items");
    if (items == nullptr || !items->is_array() || items->get_array().empty()) break;
    first = &items->get_array().front();
  }
  auto next = state::parse(*first);
  if (!next || next->front().id == target.id) {
    auto place = item(std::string(holder), true);
    if (!place) return base::fail(place.error());
    return std::optional<Place>(std::move(*place));
  }
  return find(next->front(), steps + 1);
}

Result<std::optional<Place>> Finder::find(const state::Target& target, int steps) const {
  const auto named = named_by(target.id, request_.base_url);
  if (!named) {
    // A Canvas that has an id of its own in a Manifest of ours.
    const auto holder = target.manifest.empty() ? std::nullopt : named_by(target.manifest, request_.base_url);
    if (!holder) return std::optional<Place>();
    auto place = canvas(target, target.id);
    if (!place) place = item(holder->identifier, true);
    if (!place) return base::fail(place.error());
    return std::optional<Place>(std::move(*place));
  }
  const bool below = named->kind == "range" || named->kind == "annotation";
  if (below && steps < kMostSteps) return inside(target, *named, steps);
  auto place =
      named->kind == "canvas" ? canvas(target, named->identifier) : item(named->identifier, named->kind == "manifest");
  if (!place) return base::fail(place.error());
  return std::optional<Place>(std::move(*place));
}

std::string path_of(const Place& place) {
  std::string path = place.item.empty() ? std::string("/") : "/item/" + base::encode_segment(place.item);
  char mark = '?';
  const auto add = [&](std::string_view part) {
    path.append(1, mark).append(part);
    mark = '&';
  };
  if (place.manifest) add("as=manifest");
  if (place.canvas > 1) add(fmt::format("canvas={}", place.canvas));
  if (!place.region.empty()) add("xywh=" + place.region);
  if (place.time) add(fmt::format("t={}", *place.time));
  return path;
}

Response page_of(const Services& services, const http::Request& request, const state::Targets& targets,
                 const std::vector<std::optional<Place>>& places) {
  const PageContext context = page_context(services, request);
  site::StatePage view;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    site::StatePage::Entry entry;
    if (places[i]) {
      entry.path = path_of(*places[i]);
      entry.label = places[i]->label;
    } else {
      entry.elsewhere = targets[i].manifest.empty() ? targets[i].id : targets[i].manifest;
      entry.content = state::write_parameter({targets[i]});
    }
    view.entries.push_back(std::move(entry));
  }
  Response response;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy", std::string(site::kPagePolicy));
  response.headers.set("Vary", "Accept-Language");
  response.headers.set("Cache-Control", "no-cache");
  response.body = services.site.render_state(context.site, view, context.locale);
  return response;
}

}  // namespace

Result<Response> open_state(const Services& services, const http::Exchange& exchange, const state::Targets& asked) {
  const http::Request& request = exchange.request();
  const Finder finder(services, exchange);
  state::Targets targets = asked;
  // 2.2.2: the address of a state that is kept here.
  if (const auto named = named_by(asked.front().id, request.base_url); named && named->kind == "content-state") {
    auto kept = services.states.find(named->identifier, request.base_url);
    if (!kept) return base::fail(kept.error());
    targets = std::move(kept->targets);
  }
  std::vector<std::optional<Place>> places;
  for (const state::Target& target : targets) {
    auto place = finder.find(target);
    if (!place && targets.size() == 1) return base::fail(place.error());
    places.push_back(place ? std::move(*place) : std::nullopt);
  }
  if (targets.size() > 1 || !places.front()) return page_of(services, request, targets, places);
  std::string path = path_of(*places.front());
  if (const std::string language = base::query_value(request.query, "lang").value_or(""); !language.empty())
    path += (path.find('?') == std::string::npos ? "?lang=" : "&lang=") + base::encode_query(language);
  Response response{303, {}, std::string{}};
  response.headers.set("Location", request.base_url + path);
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

std::optional<Result<Response>> open_asked_state(const Services& services, const http::Exchange& exchange) {
  const auto content = base::query_value(exchange.request().query, "iiif-content");
  if (!content || content->empty()) return std::nullopt;
  auto targets = state::read_parameter(*content);
  if (!targets) return base::fail(targets.error());
  return open_state(services, exchange, *targets);
}

// 3.2: the same forms in the body of a POST to the front page. Nothing is kept, so that anybody may.
void add_content_state_routes(http::Router& router, const Services& services) {
  router.add("POST", "/", "page", [&services](const http::ExchangePtr& exchange, const http::Parameters&) {
    if (!exchange->request().headers.get("Content-Type").starts_with("application/json") &&
        !exchange->request().headers.get("Content-Type").starts_with("application/ld+json")) {
      return exchange->respond(
          http::problem_response({.status = 415, .detail = "A content state is sent as application/json."},
                                 exchange->request(), services.error_page));
    }
    exchange->read_body(state::kLongest, [&services, exchange](Result<base::Bytes> body) {
      if (!body) return refuse(services, exchange, body.error());
      later(services, exchange, base::Lane::tile, [&services, exchange, body = std::move(*body)]() -> Result<Response> {
        auto targets = state::read_plain(base::as_text(body));
        if (!targets) return base::fail(targets.error());
        return open_state(services, *exchange, *targets);
      });
    });
  });
}

}  // namespace armarium::api
