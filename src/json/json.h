#pragma once
// JSON documents: parsed with limits, members kept in order. Boost.JSON behind one alias, so that nobody else names it. Values; any thread.

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/error.h"

namespace armarium::json {

using Value = boost::json::value;
using Object = boost::json::object;
using String = boost::json::string;
using Array = boost::json::array;

struct ParseLimits {
  std::size_t max_bytes = 64U << 20;
  std::size_t max_depth = 64;
};

// invalid_argument with line and column when the text is no JSON, too_large when it is over the limits.
base::Result<Value> parse(std::string_view text, const ParseLimits& limits = {});
// Compact, members in order. Always valid: text that is no UTF-8 gets U+FFFD, a number that is none becomes null.
std::string to_text(const Value& value);
std::string to_pretty_text(const Value& value);  // two spaces

// A member of an object as text; empty when it is absent or something else.
std::string_view text_of(const Object& object, std::string_view key) noexcept;

// Writes `text` as a JSON string with its quotes onto `out`. Invalid UTF-8 becomes U+FFFD.
void append_string(std::string& out, std::string_view text);

}  // namespace armarium::json
