#pragma once
// One line for each answer: shortened address, method, path without query, route, status, bytes, milliseconds. As text or JSON, as base/log is configured. Any thread.

#include <chrono>
#include <cstdint>
#include <string>

#include "http/exchange.h"

namespace armarium::http {

struct AccessLogOptions {
  bool enabled = true;
  bool with_query = false;
};

struct AccessEntry {
  std::string client;
  std::string method;
  std::string path;
  std::string query;
  std::string route;
  int status = 0;
  std::uint64_t bytes = 0;
  bool complete = true;
  std::chrono::microseconds duration{0};
};

// What can be said before the answer is out.
AccessEntry access_entry(const Request& request);
void write_access(const AccessEntry& entry, const AccessLogOptions& options);

}  // namespace armarium::http
