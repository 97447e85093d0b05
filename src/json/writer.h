#pragma once
// An ordered writer for answers: members come out in the order of the calls (@context first), nothing is kept but the text. Misuse (a value without
// a key in an object) is our own mistake and asserts. Not shared between threads.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "json/json.h"

namespace armarium::json {

class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);

  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(bool truth);
  Writer& value(double number);
  template <class Integer, std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>, int> = 0>
  Writer& value(Integer number) {
    return raw(std::to_string(number));
  }
  Writer& null() { return raw("null"); }
  Writer& value(const Value& tree);
  // JSON text that is written as it is.
  Writer& raw(std::string_view text);

  template <class T>
  Writer& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  // The text so far; complete when every object and array was ended.
  const std::string& text() const& { return out_; }
  std::string take() { return std::exchange(out_, {}); }

 private:
  void separate();
  std::string out_;
  bool need_comma_ = false;
};

}  // namespace armarium::json
