#include "app/export_command.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "app/application.h"
#include "http/fake_exchange.h"

namespace armarium::app {
namespace {

using base::ErrorCode;
using base::Result;
using std::chrono::milliseconds;

constexpr std::chrono::hours kLongestAnswer{1};

// Nothing is spared for others, and nothing is made that only a server that goes on needs.
Config settings_for_export(Config config) {
  config.client_megapixels = 0;
  config.derivatives_gigabytes = 0;
  config.admin_address.clear();
  config.request_seconds = static_cast<std::uint32_t>(std::chrono::seconds(kLongestAnswer).count());
  return config;
}

Result<exports::Answer> ask(const http::Handler& handler, const std::string& target) {
  auto exchange = http::FakeExchange::get(target);
  handler(exchange);
  http::Response* response = exchange->wait(kLongestAnswer);
  if (response == nullptr) return base::fail(ErrorCode::deadline_exceeded, "There was no answer within an hour.");
  return exports::Answer{.response = std::move(*response), .keep = exchange};
}

void wait_until_looked(const Application& application, const ExportOptions& options) {
  while (!application.has_looked()) {
    if (options.progress) options.progress(application.progress());
    std::this_thread::sleep_for(milliseconds(100));
  }
}

// Opened before there is an application, so that a place that is taken is said at once.
Result<std::optional<exports::SiteFolder>> open_folder(const std::filesystem::path& place, bool replace) {
  if (place.empty()) return std::optional<exports::SiteFolder>();
  auto folder = exports::SiteFolder::open(place, replace);
  if (!folder) return base::fail(std::move(folder.error()));
  return std::optional<exports::SiteFolder>(std::move(*folder));
}

Result<> make_site(const Application& application, const std::string& base_url, const ExportOptions& options,
                   const exports::Ask& ask, exports::SiteFolder& folder, ExportReport& report) {
  exports::Options what{.base_url = base_url,
                        .assets = application.site_assets(),
                        .viewers = application.site_viewers(),
                        .threads = std::max(2U, std::thread::hardware_concurrency())};
  if (options.progress) {
    what.progress = [&options](std::uint64_t files, std::uint64_t waiting) {
      options.progress(fmt::format("{} files written, {} known of still to come", files, waiting));
    };
  }
  auto site = exports::export_site(what, ask, folder);
  if (!site) return base::fail(std::move(site.error()));
  report.site = std::move(*site);
  report.files = folder.files();
  report.bytes = folder.bytes();
  return {};
}

}  // namespace

Result<ExportReport> run_export(const Config& config, const ExportOptions& options,
                                const std::filesystem::path& program) {
  auto site = open_folder(options.to, options.replace);
  if (!site) return base::fail(std::move(site.error()));
  auto records = open_folder(options.records, options.replace);
  if (!records) return base::fail(std::move(records.error()));
  auto application = Application::create(settings_for_export(config), program);
  if (!application) return base::fail(std::move(application.error()));
  (*application)->start_unheard();
  wait_until_looked(**application, options);

  const http::Handler& handler = (*application)->handler();
  const exports::Ask asking = [&handler](const std::string& target) { return ask(handler, target); };
  ExportReport report;
  Result<> done;
  if (*site) done = make_site(**application, config.public_url, options, asking, **site, report);
  if (done && *records) {
    auto made = export_records((*application)->store(), (*application)->catalogue(), asking, **records);
    if (made)
      report.records = *made;
    else
      done = base::fail(std::move(made.error()));
  }
  (*application)->stop(milliseconds(0));
  if (done && *site) done = (*site)->finish();
  if (done && *records) done = (*records)->finish();
  if (!done) return base::fail(std::move(done.error()));
  return report;
}

}  // namespace armarium::app
