#pragma once
// What a server is started with: command line over ARMARIUM_… environment over a TOML file, all from one table of settings, from which the
// help and docs/guides/configuration.md are made too. An unknown key is an error that names the nearest right one. Values; any thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"

namespace armarium::app {

struct Config {
  std::filesystem::path folder;
  std::string listen_address = "127.0.0.1";
  std::uint16_t listen_port = 8080;
  std::string contact;          // an e-mail address for harvesters; may be empty
  std::string public_url;       // empty, or without a slash at the end
  std::filesystem::path state;  // empty: chosen by where the folder is
  std::string database;         // empty: SQLite in the state; may hold a password
  std::string tls_certificate;
  std::string tls_key;
  std::vector<std::string> trusted_proxies;  // CIDR; empty: loopback
  std::string admin_address;                 // empty: /status and /metrics on the main address
  std::uint16_t admin_port = 0;
  bool write_back = false;
  bool uploads = false;
  std::uint64_t upload_megabytes = 16'384;  // of one file
  std::uint64_t uploads_gigabytes = 64;     // of the unfinished together
  std::uint32_t upload_hours = 72;          // without a byte
  std::filesystem::path crosswalk;          // empty: the table that is built in
  std::size_t io_threads = 2;
  std::size_t work_threads = 0;  // 0: one for each processor
  std::size_t decode_workers = 1;
  int quality = 82;
  std::uint64_t cache_megabytes = 256;
  std::uint64_t derivatives_gigabytes = 10;
  bool derivatives_lossless = false;
  bool linear_light = false;
  std::uint64_t large_megabytes = 1024;
  std::uint64_t client_megapixels = 0;     // a minute; 0: no budget
  std::uint64_t writes_per_minute = 6000;  // of one user, of one client; 0: no limit
  std::uint64_t max_megapixels = 20'000;
  std::uint32_t request_seconds = 60;
  std::uint32_t scan_minutes = 10;
  base::log::Level log_level = base::log::Level::info;
  base::log::Format log_format = base::log::Format::text;
  bool access_log = false;
};

struct Setting {
  enum class Kind { text, number, flag, list };
  std::string_view key;  // "public-url": --public-url, ARMARIUM_PUBLIC_URL, public-url = "…"
  Kind kind;
  std::string_view argument;  // "URL"
  std::string_view help;
  base::Result<> (*apply)(Config&, const std::vector<std::string>& values);
};

const std::vector<Setting>& settings();

// Values as text by key, as the command line gives them.
using SettingValues = std::map<std::string, std::vector<std::string>, std::less<>>;

// `environment` is a lookup (getenv); `file` may be empty. Errors name the origin and the key.
base::Result<Config> load_config(const SettingValues& command_line,
                                 const std::function<const char*(const char*)>& environment,
                                 const std::vector<std::string>& environment_names, const std::filesystem::path& file);

// The key of the table that is nearest to `word`.
std::string_view nearest_key(std::string_view word);
bool is_setting(std::string_view key);

// The table as Markdown: docs/guides/configuration.md.
std::string settings_as_markdown();

}  // namespace armarium::app
