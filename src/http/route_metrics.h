#pragma once
// What the answers of each route add up to. Asking the registry by names and labels costs more than a small answer does, so the handles are kept. Thread-safe.

#include <chrono>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "base/metrics.h"
#include "http/exchange.h"

namespace armarium::http {

class RouteMetrics {
 public:
  // `route` is a route's name, empty for none.
  void record(base::Metrics& metrics, const std::string& route, int status, const Delivery& delivery,
              std::chrono::steady_clock::duration duration);

 private:
  struct Handles {
    base::Counter requests;
    base::Counter bytes;
    base::Histogram duration;
  };
  using Key = std::pair<int, std::string>;

  const Handles& handles(base::Metrics& metrics, const std::string& route, int status);

  std::shared_mutex mutex_;
  std::map<Key, Handles> handles_;  // entries stay where they are
};

}  // namespace armarium::http
