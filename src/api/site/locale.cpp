#include "api/site/locale.h"

#include <algorithm>

#include "json/json.h"

namespace armarium::api::site {
namespace {

base::Result<void> read_member(Strings& strings, std::string_view key, const json::Value& value) {
  if (value.is_string()) {
    strings.texts.emplace(key, std::string_view(value.get_string()));
    return {};
  }
  if (value.is_array()) {
    auto& list = strings.lists[std::string(key)];
    for (const auto& element : value.get_array()) {
      if (!element.is_string())
        return base::fail(base::ErrorCode::invalid_argument, "A list of strings holds something else.",
                          std::string(key));
      list.emplace_back(std::string_view(element.get_string()));
    }
    return {};
  }
  if (!value.is_object())
    return base::fail(base::ErrorCode::invalid_argument, "A string is neither text, list nor plural forms.",
                      std::string(key));
  auto& forms = strings.plurals[std::string(key)];
  for (const auto& form : value.get_object()) {
    if (!form.value().is_string())
      return base::fail(base::ErrorCode::invalid_argument, "A plural form is no text.", std::string(key));
    forms.emplace(std::string_view(form.key()), std::string_view(form.value().get_string()));
  }
  return {};
}

// Replaces each {name}; what has no argument stays, so that a mistake can be seen.
std::string fill(std::string_view pattern, const Locale::Arguments& arguments) {
  std::string result;
  for (std::size_t at = 0; at < pattern.size();) {
    const auto open = pattern.find('{', at);
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) return result.append(pattern.substr(at));
    result.append(pattern.substr(at, open - at));
    const std::string_view name = pattern.substr(open + 1, close - open - 1);
    const auto found =
        std::find_if(arguments.begin(), arguments.end(), [&](const auto& argument) { return argument.first == name; });
    result.append(found == arguments.end() ? pattern.substr(open, close - open + 1) : std::string_view(found->second));
    at = close + 1;
  }
  return result;
}

}  // namespace

base::Result<Strings> parse_strings(std::string_view text) {
  auto document = json::parse(text);
  if (!document) return base::fail(std::move(document).error());
  if (!document->is_object())
    return base::fail(base::ErrorCode::invalid_argument, "A catalogue of strings is one JSON object.");
  Strings strings;
  for (const auto& member : document->get_object()) {
    if (member.key() == "offered") {
      strings.offered = !member.value().is_bool() || member.value().get_bool();
    } else if (auto read = read_member(strings, member.key(), member.value()); !read) {
      return base::fail(std::move(read).error());
    }
  }
  const auto take = [&](std::string_view key) {
    const auto found = strings.texts.find(key);
    return found == strings.texts.end() ? std::string{} : found->second;
  };
  strings.code = take("language_code");
  strings.name = take("language_name");
  strings.direction = take("direction") == "rtl" ? "rtl" : "ltr";
  if (strings.code.empty())
    return base::fail(base::ErrorCode::invalid_argument, "A catalogue of strings has no language_code.");
  return strings;
}

bool Locale::has(std::string_view key) const { return strings_->texts.contains(key) || fallback_->texts.contains(key); }

std::string Locale::text(std::string_view key, const Arguments& arguments) const {
  for (const Strings* strings : {strings_, fallback_})
    if (const auto found = strings->texts.find(key); found != strings->texts.end())
      return fill(found->second, arguments);
  return std::string(key);
}

const std::vector<std::string>& Locale::list(std::string_view key) const {
  static const std::vector<std::string> kNone;
  for (const Strings* strings : {strings_, fallback_})
    if (const auto found = strings->lists.find(key); found != strings->lists.end()) return found->second;
  return kNone;
}

std::string Locale::count(std::string_view key, std::uint64_t amount) const {
  for (const Strings* strings : {strings_, fallback_}) {
    const auto found = strings->plurals.find(key);
    if (found == strings->plurals.end()) continue;
    auto form = found->second.find(plural_category(strings->code, amount));
    if (form == found->second.end()) form = found->second.find("other");
    if (form != found->second.end()) return fill(form->second, {{"n", number(amount)}});
  }
  return number(amount);
}

std::string Locale::number(std::uint64_t amount) const {
  std::string digits = std::to_string(amount);
  const std::string separator = text("group_separator");
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), separator);
  return digits;
}

std::vector<std::pair<std::string, std::string>> Locale::all_texts() const {
  std::vector<std::pair<std::string, std::string>> result(strings_->texts.begin(), strings_->texts.end());
  for (const auto& [key, text] : fallback_->texts)
    if (!strings_->texts.contains(key)) result.emplace_back(key, text);
  return result;
}

}  // namespace armarium::api::site
