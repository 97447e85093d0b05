#pragma once
// The structured log, one line an event on standard error, as text or JSON. Thread-safe. Never give it a secret; client
// addresses are shortened by the caller.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include <fmt/format.h>

namespace armarium::base::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

void configure(Level level, Format format);
void write(Level level, std::string_view message);
bool enabled(Level level);

// A named value of an event: `status=200` in text, a member of its own in JSON.
struct Field {
  std::string_view name;  // plain letters
  std::variant<std::string, std::int64_t, double, bool> value;

  Field(std::string_view field_name, std::string text) : name(field_name), value(std::move(text)) {}
  Field(std::string_view field_name, const char* text) : name(field_name), value(std::string(text)) {}
  Field(std::string_view field_name, bool truth) : name(field_name), value(truth) {}
  Field(std::string_view field_name, double number) : name(field_name), value(number) {}
  Field(std::string_view field_name, int number) : name(field_name), value(std::int64_t{number}) {}
  Field(std::string_view field_name, std::uint64_t number)
      : name(field_name), value(static_cast<std::int64_t>(number)) {}
};
void event(Level level, std::string_view message, std::initializer_list<Field> fields);
// The line without time and level, as event() writes it.
std::string event_text(Format format, std::string_view message, std::initializer_list<Field> fields);

// An event of which there are many (the access log), of level info: its line may wait with others for a quarter of a second, but not behind a line of any other kind. `fields` are what
// append_field() made. flush() writes what waits.
void frequent_event(std::string_view message, std::string_view fields);
void append_field(std::string& out, Format format, std::string_view name, std::string_view text);
void append_field(std::string& out, Format format, std::string_view name, std::int64_t number);
void append_field(std::string& out, Format format, std::string_view name, double number);  // to a thousandth
void append_field(std::string& out, Format format, std::string_view name, bool truth);
Format format();
void flush();

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace armarium::base::log
