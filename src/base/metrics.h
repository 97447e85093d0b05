#pragma once
// Counters, gauges and histograms with labels, shown as Prometheus text. Handles are cheap to copy and stay valid as long as the registry; asking twice for one name and the same labels gives the
// same. A name keeps the kind and help that it got first. Thread-safe. Labels must come from a small set (a route's name, never a path).

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace armarium::base {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  void add(double amount = 1) const;

 private:
  friend class Metrics;
  void* counter_ = nullptr;
};

class Gauge {
 public:
  void set(double value) const;
  void add(double amount) const;

 private:
  friend class Metrics;
  void* gauge_ = nullptr;
};

class Histogram {
 public:
  void observe(double value) const;
  // Many at once: how many fell into each bucket (and behind the last), and the sum of them.
  void observe_many(const std::vector<double>& by_bucket, double sum) const;

 private:
  friend class Metrics;
  void* histogram_ = nullptr;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  // `buckets`: upper bounds, ascending.
  Histogram histogram(const std::string& name, const std::string& help, const Labels& labels,
                      const std::vector<double>& buckets);
  // Called before each exposition, for gauges that are read rather than kept. It must not ask for the text.
  void on_collect(std::function<void()> refresh);
  // Text exposition format 0.0.4, to be sent as kMetricsType.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";
// Seconds, from a cached tile to a large picture.
const std::vector<double>& duration_buckets();

}  // namespace armarium::base
