#pragma once
// One line for each answer: shortened address, method, path without query, route, status, bytes, milliseconds. As text or JSON, as base/log is configured; lines wait a moment
// for each other (base/line_batch.h). Any thread.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace armarium::http {

struct AccessLogOptions {
  bool enabled = true;
  bool with_query = false;
};

// What is known when an answer is out.
struct AccessEnd {
  std::string_view route;
  int status = 0;
  Delivery delivery;
  std::chrono::steady_clock::duration duration{0};
};

// The part of the line that the request gives; the request is gone when the answer is out.
std::string access_start(const Request& request, const AccessLogOptions& options);
void write_access(std::string line, const AccessEnd& end);

}  // namespace armarium::http
