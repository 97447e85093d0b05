#include "app/export_command.h"

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

}  // namespace

Result<ExportReport> run_export(const Config& config, const ExportOptions& options,
                                const std::filesystem::path& program) {
  auto folder = exports::SiteFolder::open(options.to, options.replace);
  if (!folder) return base::fail(std::move(folder.error()));
  auto application = Application::create(settings_for_export(config), program);
  if (!application) return base::fail(std::move(application.error()));
  (*application)->start_unheard();
  wait_until_looked(**application, options);

  exports::Options what{.base_url = config.public_url,
                        .assets = (*application)->site_assets(),
                        .viewers = (*application)->site_viewers(),
                        .threads = std::max(2U, std::thread::hardware_concurrency())};
  if (options.progress) {
    what.progress = [&options](std::uint64_t files, std::uint64_t waiting) {
      options.progress(fmt::format("{} files written, {} known of still to come", files, waiting));
    };
  }
  const http::Handler& handler = (*application)->handler();
  auto site = exports::export_site(
      what, [&handler](const std::string& target) { return ask(handler, target); }, *folder);
  (*application)->stop(milliseconds(0));
  if (!site) return base::fail(std::move(site.error()));
  if (auto finished = folder->finish(); !finished) return base::fail(std::move(finished.error()));
  return ExportReport{.site = std::move(*site), .files = folder->files(), .bytes = folder->bytes()};
}

}  // namespace armarium::app
