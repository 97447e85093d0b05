// Addresses for those who run the server: /healthz, /readyz, /metrics, /status.

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "api/access.h"
#include "api/operation.h"
#include "api/services.h"
#include "api/site/renderer.h"
#include "api/site/sitemap.h"
#include "api/site_context.h"
#include "api/time_report.h"
#include "base/metrics.h"
#include "base/timestamp.h"
#include "base/uri.h"
#include "http/negotiation.h"
#include "json/writer.h"

namespace armarium::api {
namespace {

using base::Result;
using http::ExchangePtr;
using http::Parameters;
using http::Response;

constexpr std::size_t kMostProblems = 1000;

Response text(int status, std::string body, std::string type = "text/plain; charset=utf-8") {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", std::move(type));
  response.headers.set("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

// UTC, to the second; empty before the first.
std::string time_text(std::chrono::system_clock::time_point time) {
  if (time == std::chrono::system_clock::time_point{}) return {};
  return base::utc_text(std::chrono::system_clock::to_time_t(time));
}

// What reading the headers found, then what only decoding could find.
std::vector<catalogue::Problem> all_problems(const Services& services) {
  std::vector<catalogue::Problem> problems = services.catalogue.problems(kMostProblems);
  for (catalogue::Problem& problem : services.damage.list()) {
    const bool named = std::any_of(problems.begin(), problems.end(),
                                   [&](const catalogue::Problem& p) { return p.path == problem.path; });
    if (!named && problems.size() < kMostProblems) problems.push_back(std::move(problem));
  }
  return problems;
}

std::string status_as_json(const Services& services) {
  const ingest::LibraryStatus status = services.library.status();
  json::Writer writer;
  writer.begin_object().member("version", services.version).member("ready", true);
  writer.member("revision", services.catalogue.revision());
  writer.member("users", services.access.count_users());
  writer.key("library").begin_object();
  writer.member("watching", status.watching).member("interval_seconds", status.scan_interval.count());
  writer.member("scanning", status.scanning).member("first_scan_done", status.first_scan_done);
  writer.member("last_scan", time_text(status.last_scan)).member("last_scan_seconds", status.last_scan_seconds);
  writer.member("folders", status.folders).member("files", status.files).member("headers", status.headers);
  writer.member("pending", status.pending).member("mount_warning", status.mount_warning);
  writer.member("storage_warning", status.storage_warning);
  writer.end_object();
  writer.key("work").begin_object();
  writer.member("running", services.pool.running()).member("tiles_waiting", services.pool.queued(base::Lane::tile));
  writer.member("large_waiting", services.pool.queued(base::Lane::large));
  writer.member("large_bytes", services.large_memory.taken()).member("faults", services.pool.failures());
  writer.end_object();
  const auto derivatives = services.pipeline.derivatives();
  writer.key("derivatives").begin_object();
  writer.member("count", derivatives.count).member("bytes", derivatives.bytes).member("waiting", derivatives.waiting);
  writer.end_object();
  writer.key("times");
  write_times(writer, services.accounts);
  writer.key("formats").begin_array();
  for (const std::string& format : services.pipeline.output_formats()) writer.value(format);
  writer.end_array();
  writer.key("problems").begin_array();
  for (const catalogue::Problem& problem : all_problems(services)) {
    writer.begin_object()
        .member("path", problem.path)
        .member("where", problem.where)
        .member("reason", problem.reason)
        .end_object();
  }
  writer.end_array().end_object();
  return writer.take();
}

site::StatusPage status_page(const Services& services, const site::Locale& locale) {
  const ingest::LibraryStatus status = services.library.status();
  site::StatusPage page;
  if (!status.mount_warning.empty()) page.notices.push_back(status.mount_warning);
  if (!status.storage_warning.empty()) page.notices.push_back(status.storage_warning);
  page.facts = {
      {locale.text("status_version"), services.version},
      {locale.text("status_folders"), locale.number(status.folders)},
      {locale.text("status_files"), locale.number(status.files)},
      {locale.text("status_pending"), locale.number(status.pending)},
      {locale.text("status_changes"),
       status.watching ? locale.text("status_watching")
                       : locale.text("status_interval", {{"n", std::to_string(status.scan_interval.count())}})},
      {locale.text("status_users"), locale.number(services.access.count_users())},
      {locale.text("status_last_look"), time_text(status.last_scan)}};
  const auto problems = all_problems(services);
  for (const catalogue::Problem& problem : problems) {
    const std::string where = problem.where.empty() ? problem.path : fmt::format("{}, {}", problem.path, problem.where);
    // A reason is an English sentence; languages that know it say it in their own words.
    const std::string key = "reason: " + problem.reason;
    const bool known = locale.has(key);
    page.problems.push_back({where, {}, known ? locale.text(key) : problem.reason, {}, known ? locale.code() : "en"});
  }
  page.total_problems = problems.size();
  page.tables.push_back(time_table(services.accounts, locale));
  return page;
}

Result<Response> status(const Services& services, const http::Request& request) {
  const auto chosen = http::choose_media_type(request.headers.get("Accept"), {{"application/json"}, {"text/html"}});
  if (chosen != 1U || base::query_value(request.query, "format") == "json") {
    Response response = text(200, status_as_json(services), "application/json");
    response.headers.set("Vary", "Accept");
    return response;
  }
  const PageContext context = page_context(services, request);
  Response response =
      text(200, services.site.render_status(context.site, status_page(services, context.locale), context.locale),
           "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy", std::string(site::kPagePolicy));
  response.headers.set("Vary", "Accept, Accept-Language");
  return response;
}

}  // namespace

void add_health_routes(http::Router& router) {
  const auto alive = [](const ExchangePtr& exchange, const Parameters&) { exchange->respond(text(200, "ok\n")); };
  router.add("GET", "/healthz", "health", alive);
  // Ready as soon as it listens: what is asked for is read first.
  router.add("GET", "/readyz", "health", alive);
}

namespace {

using Guard = std::function<Result<>(const http::Request&)>;

void add_operation_routes(http::Router& router, const Services& services, const Guard& guard) {
  add_health_routes(router);
  router.add("GET", "/status", "status", [&services, guard](const ExchangePtr& exchange, const Parameters&) {
    if (auto go = guard(exchange->request()); !go) return refuse(services, exchange, go.error());
    later(services, exchange, base::Lane::tile,
          [&services, exchange] { return status(services, exchange->request()); });
  });
  router.add("GET", "/metrics", "metrics", [&services, guard](const ExchangePtr& exchange, const Parameters&) {
    if (auto go = guard(exchange->request()); !go) return refuse(services, exchange, go.error());
    later(services, exchange, base::Lane::tile,
          [&services]() -> Result<Response> { return text(200, services.metrics.text(), base::kMetricsType); });
  });
}

}  // namespace

void add_operation_routes(http::Router& router, const Services& services) {
  add_operation_routes(router, services, [](const http::Request&) -> Result<> { return {}; });
}

void add_guarded_operation_routes(http::Router& router, const Services& services) {
  add_operation_routes(router, services, [&services](const http::Request& request) -> Result<> {
    if (!services.access.has_users())
      return base::fail(base::ErrorCode::not_found, "There is nothing at this address.");
    return services.access.allow(request, auth::Permission::administer);
  });
}

}  // namespace armarium::api
