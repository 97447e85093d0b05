#include "http/route_metrics.h"

namespace armarium::http {

const RouteMetrics::Handles& RouteMetrics::handles(base::Metrics& metrics, const std::string& route, int status) {
  const Key key{status, route};
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = handles_.find(key); found != handles_.end()) return found->second;
  }
  const std::string name = route.empty() ? "none" : route;
  const Handles made{metrics.counter("armarium_http_requests_total", "Requests answered.",
                                     {{"route", name}, {"status", std::to_string(status)}}),
                     metrics.counter("armarium_http_response_bytes_total", "Bytes of bodies sent.", {{"route", name}}),
                     metrics.histogram("armarium_http_request_duration_seconds",
                                       "From the head of the request to the end of the answer.", {{"route", name}},
                                       base::duration_buckets())};
  const std::lock_guard lock(mutex_);
  return handles_.emplace(key, made).first->second;
}

void RouteMetrics::record(base::Metrics& metrics, const std::string& route, int status, const Delivery& delivery,
                          std::chrono::steady_clock::duration duration) {
  const Handles& known = handles(metrics, route, status);
  known.requests.add();
  known.bytes.add(static_cast<double>(delivery.body_bytes));
  known.duration.observe(std::chrono::duration<double>(duration).count());
}

}  // namespace armarium::http
