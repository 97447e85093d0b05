#include "app/config.h"

#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace armarium::app {
namespace {

using base::ErrorCode;
using base::Result;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

const Setting* find_setting(std::string_view key) {
  for (const Setting& setting : settings()) {
    if (setting.key == key) return &setting;
  }
  return nullptr;
}

Result<> unknown_key(std::string_view origin, std::string_view key) {
  return base::fail(ErrorCode::invalid_argument,
                    fmt::format("{}: there is no setting \"{}\"; did you mean \"{}\"?", origin, key, nearest_key(key)));
}

Result<> apply(Config& config, const Setting& setting, const std::vector<std::string>& values,
               std::string_view origin) {
  if (auto applied = setting.apply(config, values); !applied) {
    return base::fail(ErrorCode::invalid_argument,
                      fmt::format("{}: {}: {}", origin, setting.key, applied.error().message));
  }
  return {};
}

Result<std::vector<std::string>> values_of(const toml::node& node) {
  std::vector<std::string> values;
  const auto add = [&values](const toml::node& item) {
    if (const auto* text = item.as_string())
      values.push_back(text->get());
    else if (const auto* integer = item.as_integer())
      values.push_back(std::to_string(integer->get()));
    else if (const auto* truth = item.as_boolean())
      values.emplace_back(truth->get() ? "true" : "false");
    else
      return false;
    return true;
  };
  if (const auto* array = node.as_array()) {
    for (const toml::node& item : *array) {
      if (!add(item)) return base::fail(ErrorCode::invalid_argument, "a list holds texts and numbers only");
    }
  } else if (!add(node)) {
    return base::fail(ErrorCode::invalid_argument, "it is a text, a number, true or false, or a list of these");
  }
  if (values.empty()) return base::fail(ErrorCode::invalid_argument, "the list is empty");
  return values;
}

Result<> read_file(Config& config, const std::filesystem::path& file) {
  const std::string origin = file.string();
  try {
    const toml::table table = toml::parse_file(origin);
    for (const auto& [key, node] : table) {
      const Setting* setting = find_setting(key.str());
      if (setting == nullptr) return unknown_key(origin, key.str());
      auto values = values_of(node);
      if (!values)
        return base::fail(ErrorCode::invalid_argument,
                          fmt::format("{}: {}: {}", origin, key.str(), values.error().message));
      if (auto applied = apply(config, *setting, *values, origin); !applied) return applied;
    }
  } catch (const toml::parse_error& e) {
    return base::fail(ErrorCode::invalid_argument,
                      fmt::format("{}, line {}: {}", origin, e.source().begin.line, e.description()));
  }
  return {};
}

// ARMARIUM_PUBLIC_URL → public-url; empty for names that are not ours.
std::string key_of_variable(std::string_view name) {
  static constexpr std::string_view kPrefix = "ARMARIUM_";
  if (!name.starts_with(kPrefix)) return {};
  std::string key(name.substr(kPrefix.size()));
  for (char& c : key) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return key;
}

std::string variable_of_key(std::string_view key) {
  std::string name = "ARMARIUM_";
  for (char c : key) name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return name;
}

}  // namespace

bool is_setting(std::string_view key) { return find_setting(key) != nullptr; }

std::string_view nearest_key(std::string_view word) {
  const auto nearest = std::min_element(
      settings().begin(), settings().end(),
      [word](const Setting& a, const Setting& b) { return edit_distance(a.key, word) < edit_distance(b.key, word); });
  return nearest->key;
}

Result<Config> load_config(const SettingValues& command_line,
                           const std::function<const char*(const char*)>& environment,
                           const std::vector<std::string>& environment_names, const std::filesystem::path& file) {
  Config config;
  if (!file.empty()) {
    if (auto read = read_file(config, file); !read) return base::fail(read.error());
  }
  for (const std::string& name : environment_names) {
    const std::string key = key_of_variable(name);
    // ARMARIUM_CONFIG names the file itself; the script's own variables begin with ARMARIUM_SKIP.
    if (key.empty() || key == "config" || key.starts_with("skip-")) continue;
    const Setting* setting = find_setting(key);
    const char* value = environment(name.c_str());
    if (setting == nullptr) {
      return base::fail(ErrorCode::invalid_argument, fmt::format("{}: there is no such setting; did you mean {}?", name,
                                                                 variable_of_key(nearest_key(key))));
    }
    if (value == nullptr) continue;
    std::vector<std::string> values = {value};
    if (setting->kind == Setting::Kind::list) {
      values.clear();
      std::string_view rest = value;
      while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        values.emplace_back(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
      }
    }
    if (auto applied = apply(config, *setting, values, name); !applied) return base::fail(applied.error());
  }
  for (const auto& [key, values] : command_line) {
    const Setting* setting = find_setting(key);
    if (setting == nullptr) return base::fail(unknown_key("command line", key).error());
    if (auto applied = apply(config, *setting, values, "command line"); !applied) return base::fail(applied.error());
  }
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    return base::fail(ErrorCode::invalid_argument, "tls-cert and tls-key belong together: give both or none");
  }
  if (!config.public_url.empty() && config.admin_address.empty()) {
    config.admin_address = "127.0.0.1";
    config.admin_port = 9090;
  }
  return config;
}

}  // namespace armarium::app
