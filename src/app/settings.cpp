#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "app/config.h"
#include "store/postgres/postgres_store.h"

namespace armarium::app {
namespace {

using base::ErrorCode;
using base::Result;
using Values = std::vector<std::string>;

template <class Integer>
Result<Integer> number(const std::string& text, Integer low, Integer high) {
  Integer value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < low || value > high) {
    return base::fail(ErrorCode::invalid_argument,
                      fmt::format("\"{}\" is no whole number from {} to {}", text, low, high));
  }
  return value;
}

template <auto Member, auto Low, auto High>
Result<> set_number(Config& config, const Values& values) {
  auto value = number(values.back(), static_cast<std::remove_reference_t<decltype(config.*Member)>>(Low),
                      static_cast<std::remove_reference_t<decltype(config.*Member)>>(High));
  if (!value) return base::fail(value.error());
  config.*Member = *value;
  return {};
}

template <auto Member>
Result<> set_text(Config& config, const Values& values) {
  config.*Member = values.back();
  return {};
}

template <auto Member>
Result<> set_flag(Config& config, const Values& values) {
  const std::string& text = values.back();
  if (text != "true" && text != "false") return base::fail(ErrorCode::invalid_argument, "it is either true or false");
  config.*Member = text == "true";
  return {};
}

Result<> set_address(const std::string& text, std::string& address, std::uint16_t& port) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos)
    return base::fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is no ADDRESS:PORT", text));
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  auto value = number<std::uint16_t>(text.substr(colon + 1), 0, std::numeric_limits<std::uint16_t>::max());
  if (!value) return base::fail(value.error());
  address = host.empty() ? "0.0.0.0" : host;
  port = *value;
  return {};
}

Result<> set_listen(Config& config, const Values& values) {
  return set_address(values.back(), config.listen_address, config.listen_port);
}
Result<> set_admin(Config& config, const Values& values) {
  return set_address(values.back(), config.admin_address, config.admin_port);
}

Result<> set_database(Config& config, const Values& values) {
  auto shown = store::shown_postgres(values.back());  // its errors repeat nothing of the URL, which may hold a password
  if (!shown) return base::fail(std::move(shown.error()));
  config.database = values.back();
  return {};
}

Result<> set_contact(Config& config, const Values& values) {
  const std::string& contact = values.back();
  const std::size_t at = contact.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == contact.size() ||
      contact.find_first_of(" \t\r\n") != std::string::npos)
    return base::fail(base::ErrorCode::invalid_argument, "contact must be an e-mail address");
  config.contact = contact;
  return {};
}

Result<> set_public_url(Config& config, const Values& values) {
  std::string url = values.back();
  while (!url.empty() && url.back() == '/') url.pop_back();
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  if (!web || url.find_first_of("?# ") != std::string::npos || url.size() <= url.find("//") + 2) {
    return base::fail(ErrorCode::invalid_argument,
                      "it is an http or https address without query, like https://iiif.example.org/library");
  }
  config.public_url = std::move(url);
  return {};
}

Result<> set_proxies(Config& config, const Values& values) {
  config.trusted_proxies = values;
  return {};
}

Result<> set_log_level(Config& config, const Values& values) {
  static const std::map<std::string, base::log::Level, std::less<>> kLevels = {{"debug", base::log::Level::debug},
                                                                               {"info", base::log::Level::info},
                                                                               {"warning", base::log::Level::warning},
                                                                               {"error", base::log::Level::error}};
  const auto found = kLevels.find(values.back());
  if (found == kLevels.end())
    return base::fail(ErrorCode::invalid_argument, "it is one of debug, info, warning, error");
  config.log_level = found->second;
  return {};
}

Result<> set_log_format(Config& config, const Values& values) {
  if (values.back() != "text" && values.back() != "json")
    return base::fail(ErrorCode::invalid_argument, "it is text or json");
  config.log_format = values.back() == "json" ? base::log::Format::json : base::log::Format::text;
  return {};
}

}  // namespace

