#include "app/export_command.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
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

// A server that has no room now says so; nobody else waits, so it is asked again.
Result<exports::Answer> ask(const http::Handler& handler, const std::string& target) {
  constexpr int kBusy = 503;
  const auto end = std::chrono::steady_clock::now() + kLongestAnswer;
  for (;;) {
    auto exchange = http::FakeExchange::get(target);
    handler(exchange);
    http::Response* response = exchange->wait(kLongestAnswer);
    const bool over = std::chrono::steady_clock::now() >= end;
    if (response == nullptr) return base::fail(ErrorCode::deadline_exceeded, "There was no answer within an hour.");
    if (response->status != kBusy || over) return exports::Answer{.response = std::move(*response), .keep = exchange};
    std::this_thread::sleep_for(milliseconds(200));
  }
}

bool holds(const std::filesystem::path& outer, const std::filesystem::path& inner) {
  const auto [end, rest] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end();
}

// What is written must not lie in what is read, nor hold it: it would be published, or go with what it replaces.
Result<> check_places(const Config& config, const ExportOptions& options) {
  std::error_code error;
  const auto whole = [&error](const std::filesystem::path& path) {
    return path.empty() ? path : std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  };
  const std::filesystem::path to = whole(options.to);
  const std::filesystem::path records = whole(options.records);
  const auto apart = [](const std::filesystem::path& a, const std::filesystem::path& b) {
    return a.empty() || b.empty() || (!holds(a, b) && !holds(b, a));
  };
  for (const std::filesystem::path& written : {to, records}) {
    for (const std::filesystem::path& read : {whole(config.folder), whole(config.state), whole(config.crosswalk)}) {
      if (!apart(written, read))
        return base::fail(ErrorCode::invalid_argument,
                          fmt::format("{} and {} must not lie in each other.", written.string(), read.string()));
    }
  }
  if (!apart(to, records))
    return base::fail(ErrorCode::invalid_argument, "The site and the records must not lie in each other.");
  return {};
}

Result<> wait_until_looked(const Application& application, const ExportOptions& options) {
  for (;;) {
    const bool looked = application.has_looked();
    if (const std::string why = application.held_back(); !why.empty())
      return base::fail(ErrorCode::not_ready, why + " Nothing is exported.");
    if (looked) return {};
    if (options.progress) options.progress(application.progress());
    std::this_thread::sleep_for(milliseconds(100));
  }
}

// Opened before there is an application, so that a place that is taken is said at once.
Result<std::optional<exports::SiteFolder>> open_folder(const std::filesystem::path& place, std::string_view what,
                                                       bool replace) {
  if (place.empty()) return std::optional<exports::SiteFolder>();
  auto folder = exports::SiteFolder::open(place, what, replace);
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
  if (auto apart = check_places(config, options); !apart) return base::fail(std::move(apart.error()));
  auto site = open_folder(options.to, "site", options.replace);
  if (!site) return base::fail(std::move(site.error()));
  auto records = open_folder(options.records, "records", options.replace);
  if (!records) return base::fail(std::move(records.error()));
  auto application = Application::create(settings_for_export(config), program);
  if (!application) return base::fail(std::move(application.error()));
  (*application)->start_unheard();
  if (auto looked = wait_until_looked(**application, options); !looked) return base::fail(std::move(looked.error()));

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
  if (done && *site) {
    report.kept_earlier =
        options.replace && !options.incomplete && !report.site->problems.empty() && std::filesystem::exists(options.to);
    if (!report.kept_earlier) done = (*site)->finish();
  }
  if (done && *records) done = (*records)->finish();
  if (!done) return base::fail(std::move(done.error()));
  return report;
}

}  // namespace armarium::app
