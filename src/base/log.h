#pragma once
// The structured log, one line an event on standard error, as text or JSON. Thread-safe. Never give it a secret; client
// addresses are shortened by the caller.

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace armarium::base::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

void configure(Level level, Format format);
void write(Level level, std::string_view message);
bool enabled(Level level);

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
