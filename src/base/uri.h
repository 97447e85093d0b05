#pragma once
// Percent-encoding as RFC 3986 has it, once and strictly. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace armarium::base {

// Decodes %XX once; nothing else changes (a plus stays a plus). No value for a broken escape or a NUL byte.
std::optional<std::string> percent_decode(std::string_view text);

// Encodes every byte outside A-Za-z0-9._~=- : the spelling of identifiers in our addresses.
std::string encode_segment(std::string_view text);

// Encodes for a query value: everything outside RFC 3986 "unreserved".
std::string encode_query(std::string_view text);

// The value of a query parameter, decoded (plus is a space there); nothing when absent or broken.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace armarium::base
