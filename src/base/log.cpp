#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace armarium::base::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

struct Logger {
  std::shared_ptr<spdlog::logger> logger =
      std::make_shared<spdlog::logger>("armarium", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  Format format = Format::text;
  Logger() { logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc); }
};

Logger& instance() {
  static Logger logger;
  return logger;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

void configure(Level level, Format format) {
  Logger& log = instance();
  log.format = format;
  log.logger->set_level(to_spdlog(level));
  if (format == Format::json) {
    log.logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%v})",
                            spdlog::pattern_time_type::utc);
  }
}

bool enabled(Level level) { return instance().logger->should_log(to_spdlog(level)); }

void write(Level level, std::string_view message) {
  Logger& log = instance();
  // A line is one event: what comes from outside cannot add lines of its own.
  std::string line = json_string(message);
  if (log.format == Format::text) line = line.substr(1, line.size() - 2);
  log.logger->log(to_spdlog(level), line);
}

std::string event_text(Format format, std::string_view message, std::initializer_list<Field> fields) {
  const bool json = format == Format::json;
  std::string line = json_string(message);
  if (!json) line = line.substr(1, line.size() - 2);
  for (const Field& field : fields) {
    std::string value;
    if (const auto* text = std::get_if<std::string>(&field.value)) {
      value = json_string(*text);
      // In text a value needs its quotes only where it would not be one word.
      if (!json && !text->empty() && value.size() == text->size() + 2 && text->find_first_of(" =") == std::string::npos)
        value = *text;
    } else if (const auto* truth = std::get_if<bool>(&field.value)) {
      value = *truth ? "true" : "false";
    } else if (const auto* number = std::get_if<double>(&field.value)) {
      value = fmt::format("{:.3f}", *number);
    } else {
      value = std::to_string(std::get<std::int64_t>(field.value));
    }
    line += json ? fmt::format(",\"{}\":{}", field.name, value) : fmt::format(" {}={}", field.name, value);
  }
  return line;
}

void event(Level level, std::string_view message, std::initializer_list<Field> fields) {
  if (enabled(level)) instance().logger->log(to_spdlog(level), event_text(instance().format, message, fields));
}

}  // namespace armarium::base::log
