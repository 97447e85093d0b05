#include "json/json.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace armarium::json {
namespace {

// Boost.JSON reads 1e400 as infinity and would write a word that is no JSON.
bool has_infinity(const Value& value) {
  if (value.is_double()) return !std::isfinite(value.get_double());
  if (const Array* array = value.if_array()) return std::any_of(array->begin(), array->end(), has_infinity);
  if (const Object* object = value.if_object()) {
    return std::any_of(object->begin(), object->end(), [](const auto& member) { return has_infinity(member.value()); });
  }
  return false;
}

}  // namespace

base::Result<Value> parse(std::string_view text, const ParseLimits& limits) {
  if (text.size() > limits.max_bytes) return base::fail(base::ErrorCode::too_large, "The JSON document is too large.");
  boost::json::parse_options options;
  options.max_depth = limits.max_depth;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code failed;
  const std::size_t used = parser.write_some(text.data(), text.size(), failed);
  if (!failed && used == text.size()) parser.finish(failed);
  if (!failed && used == text.size()) {
    Value value = parser.release();
    if (!has_infinity(value)) return value;
    return base::fail(base::ErrorCode::invalid_argument, "The JSON document holds a number that is too large.");
  }
  std::size_t line = 1;
  std::size_t column = 1;
  for (char c : text.substr(0, std::min(used, text.size()))) {
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n' ? 1U : 0U;
  }
  const std::string reason = failed ? failed.message() : std::string("text after the end of the document");
  return base::fail(base::ErrorCode::invalid_argument,
                    fmt::format("Line {}, column {} is no JSON: {}.", line, column, reason));
}

namespace {

// The shortest form that reads back as the same number, still no integer: 13.405, 100.0.
void append_double(std::string& out, double number) {
  const std::string text = fmt::format("{}", number);
  out += std::isfinite(number) ? text : "null";
  if (std::isfinite(number) && text.find_first_of(".e") == std::string::npos) out += ".0";
}

void append_compact(std::string& out, const Value& value) {
  if (const Object* object = value.if_object()) {
    out += '{';
    for (bool first = true; const auto& member : *object) {
      if (!std::exchange(first, false)) out += ',';
      append_string(out, member.key());
      out += ':';
      append_compact(out, member.value());
    }
    out += '}';
  } else if (const Array* array = value.if_array()) {
    out += '[';
    for (bool first = true; const Value& item : *array) {
      if (!std::exchange(first, false)) out += ',';
      append_compact(out, item);
    }
    out += ']';
  } else if (value.is_string()) {
    append_string(out, value.get_string());
  } else if (value.is_double()) {
    append_double(out, value.get_double());
  } else {
    out += boost::json::serialize(value);
  }
}

void append_pretty(std::string& out, const Value& value, int depth) {
  const auto indent = [&](int by) { out.append(1, '\n').append(static_cast<std::size_t>(by) * 2, ' '); };
  if (value.is_object() && !value.get_object().empty()) {
    out += '{';
    bool first = true;
    for (const auto& member : value.get_object()) {
      if (!first) out += ',';
      first = false;
      indent(depth + 1);
      append_string(out, member.key());
      out += ": ";
      append_pretty(out, member.value(), depth + 1);
    }
    indent(depth);
    out += '}';
  } else if (value.is_array() && !value.get_array().empty()) {
    out += '[';
    bool first = true;
    for (const auto& item : value.get_array()) {
      if (!first) out += ',';
      first = false;
      indent(depth + 1);
      append_pretty(out, item, depth + 1);
    }
    indent(depth);
    out += ']';
  } else {
    out += to_text(value);
  }
}

// Length of the valid UTF-8 sequence at `text`, 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  std::size_t length = 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::string to_text(const Value& value) {
  std::string out;
  append_compact(out, value);
  return out;
}

std::string to_pretty_text(const Value& value) {
  std::string out;
  append_pretty(out, value, 0);
  return out;
}

std::string_view text_of(const Object& object, std::string_view key) noexcept {
  const Value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text.front();
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

}  // namespace armarium::json
