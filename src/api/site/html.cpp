#include "api/site/html.h"

#include <algorithm>
#include <array>
#include <vector>

#include "api/site/locale.h"

namespace armarium::api::site {
namespace {

constexpr std::array<std::string_view, 12> kElements = {"a", "b",     "br",   "em",     "i",   "img",
                                                        "p", "small", "span", "strong", "sub", "sup"};
constexpr std::size_t kMaxDepth = 32;

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool is_void(std::string_view element) { return element == "br" || element == "img"; }

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::string_view take_name(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && is_name(rest[length])) ++length;
  const std::string_view name = rest.substr(0, length);
  rest.remove_prefix(length);
  return name;
}

void skip_spaces(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\n' || rest.front() == '\t' || rest.front() == '\r'))
    rest.remove_prefix(1);
}

bool permitted_attribute(std::string_view element, std::string_view name, std::string_view value) {
  if (element == "a" && name == "href") return is_web_address(value) || starts_with(value, "mailto:");
  if (element == "img" && name == "src") return is_web_address(value);
  return (element == "img" && (name == "alt" || name == "title")) || (element == "a" && name == "title");
}

// Reads ` name="value"`… up to and with '>'.
bool take_attributes(std::string_view& rest, std::string_view element) {
  for (;;) {
    skip_spaces(rest);
    if (starts_with(rest, "/>") && is_void(element)) return rest.remove_prefix(2), true;
    if (starts_with(rest, ">")) return rest.remove_prefix(1), true;
    const std::string_view name = take_name(rest);
    if (name.empty() || rest.size() < 2 || rest[0] != '=' || (rest[1] != '"' && rest[1] != '\'')) return false;
    const auto end = rest.find(rest[1], 2);
    if (end == std::string_view::npos) return false;
    const std::string_view value = rest.substr(2, end - 2);
    if (value.find('<') != std::string_view::npos || !permitted_attribute(element, name, value)) return false;
    rest.remove_prefix(end + 1);
  }
}

bool take_tag(std::string_view& rest, std::vector<std::string_view>& open) {
  rest.remove_prefix(1);
  const bool closing = starts_with(rest, "/");
  if (closing) rest.remove_prefix(1);
  const std::string_view element = take_name(rest);
  if (std::find(kElements.begin(), kElements.end(), element) == kElements.end()) return false;
  if (closing) {
    if (open.empty() || open.back() != element || !starts_with(rest, ">")) return false;
    open.pop_back();
    rest.remove_prefix(1);
    return true;
  }
  if (!take_attributes(rest, element)) return false;
  if (!is_void(element)) open.push_back(element);
  return open.size() <= kMaxDepth;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string language_attributes(std::string_view language, std::string_view page_language) {
  if (language.empty()) return " dir=\"auto\"";
  if (language == page_language) return {};
  std::string result = " lang=\"" + escape_html(language) + "\"";
  const std::string_view direction = direction_of(language);
  if (direction != direction_of(page_language)) result.append(" dir=\"").append(direction).append("\"");
  return result;
}

bool is_web_address(std::string_view text) {
  if (!starts_with(text, "https://") && !starts_with(text, "http://")) return false;
  return text.size() > 8 && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '<' || c == '>';
         });
}

bool is_permitted_html(std::string_view value) {
  if (value.size() < 3 || value.front() != '<' || value.back() != '>') return false;
  std::vector<std::string_view> open;
  std::string_view rest = value;
  while (!rest.empty()) {
    if (rest.front() == '<') {
      if (!take_tag(rest, open)) return false;
    } else {
      rest.remove_prefix(std::min(rest.find('<'), rest.size()));
    }
  }
  return open.empty();
}

std::string value_to_html(std::string_view value) {
  if (is_permitted_html(value)) return std::string(value);
  const std::string escaped = escape_html(value);
  if (is_web_address(value)) return "<a href=\"" + escaped + "\" dir=\"ltr\">" + escaped + "</a>";
  std::string result;
  for (const char c : escaped) {
    if (c == '\n') result += "<br>";
    result += c;
  }
  return result;
}

std::string value_to_text(std::string_view value) {
  if (!is_permitted_html(value)) return std::string(value);
  std::string result;
  bool inside = false;
  for (const char c : value) {
    if (c == '<') inside = true;
    if (!inside) result += c;
    if (c == '>') inside = false;
  }
  for (const auto& [entity, character] : {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""},
                                          std::pair{"&#39;", "'"}, std::pair{"&amp;", "&"}}) {
    for (auto at = result.find(entity); at != std::string::npos; at = result.find(entity, at + 1))
      result.replace(at, std::string_view(entity).size(), character);
  }
  return result;
}

std::string host_of(std::string_view address) {
  const std::size_t start = address.find("://");
  if (start != std::string_view::npos) address.remove_prefix(start + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  return std::string(address.substr(address.rfind('@') + 1));
}

}  // namespace armarium::api::site
