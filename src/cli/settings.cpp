#include "cli/settings.h"

#include <cstdlib>
#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

extern char** environ;

namespace armarium::cli {
namespace {

std::vector<std::string> environment_names() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals != nullptr) names.emplace_back(*entry, static_cast<std::size_t>(equals - *entry));
  }
  return names;
}

}  // namespace

void add_settings(CLI::App& command, SettingsGiven& given) {
  command.add_option("--config", given.config_file, "a TOML file with settings")->option_text("FILE");
  for (const app::Setting& setting : app::settings()) {
    const std::string name = fmt::format("--{}", setting.key);
    const std::string key(setting.key);
    const std::string help(setting.help);
    if (setting.kind == app::Setting::Kind::flag) {
      command.add_flag_callback(
          name, [&given, key] { given.values[key] = {"true"}; }, help);
      continue;
    }
    const auto take = [&given, key](const std::vector<std::string>& values) {
      given.values[key] = values;
      return true;
    };
    CLI::Option* option = command.add_option(name, take, help);
    option->option_text(std::string(setting.argument));
    option->expected(1, setting.kind == app::Setting::Kind::list ? 64 : 1);
  }
}

base::Result<app::Config> load_settings(const SettingsGiven& given) {
  std::string file = given.config_file;
  if (const char* named = std::getenv("ARMARIUM_CONFIG"); file.empty() && named != nullptr) file = named;
  return app::load_config(
      given.values, [](const char* name) { return std::getenv(name); }, environment_names(), file);
}

}  // namespace armarium::cli
