#include "http/access_log.h"

#include "base/log.h"
#include "http/address.h"

namespace armarium::http {

AccessEntry access_entry(const Request& request) {
  AccessEntry entry;
  entry.client = shortened(request.client);
  entry.method = request.method;
  entry.path = request.path.substr(0, 512);
  entry.query = request.query.substr(0, 512);
  entry.route = request.route;
  return entry;
}

void write_access(const AccessEntry& entry, const AccessLogOptions& options) {
  if (!options.enabled) return;
  using base::log::Field;
  const bool query = options.with_query && !entry.query.empty();
  base::log::event(base::log::Level::info, "access",
                   {
                       Field{"client", entry.client},
                       Field{"method", entry.method},
                       Field{"path", query ? entry.path + "?" + entry.query : entry.path},
                       Field{"route", entry.route.empty() ? "none" : entry.route},
                       Field{"status", entry.status},
                       Field{"bytes", entry.bytes},
                       Field{"ms", static_cast<double>(entry.duration.count()) / 1000.0},
                       Field{"complete", entry.complete},
                   });
}

}  // namespace armarium::http
