#include "base/log.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <iterator>

#include <fmt/compile.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/line_batch.h"

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

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  out += '"';
}

// A line is one event: what comes from outside cannot add lines of its own.
void append_message(std::string& out, Format format, std::string_view message) {
  const std::size_t start = out.size();
  append_quoted(out, message);
  if (format == Format::json) return;
  out.pop_back();
  out.erase(start, 1);
}

void append_name(std::string& out, Format format, std::string_view name) {
  if (format == Format::json) {
    out.append(",\"").append(name).append("\":");
  } else {
    (out += ' ').append(name) += '=';
  }
}

bool one_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != '"' && c != '\\' && c != '=';
  });
}

// The time of a line as the patterns below write it, to the second; made once a second on each thread.
std::string_view second_text(std::time_t second) {
  thread_local std::time_t known = -1;
  thread_local std::string text;
  if (second != known) {
    std::tm parts{};
    gmtime_r(&second, &parts);
    text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
    known = second;
  }
  return text;
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

Format format() { return instance().format; }

void write(Level level, std::string_view message) {
  Logger& log = instance();
  std::string line;
  append_message(line, log.format, message);
  flush();
  log.logger->log(to_spdlog(level), line);
}

void append_field(std::string& out, Format format, std::string_view name, std::string_view text) {
  append_name(out, format, name);
  // In text a value needs its quotes only where it would not be one word.
  if (format == Format::text && one_word(text)) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

void append_field(std::string& out, Format format, std::string_view name, std::int64_t number) {
  append_name(out, format, name);
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), number);
}

void append_field(std::string& out, Format format, std::string_view name, double number) {
  append_name(out, format, name);
  // Times and the like; by whole numbers, which is several times as fast.
  constexpr double kMost = 1e12;
  if (number >= 0 && number < kMost) {
    const auto thousandths = std::llround(number * 1000);
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}.{:03}"), thousandths / 1000, thousandths % 1000);
  } else {
    fmt::format_to(std::back_inserter(out), "{:.3f}", number);
  }
}

void append_field(std::string& out, Format format, std::string_view name, bool truth) {
  append_name(out, format, name);
  out += truth ? "true" : "false";
}

std::string event_text(Format format, std::string_view message, std::initializer_list<Field> fields) {
  std::string line;
  append_message(line, format, message);
  for (const Field& field : fields) {
    std::visit([&](const auto& value) { append_field(line, format, field.name, value); }, field.value);
  }
  return line;
}

void event(Level level, std::string_view message, std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  flush();
  instance().logger->log(to_spdlog(level), event_text(instance().format, message, fields));
}

// The same line as event() writes; spdlog would write each by a system call of its own.
void frequent_event(std::string_view message, std::string_view fields) {
  if (!enabled(Level::info)) return;
  const Format format = instance().format;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  thread_local std::string line;
  line = format == Format::json ? R"({"time":")" : "";
  line += second_text(static_cast<std::time_t>(milliseconds / 1000));
  fmt::format_to(std::back_inserter(line), FMT_COMPILE(".{:03}Z"), milliseconds % 1000);
  line += format == Format::json ? R"(","level":"info","message":)" : " info ";
  append_message(line, format, message);
  line += fields;
  line += format == Format::json ? "}\n" : "\n";
  LineBatch::instance().add(line);
}

void flush() { LineBatch::instance().flush(); }

}  // namespace armarium::base::log
