#include <algorithm>
#include <array>
#include <cctype>

#include "api/site/locale.h"

namespace armarium::api::site {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string_view primary(std::string_view tag) { return tag.substr(0, tag.find('-')); }

bool unknown(std::string_view language) { return language.empty() || language == "none" || language == "@none"; }

// One element of Accept-Language: "de-AT;q=0.8".
struct Preference {
  std::string tag;
  double weight = 1.0;
};

// RFC 9110, 12.4.2: a weight is 0 to 1 with up to three digits. What does not parse counts as 1, as browsers never send it.
double weight_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1.0;
  const std::string_view digits = parameters.substr(at + 2);
  if (digits.empty() || (digits[0] != '0' && digits[0] != '1')) return 1.0;
  double weight = digits[0] - '0';
  double place = 0.1;
  for (std::size_t i = 2; i < digits.size() && i < 5 && digits[i] >= '0' && digits[i] <= '9'; ++i, place /= 10)
    weight += (digits[i] - '0') * place;
  return std::min(weight, 1.0);
}

constexpr std::size_t kMaxPreferences = 32;

std::vector<Preference> parse_accept(std::string_view header) {
  std::vector<Preference> preferences;
  while (!header.empty() && preferences.size() < kMaxPreferences) {
    const auto comma = header.find(',');
    std::string_view element = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t')) element.remove_prefix(1);
    const auto semicolon = element.find(';');
    std::string tag = lower(element.substr(0, semicolon));
    while (!tag.empty() && tag.back() == ' ') tag.pop_back();
    const double weight = semicolon == std::string_view::npos ? 1.0 : weight_of(element.substr(semicolon));
    if (!tag.empty() && weight > 0) preferences.push_back({std::move(tag), weight});
  }
  std::stable_sort(preferences.begin(), preferences.end(),
                   [](const Preference& a, const Preference& b) { return a.weight > b.weight; });
  return preferences;
}

const LanguageMap::Entry* matching(const LanguageMap& map, std::string_view language) {
  const std::string wanted = lower(language);
  for (const auto& entry : map.entries)
    if (lower(entry.language) == wanted) return &entry;
  for (const auto& entry : map.entries)
    if (!unknown(entry.language) && primary(lower(entry.language)) == primary(wanted)) return &entry;
  return nullptr;
}

}  // namespace

std::string_view plural_category(std::string_view language, std::uint64_t number) {
  if (primary(language) != "ar") return number == 1 ? "one" : "other";
  if (number == 0) return "zero";
  if (number == 1) return "one";
  if (number == 2) return "two";
  const std::uint64_t rest = number % 100;
  if (rest >= 3 && rest <= 10) return "few";
  return rest >= 11 ? "many" : "other";
}

std::string_view direction_of(std::string_view language) {
  static constexpr std::array<std::string_view, 14> kLanguages = {"ar", "arc", "ckb", "dv", "fa", "he", "iw",
                                                                  "ps", "sd",  "syr", "ug", "ur", "yi", "nqo"};
  static constexpr std::array<std::string_view, 6> kScripts = {"arab", "hebr", "syrc", "thaa", "nkoo", "adlm"};
  const std::string tag = lower(language);
  const auto dash = tag.find('-');
  if (dash != std::string::npos) {
    const std::string second = tag.substr(dash + 1, tag.find('-', dash + 1) - dash - 1);
    if (second.size() == 4)
      return std::find(kScripts.begin(), kScripts.end(), second) != kScripts.end() ? "rtl" : "ltr";
  }
  return std::find(kLanguages.begin(), kLanguages.end(), primary(tag)) != kLanguages.end() ? "rtl" : "ltr";
}

const Strings* Catalogue::find(std::string_view tag, bool offered_only) const {
  const std::string wanted = lower(tag);
  for (const auto& strings : languages_)
    if ((strings.offered || !offered_only) && strings.code == wanted) return &strings;
  for (const auto& strings : languages_)
    if ((strings.offered || !offered_only) && primary(strings.code) == primary(wanted)) return &strings;
  return nullptr;
}

Locale Catalogue::choose(std::string_view query, std::string_view accept) const {
  const Strings& fallback = languages_.front();
  if (!query.empty())
    if (const Strings* strings = find(query, false)) return {*strings, fallback, true};
  for (const auto& preference : parse_accept(accept))
    if (const Strings* strings = find(preference.tag, true)) return {*strings, fallback, false};
  return {fallback, fallback, false};
}

Chosen choose_values(const LanguageMap& map, std::string_view language) {
  const LanguageMap::Entry* entry = matching(map, language);
  if (entry == nullptr)
    for (const auto& candidate : map.entries)
      if (unknown(candidate.language)) {
        entry = &candidate;
        break;
      }
  if (entry == nullptr) entry = matching(map, "en");
  if (entry == nullptr && !map.entries.empty()) entry = &map.entries.front();
  if (entry == nullptr) return {};
  return {entry->values, unknown(entry->language) ? std::string{} : entry->language};
}

}  // namespace armarium::api::site