const std::vector<Setting>& settings() {
  using Kind = Setting::Kind;
  static const std::vector<Setting> kSettings = {
      {"listen", Kind::text, "ADDRESS:PORT", "where to listen; port 0 takes a free one (default 127.0.0.1:8080)",
       set_listen},
      {"contact", Kind::text, "EMAIL",
       "whom harvesters may write to; OAI-PMH names it (default: postmaster of the host)", set_contact},
      {"public-url", Kind::text, "URL", "the address that the public uses; every id begins with it", set_public_url},
      {"state", Kind::text, "DIR",
       "where index, caches and data are kept (default FOLDER/.armarium where that can be written)",
       set_text<&Config::state>},
      {"database", Kind::text, "URL",
       "postgresql://… keeps the catalogue in that database (default: SQLite in the state); see databases.md",
       set_database},
      {"tls-cert", Kind::text, "FILE", "certificate chain (PEM); with --tls-key the server speaks TLS",
       set_text<&Config::tls_certificate>},
      {"tls-key", Kind::text, "FILE", "private key (PEM)", set_text<&Config::tls_key>},
      {"trusted-proxy", Kind::list, "CIDR", "whose Forwarded and X-Forwarded headers count (default: loopback)",
       set_proxies},
      {"admin-listen", Kind::text, "ADDRESS:PORT",
       "where /status and /metrics are when --public-url is given (default 127.0.0.1:9090)", set_admin},
      {"write-back", Kind::flag, "",
       "what is written through the API is also kept in files beside the items, and read from them; see writing.md",
       set_flag<&Config::write_back>},
      {"uploads", Kind::flag, "", "editors may send files, which are put into FOLDER; see upload.md",
       set_flag<&Config::uploads>},
      {"upload-megabytes", Kind::number, "N", "the largest file that is taken (default 16384)",
       set_number<&Config::upload_megabytes, 1, 1'000'000'000>},
      {"uploads-gigabytes", Kind::number, "N", "disk for unfinished uploads together (default 64)",
       set_number<&Config::uploads_gigabytes, 1, 1'000'000>},
      {"upload-hours", Kind::number, "N", "after which an upload that nobody goes on with is removed (default 72)",
       set_number<&Config::upload_hours, 1, 10'000>},
      {"crosswalk", Kind::text, "FILE",
       "a table that says which field becomes which label, over the one that is built in; see crosswalk.md",
       set_text<&Config::crosswalk>},
      {"io-threads", Kind::number, "N", "threads that run the sockets (default 2)",
       set_number<&Config::io_threads, 1, 64>},
      {"work-threads", Kind::number, "N", "threads that decode (default: one for each processor)",
       set_number<&Config::work_threads, 0, 256>},
      {"decode-workers", Kind::number, "N",
       "processes for AVIF, HEIC, JPEG XL, PDF and rare formats (default 1; 0: none)",
       set_number<&Config::decode_workers, 0, 64>},
      {"quality", Kind::number, "N", "quality of lossy answers, 1 to 100 (default 82)",
       set_number<&Config::quality, 1, 100>},
      {"cache-megabytes", Kind::number, "N", "memory for finished answers and opened pictures (default 256)",
       set_number<&Config::cache_megabytes, 0, 1'000'000>},
      {"derivatives-gigabytes", Kind::number, "N",
       "disk for fast copies of slow pictures, made when there is time (default 10; 0: none)",
       set_number<&Config::derivatives_gigabytes, 0, 1'000'000>},
      {"derivatives-lossless", Kind::flag, "",
       "fast copies lose nothing against what they are made from; they take several times the disk",
       set_flag<&Config::derivatives_lossless>},
      {"linear-light", Kind::flag, "",
       "scale pictures as amounts of light: fine bright lines on dark stay bright; several times slower",
       set_flag<&Config::linear_light>},
      {"large-megabytes", Kind::number, "N",
       "memory that large pictures may take together while they are made; past it 503 (default 1024)",
       set_number<&Config::large_megabytes, 16, 1'000'000>},
      {"client-megapixels", Kind::number, "N",
       "megapixels a minute that are made for one client address; past it 429 (default 0: no budget)",
       set_number<&Config::client_megapixels, 0, 1'000'000'000>},
      {"writes-per-minute", Kind::number, "N",
       "changes a minute by one user, and from one client address; past it 429 (default 6000; 0: no limit)",
       set_number<&Config::writes_per_minute, 0, 1'000'000'000>},
      {"max-megapixels", Kind::number, "N", "the largest picture that is opened (default 20000)",
       set_number<&Config::max_megapixels, 1, 1'000'000>},
      {"request-seconds", Kind::number, "N", "how long one answer may take (default 60)",
       set_number<&Config::request_seconds, 1, 3600>},
      {"scan-minutes", Kind::number, "N",
       "how often the folder is looked through where changes are not announced (default 10)",
       set_number<&Config::scan_minutes, 1, 10'000>},
      {"log-level", Kind::text, "LEVEL", "debug, info, warning or error (default info)", set_log_level},
      {"log-format", Kind::text, "FORMAT", "text or json (default text)", set_log_format},
      {"access-log", Kind::flag, "", "one line for each request, client addresses shortened",
       set_flag<&Config::access_log>},
  };
  return kSettings;
}

std::string settings_as_markdown() {
  std::string out =
      "# Configuration\n\nEvery setting has one name: `--name` on the command line, `ARMARIUM_NAME` in the "
      "environment, `name = …` in the\n"
      "TOML file of `--config`. The command line wins over the environment, the environment over the file. An unknown "
      "name is an error.\n\n"
      "| setting | value | what it does |\n| --- | --- | --- |\n";
  for (const Setting& setting : settings()) {
    out += fmt::format("| `{}` | {} | {} |\n", setting.key,
                       setting.kind == Setting::Kind::flag ? "true, false" : setting.argument, setting.help);
  }
  return out;
}

}  // namespace armarium::app
