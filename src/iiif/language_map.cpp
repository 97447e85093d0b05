#include <algorithm>

#include <fmt/format.h>

#include "iiif/description.h"
#include "iiif/description_values.h"

namespace armarium::iiif {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_language(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

base::Error no_language_map(std::string_view property) {
  return {base::ErrorCode::invalid_argument,
          fmt::format("{} must be text, a list of texts, or texts by language (de: …).", property),
          {}};
}

// Strings of `value`, which is one string or an array of them, as values of `language`; an empty one says nothing.
bool add_values(LanguageMap& map, std::string_view language, const json::Value& value) {
  if (value.is_string()) {
    if (!value.get_string().empty()) map.add(language, std::string(value.get_string()));
    return true;
  }
  if (!value.is_array()) return false;
  for (const json::Value& item : value.get_array()) {
    if (!item.is_string()) return false;
    if (!item.get_string().empty()) map.add(language, std::string(item.get_string()));
  }
  return true;
}

}  // namespace

bool is_language_tag(std::string_view tag) noexcept {
  bool first = true;
  while (true) {
    const std::size_t end = tag.find('-');
    const std::string_view part = tag.substr(0, end);
    if (part.empty() || part.size() > 8) return false;
    if (first && part.size() == 1 && lower(part[0]) != 'x' && lower(part[0]) != 'i') return false;
    for (char c : part) {
      const bool letter = lower(c) >= 'a' && lower(c) <= 'z';
      if (!letter && (first || c < '0' || c > '9')) return false;
    }
    if (end == std::string_view::npos) return true;
    tag.remove_prefix(end + 1);
    first = false;
  }
}

LanguageMap LanguageMap::of(std::string_view language, std::string value) {
  LanguageMap map;
  map.add(language, std::move(value));
  return map;
}

void LanguageMap::add(std::string_view language, std::string value) {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.first == language; });
  if (entry != entries_.end()) {
    entry->second.push_back(std::move(value));
  } else {
    std::vector<std::string> values;
    values.push_back(std::move(value));
    entries_.emplace_back(std::string(language), std::move(values));
  }
}

LanguageMap::Best LanguageMap::best(std::string_view wanted) const {
  if (entries_.empty()) return {};
  const std::string_view base_language = wanted.substr(0, wanted.find('-'));
  const auto give = [](const auto& entry) { return Best{entry.first, entry.second.front()}; };
  const std::string_view choices[] = {wanted, base_language, "none", "en"};
  for (std::size_t i = 0; i < std::size(choices); ++i) {
    for (const auto& entry : entries_) {
      if (same_language(entry.first, choices[i])) return give(entry);
    }
    // "de" is also answered by "de-AT", before any other language is tried.
    if (i != 1 || base_language.empty()) continue;
    for (const auto& entry : entries_) {
      const std::string_view its_base = std::string_view(entry.first).substr(0, entry.first.find('-'));
      if (same_language(its_base, base_language)) return give(entry);
    }
  }
  return give(entries_.front());
}

json::Value LanguageMap::to_json() const {
  json::Object object;
  for (const auto& [language, values] : entries_) {
    json::Array array;
    for (const std::string& value : values) array.emplace_back(value);
    object[language] = std::move(array);
  }
  return object;
}

base::Result<LanguageMap> LanguageMap::from_json(const json::Value& value, std::string_view property) {
  return language_map_from_json(value, property, "none");
}

base::Result<LanguageMap> language_map_from_json(const json::Value& value, std::string_view property,
                                                 std::string_view plain_language) {
  LanguageMap map;
  if (!value.is_object()) {
    if (!add_values(map, plain_language.empty() ? "none" : plain_language, value))
      return base::fail(no_language_map(property));
    return map;
  }
  for (const auto& member : value.get_object()) {
    std::string_view language = member.key();
    if (language == "@none") language = "none";
    if (language != "none" && !is_language_tag(language)) {
      return base::fail(base::ErrorCode::invalid_argument,
                        fmt::format("{} names the language \"{}\", which is no BCP 47 tag.", property, language));
    }
    if (!add_values(map, language, member.value())) return base::fail(no_language_map(property));
  }
  return map;
}

}  // namespace armarium::iiif
