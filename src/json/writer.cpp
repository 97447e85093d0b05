#include "json/writer.h"

#include <cmath>

#include <fmt/format.h>

namespace armarium::json {

void Writer::separate() {
  if (need_comma_) out_ += ',';
  need_comma_ = false;
}

Writer& Writer::begin_object() {
  separate();
  out_ += '{';
  return *this;
}

Writer& Writer::end_object() {
  out_ += '}';
  need_comma_ = true;
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_ += '[';
  return *this;
}

Writer& Writer::end_array() {
  out_ += ']';
  need_comma_ = true;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  return *this;
}

Writer& Writer::value(std::string_view text) {
  separate();
  append_string(out_, text);
  need_comma_ = true;
  return *this;
}

Writer& Writer::value(bool truth) { return raw(truth ? "true" : "false"); }

Writer& Writer::value(double number) {
  if (!std::isfinite(number)) return null();
  return raw(fmt::format("{}", number));
}

Writer& Writer::value(const Value& tree) { return raw(to_text(tree)); }

Writer& Writer::raw(std::string_view text) {
  separate();
  out_ += text;
  need_comma_ = true;
  return *this;
}

}  // namespace armarium::json
