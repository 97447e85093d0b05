#include "http/access_log.h"

#include "base/log.h"
#include "http/address.h"

namespace armarium::http {
namespace {

using base::log::append_field;

constexpr std::size_t kLongest = 512;

// Neighbouring requests of a thread mostly come from one client.
std::string_view shortened_once(const std::string& client) {
  thread_local std::string known;
  thread_local std::string text;
  if (client != known || text.empty()) {
    text = shortened(client);
    known = client;
  }
  return text;
}

}  // namespace

std::string access_start(const Request& request, const AccessLogOptions& options) {
  const base::log::Format format = base::log::format();
  const std::string_view path = std::string_view(request.path).substr(0, kLongest);
  std::string line;
  line.reserve(192 + path.size());
  append_field(line, format, "client", shortened_once(request.client));
  append_field(line, format, "method", std::string_view(request.method));
  if (options.with_query && !request.query.empty()) {
    append_field(line, format, "path", std::string(path) + "?" + request.query.substr(0, kLongest));
  } else {
    append_field(line, format, "path", path);
  }
  return line;
}

void write_access(std::string line, const AccessEnd& end) {
  const base::log::Format format = base::log::format();
  append_field(line, format, "route", end.route.empty() ? std::string_view("none") : end.route);
  append_field(line, format, "status", std::int64_t{end.status});
  append_field(line, format, "bytes", static_cast<std::int64_t>(end.delivery.body_bytes));
  append_field(line, format, "ms", std::chrono::duration<double, std::milli>(end.duration).count());
  append_field(line, format, "complete", end.delivery.complete);
  base::log::frequent_event("access", line);
}

}  // namespace armarium::http
