#pragma once
// Small helpers on header text: comparison without regard to case, trimming, splitting of lists that may hold quoted strings. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace armarium::http {

char lower(char c) noexcept;
std::string lower(std::string_view text);
bool same_text(std::string_view a, std::string_view b) noexcept;  // ASCII, without regard to case
std::string_view trim(std::string_view text) noexcept;            // spaces and tabs
// RFC 9110, 5.6.1: the non-empty elements between `separator`s that stand outside quoted strings, trimmed.
std::vector<std::string_view> split_list(std::string_view text, char separator = ',');
// RFC 9110, 5.6.4: a quoted string without its quotes and escapes; anything else as it is.
std::string unquote(std::string_view text);
// RFC 9110, 5.6.2 token.
bool is_token(std::string_view text) noexcept;

}  // namespace armarium::http
