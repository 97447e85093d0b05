#include "ingest/rights_names.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace armarium::ingest {
namespace {

// https://rightsstatements.org/page/1.0/ and the names that people use for the public domain.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kNames = {{
    {"cc0", "http://creativecommons.org/publicdomain/zero/1.0/"},
    {"cc-zero", "http://creativecommons.org/publicdomain/zero/1.0/"},
    {"cc0-1.0", "http://creativecommons.org/publicdomain/zero/1.0/"},
    {"pd", "http://creativecommons.org/publicdomain/mark/1.0/"},
    {"pdm", "http://creativecommons.org/publicdomain/mark/1.0/"},
    {"pdm-1.0", "http://creativecommons.org/publicdomain/mark/1.0/"},
    {"cc-pdm", "http://creativecommons.org/publicdomain/mark/1.0/"},
    {"cc-pdm-1.0", "http://creativecommons.org/publicdomain/mark/1.0/"},
    {"public-domain", "http://creativecommons.org/publicdomain/mark/1.0/"},
    {"public-domain-mark", "http://creativecommons.org/publicdomain/mark/1.0/"},
    {"inc", "http://rightsstatements.org/vocab/InC/1.0/"},
    {"inc-ow-eu", "http://rightsstatements.org/vocab/InC-OW-EU/1.0/"},
    {"inc-edu", "http://rightsstatements.org/vocab/InC-EDU/1.0/"},
    {"inc-nc", "http://rightsstatements.org/vocab/InC-NC/1.0/"},
    {"inc-ruu", "http://rightsstatements.org/vocab/InC-RUU/1.0/"},
    {"noc-cr", "http://rightsstatements.org/vocab/NoC-CR/1.0/"},
    {"noc-nc", "http://rightsstatements.org/vocab/NoC-NC/1.0/"},
    {"noc-oklr", "http://rightsstatements.org/vocab/NoC-OKLR/1.0/"},
    {"noc-us", "http://rightsstatements.org/vocab/NoC-US/1.0/"},
    {"cne", "http://rightsstatements.org/vocab/CNE/1.0/"},
    {"und", "http://rightsstatements.org/vocab/UND/1.0/"},
    {"nkc", "http://rightsstatements.org/vocab/NKC/1.0/"},
    {"inc-ow", "http://rightsstatements.org/vocab/InC-OW-EU/1.0/"},
    {"nkc-1.0", "http://rightsstatements.org/vocab/NKC/1.0/"},
}};
constexpr std::array<std::string_view, 6> kKinds = {"by-nc-nd", "by-nc-sa", "by-nc", "by-nd", "by-sa", "by"};
constexpr std::array<std::string_view, 5> kVersions = {"1.0", "2.0", "2.5", "3.0", "4.0"};

// Lower case, single hyphens between words.
std::string normal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '_' || c == '-' || c == '\t') {
      if (!out.empty() && out.back() != '-') out += '-';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::optional<std::string> creative_commons(std::string_view name) {
  if (!name.starts_with("cc-")) return std::nullopt;
  name.remove_prefix(3);
  for (const std::string_view kind : kKinds) {
    if (!name.starts_with(kind)) continue;
    std::string_view rest = name.substr(kind.size());
    if (!rest.empty() && rest.front() != '-') continue;
    if (rest.empty()) return std::nullopt;  // no version: not a licence yet
    rest.remove_prefix(1);
    for (const std::string_view version : kVersions) {
      if (!rest.starts_with(version)) continue;
      std::string_view port = rest.substr(version.size());
      if (port.starts_with('-')) port.remove_prefix(1);
      if (port == "int" || port == "international" || port == "unported" || port == "deed.en") port = {};
      if (!port.empty() && port.size() != 2) return std::nullopt;
      return fmt::format("http://creativecommons.org/licenses/{}/{}/{}{}", kind, version, port,
                         port.empty() ? "" : "/");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> rights_from_text(std::string_view text) {
  if (text.starts_with("http://") || text.starts_with("https://")) return std::string(text);
  const std::string name = normal(text);
  for (const auto& [known, uri] : kNames) {
    if (name == known) return std::string(uri);
  }
  return creative_commons(name);
}

}  // namespace armarium::ingest
